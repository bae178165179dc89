import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Event, EventByType } from '#domain/events.ts';
import { fxInstrument } from '#domain/instrument.ts';
import {
  acceptanceOf,
  euro,
  fillOf,
  hold,
  ofType,
  requestOf,
  unitMoney,
  yen,
} from '../../tests/support/desk-events.ts';
import { createDeskFixture, type DeskFixture, fixtureAt } from '../../tests/support/desk-fixture.ts';
import { slotModule } from '../../tests/support/slot-module.ts';
import { contextFor } from './engine.ts';

const minuteMs = 60_000;
const keep = slotModule('gate', 'keep', (value) => value);

/** Writes a policy document; returns the refusal, if any. */
function write(
  fixture: DeskFixture,
  key: string,
  changes: Partial<EventByType['policy.changed']> = {},
): string | undefined {
  const produced = fixture.send({
    type: 'policy.changed',
    at: fixture.at,
    key,
    version: 1,
    schemaVersion: 1,
    document: {},
    actor: 'tester',
    reason: '',
    ...changes,
  });
  return ofType(produced, 'policy.refused')[0]?.reason;
}

test('a run begins with its name, its balance and what it keeps', () => {
  const { state } = createDeskFixture([], { balance: 5 * unitMoney, recordsFacts: false }).engine;
  assert.deepEqual(
    [state.runId, state.kind, state.desk, state.recordsFacts, state.account.balance, state.account.dayStartEquity],
    ['fixture', 'backtest', 'fx', false, 5 * unitMoney, 5 * unitMoney],
  );
});

test('time never runs backwards', () => {
  const fixture = createDeskFixture([]);
  fixture.tick();
  assert.throws(() => fixture.send({ type: 'time.ticked', at: fixture.at - 1 }), /'time.ticked' is of .* before/);
  fixture.send({ type: 'time.ticked', at: fixture.at });
});

test('instruments are listed once and stand in ascending order', () => {
  const fixture = createDeskFixture([], { symbols: ['USD_JPY', 'EUR_USD'] });
  const { state } = fixture.engine;
  assert.deepEqual(state.instrumentIds, [euro, yen]);
  const market = state.markets[euro];
  fixture.send({
    type: 'instrument.listed',
    at: fixture.at,
    instrument: fxInstrument('EUR_USD'),
    hasVolume: false,
    priceBasis: 'mid',
  });
  assert.equal(state.markets[euro], market);
});

test('a policy is written over the version before it and no other', () => {
  const fixture = createDeskFixture([keep]);
  const document = fixture.engine.state.policies['limits/fx']?.document ?? {};
  assert.equal(
    write(fixture, 'limits/fx', { version: 1, document }),
    'version 1 was written over version 1, expected 2',
  );
  assert.equal(
    write(fixture, 'limits/fx', { version: 3, document }),
    'version 3 was written over version 1, expected 2',
  );
  assert.equal(write(fixture, 'limits/fx', { version: 2, document: { ...document, maximumPositions: 3 } }), undefined);
  assert.equal(fixture.engine.state.policies['limits/fx']?.version, 2);
  assert.equal(contextFor(fixture.engine, 'keep').limits.maximumPositions, 3);
});

test('a refused policy names its writer and changes nothing', () => {
  const fixture = createDeskFixture([]);
  const before = fixture.engine.state.policies['limits/fx'];
  const produced = fixture.send({
    type: 'policy.changed',
    at: fixture.at,
    key: 'limits/fx',
    version: 2,
    schemaVersion: 1,
    document: { ...before?.document, maximumLeverage: -1 },
    actor: 'tester',
    reason: '',
  });
  const [, refused] = produced;
  assert.ok(refused?.type === 'policy.refused');
  assert.deepEqual([refused.key, refused.actor], ['limits/fx', 'tester']);
  assert.match(refused.reason, /maximumLeverage/);
  assert.equal(fixture.engine.state.policies['limits/fx'], before);
});

test('unknown keys are refused, also those that every object inherits', () => {
  const fixture = createDeskFixture([keep]);
  for (const key of ['nobody/fx', 'limits', 'Limits/fx', 'limits/fx/eur', '', 'constructor/fx', 'limits/fx/A/B'])
    assert.equal(write(fixture, key), `'${key}' is no policy key`);
  assert.equal(write(fixture, 'keep/fx', { version: 2 }), undefined);
});

test('a field that the schema does not know, and a schema of the future, are refused', () => {
  const fixture = createDeskFixture([keep]);
  assert.match(write(fixture, 'keep/fx', { version: 2, document: { speed: 1 } }) ?? '', /speed/);
  assert.match(write(fixture, 'keep/fx', { version: 2, schemaVersion: 2 }) ?? '', /schema version 2 is not 1 to 1/);
});

