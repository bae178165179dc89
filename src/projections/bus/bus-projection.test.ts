import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { payloadProblem } from '#domain/bus/bus-catalogue.ts';
import { parseEnvelope } from '#domain/bus/envelope.ts';
import { parentSpanIdOf, spanIdOf, traceIdOf } from '#domain/trace.ts';
import { busEnvelopes, foldEvents, payloadsOf, restartedFold, startBusFold } from '../../../tests/support/bus-fold.ts';
import { createDeskFixture } from '../../../tests/support/desk-fixture.ts';
import { livelyRun } from '../../../tests/support/lively-events.ts';
import { busProjection } from './bus-projection.ts';

const { events, engine } = livelyRun();
const whole = startBusFold();
const envelopes = foldEvents(whole, events);

test('the desk whose journal is folded below trades', () => {
  assert.ok(events.some(({ type }) => type === 'roundTrip.closed'));
});

test('every envelope passes as one, and every payload keeps to the schema of its type', () => {
  for (const envelope of envelopes) {
    assert.deepEqual(parseEnvelope(JSON.parse(JSON.stringify(envelope))), { envelope });
    assert.equal(payloadProblem(envelope), undefined);
  }
});

test('no two envelopes have one id', () => {
  assert.equal(new Set(envelopes.map(({ id }) => id)).size, envelopes.length);
});

test('a fold that is cut anywhere and goes on from JSON makes the same envelopes', () => {
  const tradesAt = events.findIndex(({ type }) => type === 'order.submitted');
  for (const [from, until] of [
    [0, 300],
    [tradesAt - 100, tradesAt + 400],
  ] as const) {
    const before = startBusFold();
    foldEvents(before, events.slice(0, from));
    const part = events.slice(from, until);
    const uncut = foldEvents(restartedFold(before), part);
    fc.assert(
      fc.property(fc.array(fc.nat(part.length), { minLength: 1, maxLength: 4 }), (cuts) => {
        let fold = restartedFold(before);
        let done = 0;
        for (const cut of [...cuts.sort((one, other) => one - other), part.length]) {
          foldEvents(fold, part.slice(done, cut));
          fold = restartedFold(fold);
          done = cut;
        }
        assert.deepEqual(fold.envelopes.slice(before.envelopes.length), uncut);
      }),
      { numRuns: 20 },
    );
  }
});

test('open trades are the positions of the engine', () => {
  const held = Object.values(engine.state.positions).filter(({ signedQuantity }) => signedQuantity !== 0);
  assert.deepEqual(
    Object.values(whole.state.trades).map(({ position }) => position),
    held,
  );
});

test('a closed trade has the figures of its round trip', () => {
  const roundTrips = events.filter((event) => event.type === 'roundTrip.closed');
  const closed = payloadsOf(envelopes, 'trade.closed');
  const price = (trip: (typeof roundTrips)[number], ticks: number): number =>
    ticks / (trip.instrument === 'EURUSD.OANDA' ? 100_000 : 1_000);
  assert.deepEqual(
    closed.map((trade) => [
      trade['qty'],
      trade['entry_price'],
      trade['exit_price'],
      trade['pnl'],
      trade['fees'],
      trade['funding'],
      trade['duration_s'],
      trade['side'],
      trade['exit_reason'],
    ]),
    roundTrips.map((trip) => [
      trip.quantity,
      price(trip, trip.entryPrice),
      price(trip, trip.exitPrice),
      trip.realizedPnl / 1e6,
      trip.fees / 1e6,
      trip.financing / 1e6,
      (trip.at - trip.openedAt) / 1000,
      trip.direction.toUpperCase(),
      trip.reason,
    ]),
  );
  const opened = payloadsOf(envelopes, 'trade.opened').map((trade) => trade['trade_id']);
  assert.deepEqual(new Set(closed.map((trade) => trade['trade_id'])).size, closed.length);
  assert.ok(closed.every((trade) => opened.includes(trade['trade_id'])));
});

test('what the fold carries stays small', () => {
  const { length } = JSON.stringify(whole.state);
  assert.ok(length < 40_000, `expected fewer than 40000 characters, found ${length}`);
});

test('every event of the house goes out once under its own name, but for the clock', () => {
  const outward = events.filter(({ type }) => type !== 'time.ticked');
  assert.deepEqual(
    envelopes.filter(({ payload }) => 'type' in payload).map(({ payload }) => payload),
    outward,
  );
});

test('market data before the desk is warm is history, everything else is told', () => {
  const fixture = createDeskFixture([], { isWarm: false });
  fixture.tick();
  fixture.minute({ EUR_USD: 110_000 });
  fixture.send({ type: 'quote.updated', at: fixture.at, instrument: 'EURUSD.OANDA', bidPrice: 1, askPrice: 2 });
  fixture.send({ type: 'warmup.completed', at: fixture.at, bars: 1 });
  fixture.minute({ EUR_USD: 110_010 });
  const told = busEnvelopes([...fixture.setUpEvents, ...fixture.events]);
  assert.deepEqual(payloadsOf(told, 'quote.updated'), []);
  assert.deepEqual(
    payloadsOf(told, 'market.tick').map(({ price }) => price),
    [1.1001],
  );
  assert.equal(payloadsOf(told, 'bar.closed').length, 1);
  assert.equal(payloadsOf(told, 'instrument.listed').length, 2);
  assert.ok(payloadsOf(told, 'policy.updated').length > 2);
});

test('an envelope carries the time, the trace, the desk and the key of what it tells', () => {
  const [place, submitted] = [...events.entries()].find(([, { type }]) => type === 'order.submitted') ?? [];
  assert.ok(place !== undefined && submitted?.type === 'order.submitted');
  const sequence = place + 1;
  const spanId = spanIdOf('run-1', sequence);
  const told = envelopes.filter(({ span_id }) => span_id === spanId);
  assert.deepEqual(
    told.map(({ type }) => type),
    ['order.submitted', 'trade.execution_requested', 'execution.request', 'trade.intent'],
  );
  const rootAt = events.slice(0, place).findLastIndex(({ type }) => type === 'time.ticked') + 1;
  const root = { runId: 'run-1', sequence: rootAt, traceparent: null };
  for (const envelope of told) {
    assert.equal(envelope.ts, submitted.at);
    assert.equal(envelope.source, 'tradewind/fx');
    assert.equal(envelope.trace_id, traceIdOf(root));
    assert.equal(envelope.parent_span_id, parentSpanIdOf(root, sequence));
    assert.ok(envelope.key === 'EUR_USD' || envelope.key === 'USD_JPY');
  }
});

test('everything that concerns an instrument has its symbol as key, a policy its own, the rest the desk', () => {
  const keys = new Map<string, Set<string | undefined>>();
  for (const { type, key } of envelopes) keys.set(type, (keys.get(type) ?? new Set()).add(key));
  for (const type of ['bar.closed', 'order.filled', 'order.accepted', 'roundTrip.closed', 'trade.closed']) {
    const found = [...(keys.get(type) ?? [])];
    assert.ok(found.length > 0 && found.every((key) => key === 'EUR_USD' || key === 'USD_JPY'), `${type}: ${found}`);
  }
  assert.ok(keys.get('policy.changed')?.has('strategy/fx') && keys.get('policy.updated')?.has('strategy/fx'));
  assert.deepEqual([...(keys.get('warmup.completed') ?? [])], ['fx']);
});

test('the projection is the first version of the bus', () => {
  assert.deepEqual([busProjection.name, busProjection.version], ['bus', 1]);
});
