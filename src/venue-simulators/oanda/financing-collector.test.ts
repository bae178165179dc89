import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { EventByType } from '#domain/events.ts';
import { HandClock } from '../../../tests/support/hand-clock.ts';
import { FinancingCollector } from './financing-collector.ts';

function charge(at: number, amount: number): EventByType['financing.charged'] {
  return { type: 'financing.charged', at, instrument: 'EURUSD.OANDA', amount, days: 1, balance: 0 };
}

test('charges of one instant are written as one, those of nothing not at all', async () => {
  const clock = new HandClock(0);
  const written: number[][] = [];
  const collector = new FinancingCollector({
    time: clock,
    write: (charges) => written.push(charges.map(({ amount }) => amount)),
  });
  for (const each of [charge(1, -2), charge(1, 0), charge(1, -3), charge(2, -4)]) collector.add(each);
  assert.deepEqual(written, [[-2, -3]]);
  await clock.pass(0);
  assert.deepEqual(written, [[-2, -3], [-4]]);
  collector.add(charge(3, -5));
  collector.flush();
  collector.flush();
  assert.deepEqual(written.at(-1), [-5]);
  collector.add(charge(4, -6));
  collector.close();
  await clock.pass(10);
  assert.equal(written.length, 3);
});