test('a document for one instrument holds what differs there', () => {
  const fixture = createDeskFixture([keep]);
  assert.equal(write(fixture, 'strategy/fx/USD_JPY', { document: { directionLookback: 7 } }), undefined);
  const { strategy } = contextFor(fixture.engine, 'keep');
  assert.deepEqual(
    [strategy().directionLookback, strategy(euro).directionLookback, strategy(yen).directionLookback],
    [12, 12, 7],
  );
  assert.equal(strategy(yen).stopLossPips, 15);
  assert.match(
    write(fixture, 'strategy/fx/EUR_USD', { document: { directionLookback: 0 } }) ?? '',
    /directionLookback/,
  );
});

test('a desk that puts a module where it has nothing to say is refused', () => {
  const fixture = createDeskFixture([keep]);
  const document = fixture.engine.state.policies['desk/fx']?.document ?? {};
  const misplaced = { ...document, slots: { risk: ['keep'] } };
  const reason = write(fixture, 'desk/fx', { version: 2, document: misplaced });
  assert.equal(reason, "module 'keep' has no proposal for slot 'risk'");
  assert.deepEqual(
    fixture.engine.slots.gate.map(({ module }) => module.name),
    ['keep'],
  );
});

test('a new desk policy takes effect at once', () => {
  const fixture = createDeskFixture([keep]);
  const document = fixture.engine.state.policies['desk/fx']?.document ?? {};
  write(fixture, 'desk/fx', { version: 2, document: { ...document, modeCap: 'OBSERVATION' } });
  assert.deepEqual(
    fixture.engine.slots.gate.map(({ mode }) => mode),
    ['OBSERVATION'],
  );
  write(fixture, 'desk/fx', { version: 3, document: { ...document, modes: { keep: 'DISABLED' } } });
  assert.deepEqual(
    fixture.engine.slots.gate.map(({ mode }) => mode),
    ['DISABLED'],
  );
});

test('a bar moves its market and the count, a repeated or older one does not', () => {
  const fixture = createDeskFixture([]);
  fixture.tick();
  fixture.bar('EUR_USD', 110_000);
  fixture.bar('EUR_USD', 120_000);
  fixture.bar('EUR_USD', 120_000, { openAt: fixtureAt - 10 * minuteMs });
  fixture.bar('GBP_USD', 130_000);
  const { state } = fixture.engine;
  assert.deepEqual([state.counts.bars, state.markets[euro]?.bidPrice], [1, 110_000]);
});

test("a bar without a spread is quoted with the cost table's for the hour in which it opened", () => {
  const spreadPips = Array.from({ length: 168 }, (_, hour) => hour / 10);
  const costs = { otherwise: { spreadPips, slippagePips: 0, commissionPerMillion: 0 } };
  const fixture = createDeskFixture([], { policies: { costs } });
  // The bar that closes on Wednesday at 12:00 opened in hour 59 of the week.
  fixture.tick();
  fixture.bar('EUR_USD', 110_000, { spread: 0 });
  const market = fixture.engine.state.markets[euro];
  assert.deepEqual([market?.bidPrice, market?.askPrice], [110_000, 110_059]);
});

test('a quote moves its market and nothing of one that is not listed', () => {
  const fixture = createDeskFixture([]);
  const quote = { type: 'quote.updated', at: fixture.at, instrument: euro, bidPrice: 5, askPrice: 7 } as const;
  fixture.send(quote);
  fixture.send({ ...quote, instrument: 'GBPUSD.OANDA' });
  assert.equal(fixture.engine.state.markets[euro]?.askPrice, 7);
  assert.equal(fixture.engine.state.markets['GBPUSD.OANDA'], undefined);
});

test('a trading day begins with the equity at its first tick', () => {
  const fixture = createDeskFixture([]);
  fixture.minute({ EUR_USD: 110_000, USD_JPY: 150_000 });
  const { state } = fixture.engine;
  assert.deepEqual(
    [state.account.dayStartAt, state.account.dayStartEquity],
    [Date.UTC(2026, 0, 14), 100_000 * unitMoney],
  );
  hold(fixture, { [euro]: 1_000 }, 109_900);
  fixture.tick(12 * 60 * minuteMs - 60_000);
  assert.equal(state.account.dayStartEquity, 100_000 * unitMoney);
  fixture.tick(30_000);
  assert.deepEqual(
    [state.account.dayStartAt, state.account.dayStartEquity],
    [Date.UTC(2026, 0, 15), 100_001 * unitMoney],
  );
});

test('orders of more than a minute ago are forgotten at the tick', () => {
  const fixture = createDeskFixture([]);
  fixture.send({ type: 'order.submitted', at: fixture.at, order: requestOf() });
  fixture.tick(59_999);
  assert.equal(fixture.engine.state.submittedAt.length, 1);
  fixture.tick(1);
  assert.deepEqual(fixture.engine.state.submittedAt, []);
});

