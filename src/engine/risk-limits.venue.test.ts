import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fxInstrument } from '#domain/instrument.ts';
import type { Target } from '#domain/pipeline.ts';
import { euro, hold, requestOf, targetOf, yen } from '../../tests/support/desk-events.ts';
import { createDeskFixture, type DeskFixture } from '../../tests/support/desk-fixture.ts';
import { type OpenedOptions, openedDesk } from '../../tests/support/opened-desk.ts';
import { slotModule } from '../../tests/support/slot-module.ts';
import { contextFor } from './engine.ts';
import { approveTargets } from './risk-limits.ts';

const any = slotModule('signal', 'any', (value) => value);

function desk(options: OpenedOptions = {}): DeskFixture {
  const opened = openedDesk([any], options);
  opened.minute();
  return opened.fixture;
}

/** Each target as what became of it: its approved quantity, or code and reason of its denial. */
function verdicts({ engine }: DeskFixture, ...targets: readonly Target[]): (number | string)[] {
  const context = contextFor(engine, 'any');
  const { approved, denied } = approveTargets(engine.state, targets, context.limits, context.desk);
  return [
    ...approved.map(({ signedQuantity }) => signedQuantity),
    ...denied.map(({ code, reason }) => `${code}: ${reason}`),
  ];
}

function impair(fixture: DeskFixture, part: string, instrument: string | null): void {
  fixture.send({ type: 'venue.impaired', at: fixture.at, part, instrument, reason: 'silent' });
}

test('a desk at a real venue that nobody has armed opens nothing', () => {
  const fixture = desk({ isArmed: false });
  assert.deepEqual(verdicts(fixture, targetOf(euro, 1)), ['DISARMED: nobody has armed the desk']);
  fixture.send({ type: 'desk.armed', at: fixture.at, actor: 'operator', reason: '' });
  assert.deepEqual(verdicts(fixture, targetOf(euro, 1)), [1]);
  fixture.send({ type: 'desk.disarmed', at: fixture.at, actor: 'operator', reason: '' });
  assert.deepEqual(verdicts(fixture, targetOf(euro, 1)), ['DISARMED: nobody has armed the desk']);
});

test('to arm is not to release the switch', () => {
  const fixture = desk({ releasesKill: false });
  assert.match(String(verdicts(fixture, targetOf(euro, 1))[0]), /^KILL_SWITCH: /);
});

test('an impairment of one instrument holds that one, an impairment of all holds all', () => {
  const fixture = desk();
  impair(fixture, 'depth', euro);
  const reason = "VENUE_IMPAIRED: 'depth' is impaired: silent";
  assert.deepEqual(verdicts(fixture, targetOf(euro, 1), targetOf(yen, 1)), [1, reason]);
  impair(fixture, 'orders', null);
  assert.deepEqual(verdicts(fixture, targetOf(yen, 1)), ["VENUE_IMPAIRED: 'orders' is impaired: silent"]);
  fixture.send({ type: 'venue.restored', at: fixture.at, part: 'orders', instrument: null });
  assert.deepEqual(verdicts(fixture, targetOf(euro, 1), targetOf(yen, 1)), [1, reason]);
  fixture.send({ type: 'venue.restored', at: fixture.at, part: 'depth', instrument: euro });
  assert.deepEqual(verdicts(fixture, targetOf(euro, 1)), [1]);
});

test('an instrument that the venue does not trade is not opened', () => {
  const fixture = desk();
  const change = (isTrading: boolean) =>
    fixture.send({
      type: 'instrument.changed',
      at: fixture.at,
      instrument: fxInstrument('EUR_USD'),
      isTrading,
      reason: 'status',
    });
  change(false);
  assert.deepEqual(verdicts(fixture, targetOf(euro, 1), targetOf(yen, 1)), [
    1,
    `MARKET_HALTED: the venue does not trade '${euro}' at present`,
  ]);
  change(true);
  assert.deepEqual(verdicts(fixture, targetOf(euro, 1)), [1]);
});

test('reductions pass disarmed, impaired and halted', () => {
  const fixture = desk();
  hold(fixture, { [euro]: 1_000, [yen]: -500 });
  fixture.send({ type: 'kill.engaged', at: fixture.at, actor: 'operator', reason: 'news' });
  fixture.send({ type: 'desk.disarmed', at: fixture.at, actor: 'operator', reason: 'news' });
  impair(fixture, 'orders', null);
  impair(fixture, 'depth', euro);
  for (const symbol of ['EUR_USD', 'USD_JPY'])
    fixture.send({
      type: 'instrument.changed',
      at: fixture.at,
      instrument: fxInstrument(symbol),
      isTrading: false,
      reason: 'status',
    });
  assert.deepEqual(verdicts(fixture, targetOf(euro, 400), targetOf(yen, 0)), [400, 0]);
  assert.deepEqual(verdicts(fixture, targetOf(euro, -400)), [0]);
});

test('an entry nobody knows of counts in full until the venue has been asked', () => {
  const fixture = desk({ policies: { limits: { maximumLeverage: 1 } } });
  const order = requestOf({ quantity: 60_000 });
  fixture.send({ type: 'order.submitted', at: fixture.at, order });
  fixture.send({ type: 'order.unresolved', at: fixture.at, clientOrderId: 'o1', reason: 'no answer' });
  // 60 000 euros may be there already: 66 003 of 100 000 dollars.
  assert.deepEqual(verdicts(fixture, targetOf(yen, 40_000)), ['MAX_LEVERAGE: leverage would be 1.06']);
  fixture.send({
    type: 'order.rejected',
    at: fixture.at,
    clientOrderId: 'o1',
    code: 'NOT_FOUND',
    reason: 'asked five times',
  });
  assert.deepEqual(verdicts(fixture, targetOf(yen, 40_000)), [40_000]);
});

test('leverage is counted at the mark', () => {
  const fixture = desk({ policies: { limits: { maximumLeverage: 1 } } });
  assert.deepEqual(verdicts(fixture, targetOf(euro, 90_000)), [90_000]);
  fixture.send({
    type: 'mark.updated',
    at: fixture.at,
    instrument: euro,
    markPrice: 121_000,
    indexPrice: null,
    fundingRate: 0,
    nextFundingAt: fixture.at,
  });
  assert.deepEqual(verdicts(fixture, targetOf(euro, 90_000)), ['MAX_LEVERAGE: leverage would be 1.09']);
});

test('a desk in a simulated run needs no arming', () => {
  const fixture = createDeskFixture([any]);
  fixture.minute({ EUR_USD: 110_000, USD_JPY: 150_000 });
  assert.equal(fixture.engine.state.isArmed, false);
  assert.deepEqual(verdicts(fixture, targetOf(euro, 2)), [2]);
});
