import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Event } from '#domain/events.ts';
import { ToldMoney, toldMoneyMax } from './told-money.ts';

const financing = (amount: number, balance: number) =>
  ({ type: 'financing.charged', at: 1, instrument: 'A', amount, days: 1, balance }) as const satisfies Event;

test('a movement that leads to the same balance by the same amount is the same', () => {
  const money = new ToldMoney();
  money.note(financing(-5, 95));
  assert.equal(money.isTold(financing(-5, 95)), true);
  assert.equal(money.isTold(financing(-5, 90)), false);
  assert.equal(money.isTold({ ...financing(-5, 95), instrument: 'B' }), false);
  assert.equal(money.isTold({ type: 'balance.changed', amount: -5, balance: 95, reason: 'FEE' }), false);
  money.note({ type: 'balance.changed', at: 1, amount: -5, balance: 95, reason: 'FEE' });
  assert.equal(money.isTold({ type: 'balance.changed', amount: -5, balance: 95, reason: 'FEE' }), true);
});

test('the oldest are forgotten first, and the rest comes back from a snapshot', () => {
  const money = new ToldMoney();
  for (let balance = 0; balance <= toldMoneyMax; balance += 1) money.note(financing(1, balance));
  assert.equal(money.keys.length, toldMoneyMax);
  const again = new ToldMoney(money.keys);
  assert.deepEqual([again.isTold(financing(1, 0)), again.isTold(financing(1, 1))], [false, true]);
});

test('nothing else is money', () => {
  const money = new ToldMoney();
  money.note({ type: 'time.ticked', at: 1 });
  assert.deepEqual(money.keys, []);
  assert.equal(money.isTold({ type: 'time.ticked' }), false);
});