test('rejected, canceled and expired orders have ended; events of unknown ones change nothing', () => {
  const fixture = createDeskFixture([]);
  const ends: readonly [string, (id: string) => Event][] = [
    ['rejected', (clientOrderId) => ({ type: 'order.rejected', at: fixture.at, clientOrderId, code: 'X', reason: '' })],
    ['canceled', (clientOrderId) => ({ type: 'order.canceled', at: fixture.at, clientOrderId, reason: '' })],
    ['expired', (clientOrderId) => ({ type: 'order.expired', at: fixture.at, clientOrderId, reason: '' })],
  ];
  for (const [state, end] of ends) {
    fixture.send({ type: 'order.submitted', at: fixture.at, order: requestOf({ clientOrderId: state }) });
    fixture.send(acceptanceOf(state, fixture.at));
    fixture.send(end(state));
    fixture.send(end('stranger'));
    assert.equal(fixture.engine.state.orders.get(state)?.state, state);
  }
  assert.equal(fixture.engine.state.orders.size, 3);
});

test('the kill switch is engaged from the start and keeps its first reason', () => {
  const fixture = createDeskFixture([], { releasesKill: false });
  const { state } = fixture.engine;
  assert.deepEqual([state.kill.isEngaged, state.kill.actor], [true, 'house']);
  fixture.send({ type: 'kill.released', at: fixture.at, actor: 'operator', reason: 'checked' });
  assert.deepEqual(state.kill, { isEngaged: false, actor: 'operator', reason: 'checked', at: fixture.at });
  fixture.send({ type: 'kill.engaged', at: fixture.at, actor: 'operator', reason: 'storm' });
  fixture.send({ type: 'account.closedOut', at: fixture.at, reason: 'margin' });
  assert.deepEqual([state.kill.actor, state.kill.reason], ['operator', 'storm']);
});

test('a close-out by the venue engages the kill switch', () => {
  const fixture = createDeskFixture([]);
  fixture.send({ type: 'account.closedOut', at: fixture.at, reason: 'equity below half the margin' });
  const { kill } = fixture.engine.state;
  assert.deepEqual(
    [kill.isEngaged, kill.actor, kill.reason],
    [true, 'venue', 'margin close-out: equity below half the margin'],
  );
});

test("the venue's books win: balance and positions are taken over, what it does not name is flat", () => {
  const fixture = createDeskFixture([]);
  fixture.minute({ EUR_USD: 110_000, USD_JPY: 150_000 });
  fixture.send(fillOf(fixture.at, { clientOrderId: 'x', quantity: 1_000 }));
  fixture.tick();
  const { state } = fixture.engine;
  const report = (positions: EventByType['venue.reconciled']['positions']): void =>
    void fixture.send({
      type: 'venue.reconciled',
      at: fixture.at,
      balance: 77,
      positions,
      openOrderIds: [],
      differences: ['position'],
    });
  report([{ instrument: yen, signedQuantity: -300, cost: 45_000_000 }]);
  assert.equal(state.account.balance, 77);
  assert.deepEqual([state.positions[euro]?.signedQuantity, state.positions[euro]?.cost], [0, 0]);
  assert.equal(state.trips[euro], undefined);
  assert.deepEqual([state.positions[yen]?.signedQuantity, state.positions[yen]?.openedAt], [-300, fixture.at]);
  const openedAt = fixture.at;
  fixture.tick();
  report([{ instrument: yen, signedQuantity: -200, cost: 30_000_000 }]);
  assert.deepEqual([state.positions[yen]?.signedQuantity, state.positions[yen]?.openedAt], [-200, openedAt]);
});

test('a trip goes on where the venue reports less of the same side and ends where it reports the other', () => {
  const fixture = createDeskFixture([]);
  fixture.send(fillOf(fixture.at, { clientOrderId: 'x', quantity: 1_000 }));
  hold(fixture, { [euro]: 600 });
  assert.equal(fixture.engine.state.trips[euro]?.direction, 'long');
  hold(fixture, { [euro]: -600 });
  assert.equal(fixture.engine.state.trips[euro], undefined);
});

test('published facts are at hand as they came', () => {
  const fixture = createDeskFixture([]);
  const { state } = fixture.engine;
  fixture.send({ type: 'alert.raised', at: fixture.at, name: 'few-pairs', reason: 'two of three' });
  assert.deepEqual(state.alerts, { 'few-pairs': { raisedAt: fixture.at, reason: 'two of three' } });
  fixture.send({ type: 'alert.cleared', at: fixture.at, name: 'few-pairs' });
  assert.deepEqual(state.alerts, {});
});

test('counts follow orders, denials and ticks', () => {
  const fixture = createDeskFixture([]);
  const before = { ...fixture.engine.state.counts };
  fixture.send({ type: 'order.submitted', at: fixture.at, order: requestOf() });
  fixture.send({
    type: 'order.denied',
    at: fixture.at,
    instrument: euro,
    code: 'KILL_SWITCH',
    reason: '',
    signedQuantity: 5,
  });
  fixture.tick();
  const { counts } = fixture.engine.state;
  assert.deepEqual(
    [counts.orders - before.orders, counts.denials - before.denials, counts.ticks - before.ticks],
    [1, 1, 1],
  );
});
