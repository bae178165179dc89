import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fxInstrument } from '#domain/instrument.ts';
import { budgetRamp } from '#modules/budget-ramp/budget-ramp.ts';
import { freshness } from '#modules/freshness/freshness.ts';
import { createDeskFixture, fixtureAt } from '../../tests/support/desk-fixture.ts';
import { deskStatus } from './status.ts';

const frame = { market: 'synthetic', isDemonstration: true, speed: 300 };
const euro = fxInstrument('EUR_USD').id;

test('figures are in whole account units, prices as decimals and shares as fractions', () => {
  const desk = createDeskFixture([budgetRamp, freshness]);
  desk.minute({ EUR_USD: 110_000, USD_JPY: 150_000 });
  const positions = [{ instrument: euro, signedQuantity: 100_000, cost: 100_000 * 109_900 }];
  desk.send({
    type: 'venue.reconciled',
    at: desk.at,
    balance: 100_000_000_000,
    positions,
    openOrderIds: [],
    differences: [],
  });
  const status = deskStatus(desk.engine, frame);
  // Bid 1.10000, mid 1.10005: 100 000 euros at one to fifty are 2 200.10 dollars of margin, and 100 dollars up.
  assert.equal(status.account.marginUsed, 2200.1);
  assert.equal(status.account.unrealizedPnl, 100);
  assert.equal(status.account.equity, 100_100);
  assert.equal(status.account.dayPnl, 100);
  assert.equal(status.account.marginUtilization, 2200.1 / 100_100);
  assert.equal(status.at, fixtureAt + 30_000);
  assert.equal(status.isMarketOpen, true);
  assert.equal(status.isDemonstration, true);
});

test('the budget and the cap of one position are those of the module that caps positions', () => {
  const desk = createDeskFixture([budgetRamp]);
  assert.deepEqual(deskStatus(desk.engine, frame).budget, { budget: 30_000, perPositionCap: 3_000 });
  const wide = createDeskFixture([budgetRamp], { policies: { 'budget-ramp': { perPositionBase: 'margin', topK: 2 } } });
  assert.deepEqual(deskStatus(wide.engine, frame).budget, { budget: 30_000, perPositionCap: 10_000 });
  assert.equal(deskStatus(createDeskFixture([]).engine, frame).budget, null);
});

test('a module is shown with its slot, its mode and its calls', () => {
  const desk = createDeskFixture([freshness], { modes: { freshness: 'SHADOW' } });
  desk.minute({ EUR_USD: 110_000, USD_JPY: 150_000 });
  const [shown] = deskStatus(desk.engine, frame).modules;
  assert.deepEqual(shown, {
    name: 'freshness',
    displayName: 'Freshness gate',
    slot: 'gate',
    mode: 'SHADOW',
    calls: 1,
    changed: 0,
    refused: 0,
    failed: 0,
  });
});

test('the kill switch, alerts and the hash of decisions are shown as they stand', () => {
  const desk = createDeskFixture([]);
  desk.send({ type: 'kill.engaged', at: desk.at, actor: 'operator', reason: 'lunch' });
  desk.send({ type: 'alert.raised', at: desk.at, name: 'few-eligible', reason: '2 of 8' });
  const status = deskStatus(desk.engine, frame);
  assert.deepEqual(status.kill, { isEngaged: true, actor: 'operator', reason: 'lunch', at: desk.at });
  assert.deepEqual(status.alerts, [{ name: 'few-eligible', raisedAt: desk.at, reason: '2 of 8' }]);
  assert.match(status.decisionsHash, /^[0-9a-f]{64}$/);
});

test('a live desk says where it trades, whether it is armed, and what of the venue cannot be trusted', () => {
  const { engine, send, at } = createDeskFixture([]);
  assert.equal(deskStatus(engine, frame).venue, null);
  const opened = { venue: 'OANDA', account: 'main', environment: 'practice' } as const;
  send({ type: 'venue.opened', at, ...opened, hasNativeBrackets: true });
  send({ type: 'venue.impaired', at, part: 'prices', instrument: euro, reason: 'silent' });
  send({ type: 'desk.armed', at, actor: 'ann', reason: 'trial' });
  const impairments = [{ part: 'prices', instrument: euro, reason: 'silent', at }];
  assert.deepEqual(deskStatus(engine, frame).venue, { ...opened, isArmed: true, impairments, unresolved: 0 });
});
