import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { Event } from '#domain/events.ts';
import type { TailEntry } from '#projections/tail-entry.ts';
import { acceptanceOf, childOf, euro, fillOf, requestOf, yen } from '../../../tests/support/desk-events.ts';
import { livelyRun } from '../../../tests/support/lively-events.ts';
import { entriesOf, foldOf, RecordFold, setUp } from '../../../tests/support/record-fold.ts';

/** The same fold, stopped after some of the entries and gone on with from what a sink keeps. */
function foldInPieces(entries: readonly TailEntry[], cuts: readonly number[]): RecordFold {
  const fold = new RecordFold();
  let from = 0;
  for (const cut of [...cuts, entries.length].sort((a, b) => a - b)) {
    fold.fold(entries.slice(from, cut));
    fold.restart();
    from = cut;
  }
  return fold;
}

const lively = livelyRun();
const livelyEntries = entriesOf(lively.events);
const livelyWhole = foldOf(lively.events);

test('the records of a lively day agree with the engine', () => {
  const { state } = lively.engine;
  assert.equal(livelyWhole.rows('fills').length, state.counts.fills);
  assert.equal(livelyWhole.rows('round_trips').length, state.counts.roundTrips);
  assert.ok(state.counts.roundTrips > 5, `${state.counts.roundTrips} round trips`);
  assert.equal(livelyWhole.rows('orders').filter((row) => row['parent_order_id'] === null).length, state.counts.orders);
  const positions = livelyWhole
    .rows('positions')
    .map((row) => [row['instrument'], row['signed_quantity'], row['strategy']]);
  for (const [instrument, quantity, strategy] of positions) {
    const held = state.positions[String(instrument)];
    assert.deepEqual([quantity, strategy], [held?.signedQuantity, held?.strategy]);
  }
  for (const [id, { state: orderState, filledQuantity }] of state.orders) {
    const row = livelyWhole.rows('orders').find((candidate) => candidate['client_order_id'] === id);
    assert.deepEqual([row?.['state'], row?.['filled_quantity']], [orderState, filledQuantity], id);
  }
  const balance = livelyWhole.rows('fills').at(-1)?.['balance'];
  assert.equal(typeof balance, 'number');
});

test('every row of a lively day carries a trace, and an order shares it with its fills', () => {
  for (const { row } of livelyWhole.content().values()) assert.match(String(row['trace_id']), /^[0-9a-f]{32}$/);
  const traces = new Map(livelyWhole.rows('orders').map((row) => [row['client_order_id'], row['trace_id']]));
  for (const fill of livelyWhole.rows('fills')) {
    const trace = traces.get(fill['client_order_id'] ?? null);
    if (trace !== undefined) assert.equal(fill['trace_id'], trace);
  }
});

test('a lively day folded in pieces gives the same records', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(livelyEntries.length), { maxLength: 6 }), (cuts) => {
      const pieces = foldInPieces(livelyEntries, cuts);
      assert.deepEqual(pieces.content(), livelyWhole.content());
      assert.deepEqual(pieces.state, livelyWhole.state);
    }),
    { numRuns: 8 },
  );
});

const orderId = fc.constantFrom('o1', 'o2', '7');
const instrument = fc.constantFrom(euro, yen, 'AAABBB.OANDA');
const text = fc.string({ maxLength: 5 });
const anyEvent: fc.Arbitrary<Event> = fc.oneof(
  fc.constant<Event>({ type: 'time.ticked', at: 5_000 }),
  fc
    .record({ clientOrderId: orderId, instrument, reason: text })
    .map((order): Event => ({ type: 'order.submitted', at: 5_000, order: requestOf(order) })),
  orderId.map((id): Event => acceptanceOf(id, 5_000)),
  fc.tuple(orderId, instrument).map(([id, child]): Event => childOf(id, 5_000, { instrument: child })),
  fc
    .record({ clientOrderId: orderId, reason: text })
    .map((said): Event => ({ type: 'order.canceled', at: 5_000, ...said })),
  fc
    .record({ clientOrderId: orderId, reason: text, code: fc.constant('X') })
    .map((said): Event => ({ type: 'order.rejected', at: 5_000, ...said })),
  fc
    .record({
      clientOrderId: orderId,
      instrument,
      fillId: fc.nat(6).map(String),
      side: fc.constantFrom('buy' as const, 'sell' as const),
      quantity: fc.integer({ min: 1, max: 2_000 }),
    })
    .map((fill): Event => fillOf(5_000, fill)),
  fc.record({ instrument, signedQuantity: fc.integer({ min: -9, max: 9 }) }).map(
    ({ signedQuantity, ...said }): Event => ({
      type: 'venue.reconciled',
      at: 5_000,
      balance: 1,
      positions: [{ ...said, signedQuantity, cost: Math.abs(signedQuantity) * 110_000 }],
      openOrderIds: [],
      differences: [],
    }),
  ),
  fc.record({ name: orderId, reason: text }).map((said): Event => ({ type: 'alert.raised', at: 5_000, ...said })),
  fc.record({ name: orderId }).map((said): Event => ({ type: 'alert.cleared', at: 5_000, ...said })),
  fc.record({ version: fc.nat(5).map((version) => version + 1), moneyDecimals: fc.nat(8) }).map(
    ({ version, moneyDecimals }): Event => ({
      type: 'policy.changed',
      at: 5_000,
      key: 'desk/fx',
      version,
      schemaVersion: 1,
      document: { moneyDecimals },
      actor: 'ann',
      reason: '',
    }),
  ),
  fc.constant<Event>({ type: 'policy.refused', at: 5_000, key: 'desk/fx', actor: 'ann', reason: 'no' }),
);

test('any events folded in pieces, wherever they are cut, give the same records', () => {
  fc.assert(
    fc.property(fc.array(anyEvent, { maxLength: 40 }), fc.array(fc.nat(44), { maxLength: 8 }), (events, cuts) => {
      const entries = entriesOf([...setUp, ...events]);
      const whole = new RecordFold();
      whole.fold(entries);
      const pieces = foldInPieces(
        entries,
        cuts.map((cut) => Math.min(cut, entries.length)),
      );
      assert.deepEqual(pieces.content(), whole.content());
      assert.deepEqual(pieces.state, whole.state);
    }),
    { numRuns: 300 },
  );
});

test('the audit log stands in the records as well, in its order', () => {
  const denied: Event = {
    type: 'order.denied',
    at: 2_000,
    instrument: euro,
    code: 'leverage',
    reason: 'r',
    signedQuantity: 5,
  };
  const rows = foldOf([...setUp, denied])
    .rows('audit')
    .filter((row) => row['sequence'] === 5);
  assert.deepEqual(
    rows.map((row) => [row['ordinal'], row['kind'], row['target']]),
    [
      [0, 'trade.decision', euro],
      [1, 'risk.block', euro],
    ],
  );
});

test('an order with a bracket that is filled in parts and closed by its stop leaves these rows', () => {
  const order = requestOf({ bracket: { stopPrice: 109_900, targetPrice: 110_200 } });
  const fold = foldOf([
    ...setUp,
    { type: 'time.ticked', at: 2_000 },
    { type: 'order.submitted', at: 2_000, order },
    acceptanceOf('o1', 2_100),
    fillOf(2_200, { quantity: 400, fillId: 'a' }),
    fillOf(2_300, { quantity: 600, fillId: 'b' }),
    childOf('o1', 2_300),
    fillOf(3_000, { clientOrderId: 'o1-s', fillId: 'c', side: 'sell', price: 109_900, realizedPnl: -1_000_000 }),
  ]);
  assert.deepEqual(
    fold
      .rows('orders')
      .map((row) => [row['client_order_id'], row['state'], row['filled_quantity'], row['average_price']]),
    [
      ['o1', 'filled', 1_000, 1.1],
      ['o1-s', 'filled', 1_000, 1.099],
    ],
  );
  assert.deepEqual(
    fold.rows('fills').map((row) => [row['fill_id'], row['purpose'], row['strategy'], row['realized_pnl']]),
    [
      ['a', 'entry', 'test', 0],
      ['b', 'entry', 'test', 0],
      ['c', 'stopLoss', 'test', -1],
    ],
  );
  assert.deepEqual(
    fold.rows('positions').map((row) => row['signed_quantity']),
    [0],
  );
  assert.equal(fold.rows('fills')[1]?.['trace_id'], fold.rows('orders')[0]?.['trace_id']);
});
