import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { DeepReadonly } from '#base/deep-readonly.ts';
import type { Event } from '#domain/events.ts';
import { isTerminal, type OrderRequest } from '#domain/order.ts';
import { euro, requestOf, unitMoney, yen } from '../../tests/support/desk-events.ts';
import { type OpenedDesk, openedDesk } from '../../tests/support/opened-desk.ts';
import type { LiveReport, OpenOrder } from './live-port.ts';
import { isUnresolved } from './order-life.ts';
import { type Reconciliation, reconcileWith } from './reconcile.ts';
import type { OrderRecord } from './state.ts';

/** How far a cost may be from the venue's (reliability, I-04). */
const costTolerance = 1e-4;

const deeds = [
  'submit',
  'accept',
  'fillPart',
  'fillRest',
  'cancel',
  'reject',
  'unresolve',
  'askToCancel',
  'pass',
] as const;

/** What has happened at the desk before: orders of ours and of the desk itself, in whatever state. */
const pastArbitrary = fc.array(
  fc.record({
    deed: fc.constantFrom(...deeds),
    pick: fc.nat(50),
    quantity: fc.integer({ min: 1, max: 1_000 }),
    price: fc.integer({ min: 100_000, max: 120_000 }),
    isBuy: fc.boolean(),
    isYen: fc.boolean(),
  }),
  { maxLength: 25 },
);
type Past = (typeof pastArbitrary extends fc.Arbitrary<infer T> ? T : never)[number];

/** What the venue says of each order that the desk knows, in turn. */
const fateArbitrary = fc.record({
  fate: fc.constantFrom('shown', 'shownOtherwise', 'notShown'),
  quantity: fc.integer({ min: 1, max: 500 }),
  price: fc.integer({ min: 100_000, max: 120_000 }),
});

const strangerArbitrary = fc.record({
  quantity: fc.integer({ min: 2, max: 1_000 }),
  filled: fc.nat(1),
  isStop: fc.boolean(),
  isReduceOnly: fc.boolean(),
  isYen: fc.boolean(),
});

const holdingArbitrary = fc.record({
  signedQuantity: fc.integer({ min: -2_000, max: 2_000 }),
  // An average, as venues tell it: rarely a whole tick.
  averagePrice: fc.double({ min: 50, max: 200_000, noNaN: true }),
});

const sceneArbitrary = fc.record({
  past: pastArbitrary,
  fates: fc.array(fateArbitrary, { minLength: 1, maxLength: 12 }),
  strangers: fc.array(strangerArbitrary, { maxLength: 3 }),
  euros: holdingArbitrary,
  yens: holdingArbitrary,
  balance: fc.integer({ min: 0, max: 200_000 }),
  isPriced: fc.boolean(),
  asksForStops: fc.boolean(),
});
type Scene = typeof sceneArbitrary extends fc.Arbitrary<infer T> ? T : never;

/** A desk with its past, and what the venue's books say. */
function stage(scene: Scene): { readonly desk: OpenedDesk; readonly report: LiveReport } {
  const policies = { strategy: { bracketEnabled: scene.asksForStops } };
  const desk = openedDesk([], { policies });
  if (scene.isPriced) desk.minute();
  scene.past.forEach((past, index) => {
    act(desk, past, index);
  });
  const known = [...desk.view.orders.values()].flatMap((record, index) => {
    const fate = scene.fates[index % scene.fates.length];
    return fate === undefined ? [] : shownOrders(record, fate);
  });
  const strangers = scene.strangers.map((stranger, index) => strangerOrder(stranger, index));
  const positions = [
    { instrument: euro, ...scene.euros },
    { instrument: yen, ...scene.yens },
  ].flatMap(({ instrument, signedQuantity, averagePrice }) =>
    signedQuantity === 0
      ? []
      : [{ instrument, signedQuantity, cost: Math.round(Math.abs(signedQuantity) * averagePrice) }],
  );
  const balance = scene.balance * unitMoney;
  return { desk, report: { balance, positions, openOrders: [...known, ...strangers], cursor: '77' } };
}

function act(desk: OpenedDesk, { deed, pick, quantity, price, isBuy, isYen }: Past, index: number): void {
  if (deed === 'submit') {
    const instrument = isYen ? yen : euro;
    const side = isBuy ? 'buy' : 'sell';
    const changes: Partial<OrderRequest> = {
      quantity: quantity + 1,
      instrument,
      side,
      orderType: 'limit',
      limitPrice: price,
    };
    const order = requestOf({ clientOrderId: `o${index}`, ...changes });
    desk.tell({ type: 'order.submitted', at: desk.at(), order });
    return;
  }
  if (deed === 'pass') {
    desk.pass(quantity * 10);
    // The time of the books is that of their newest event.
    desk.fixture.tick(0);
    return;
  }
  const records = [...desk.view.orders.values()];
  const record = records[pick % Math.max(1, records.length)];
  if (record === undefined) return;
  const id = record.request.clientOrderId;
  const left = record.request.quantity - record.filledQuantity;
  const at = desk.at();
  if (deed === 'accept') desk.accept(id);
  else if (deed === 'fillPart' && left > 1) desk.fill(id, { quantity: Math.min(quantity, left - 1), price });
  else if (deed === 'fillRest' && left > 0) desk.fill(id, { price });
  else if (deed === 'cancel') desk.cancel(id);
  else if (deed === 'reject') desk.reject(id, 'MARGIN');
  else if (deed === 'unresolve') desk.tell({ type: 'order.unresolved', at, clientOrderId: id, reason: 'no answer' });
  else if (deed === 'askToCancel')
    desk.tell({ type: 'order.cancelRequested', at, clientOrderId: id, reason: 'a test' });
}

/** How a report shows an order of the desk. What it has filled is told by the account's history before, and so is the same. */
function shownOrders(
  record: DeepReadonly<OrderRecord>,
  { fate, quantity, price }: Scene['fates'][number],
): OpenOrder[] {
  const { request, filledQuantity, state } = record;
  if (fate === 'notShown' || state === 'filled') return [];
  const isAlike = fate === 'shown';
  return [
    {
      clientOrderId: request.clientOrderId,
      venueOrderId: `v-${request.clientOrderId}`,
      family: request.orderType === 'stop' ? 'conditional' : 'ordinary',
      instrument: request.instrument,
      side: request.side,
      quantity: isAlike ? request.quantity : filledQuantity + quantity,
      filledQuantity,
      orderType: request.orderType,
      limitPrice: isAlike || request.limitPrice === null ? request.limitPrice : price,
      stopPrice: isAlike || request.stopPrice === null ? request.stopPrice : price,
      isReduceOnly: request.isReduceOnly,
    },
  ];
}

function strangerOrder(
  { quantity, filled, isStop, isReduceOnly, isYen }: Scene['strangers'][number],
  index: number,
): OpenOrder {
  return {
    clientOrderId: `stranger-${index}`,
    venueOrderId: `v-stranger-${index}`,
    family: isStop ? 'conditional' : 'ordinary',
    instrument: isYen ? yen : euro,
    side: 'sell',
    quantity,
    filledQuantity: filled,
    orderType: isStop ? 'stop' : 'limit',
    limitPrice: isStop ? null : 111_000,
    stopPrice: isStop ? 109_000 : null,
    isReduceOnly,
  };
}

/** What a run does with a report. */
function takeOver(desk: OpenedDesk, report: LiveReport): Reconciliation {
  const found = reconcileWith(desk.view, report);
  tell(desk, found);
  desk.tell({
    type: 'venue.reconciled',
    at: desk.at(),
    balance: report.balance,
    positions: [...report.positions],
    openOrderIds: report.openOrders.map(({ clientOrderId }) => clientOrderId),
    differences: [...found.differences],
  });
  return found;
}

function tell(desk: OpenedDesk, { events }: Reconciliation): void {
  for (const event of events) desk.tell({ ...event, at: desk.at() } as Event);
}

test('after one pass the books are those of the report', () => {
  fc.assert(
    fc.property(sceneArbitrary, (scene) => {
      const { desk, report } = stage(scene);
      takeOver(desk, report);
      assert.equal(desk.view.account.balance, report.balance);
      for (const instrument of [euro, yen]) {
        const reported = report.positions.find((position) => position.instrument === instrument);
        const held = desk.view.positions[instrument];
        assert.equal(held?.signedQuantity, reported?.signedQuantity ?? 0);
        const cost = reported?.cost ?? 0;
        assert.ok(Math.abs((held?.cost ?? 0) - cost) <= cost * costTolerance, `${held?.cost} is not ${cost}`);
      }
      for (const order of report.openOrders) assertKnown(desk, order);
    }),
  );
});

/** An order of the report works here as it does there. */
function assertKnown({ view }: OpenedDesk, order: OpenOrder): void {
  const record = view.orders.get(order.clientOrderId);
  assert.ok(record !== undefined, `'${order.clientOrderId}' is not known`);
  const { quantity, limitPrice, stopPrice } = record.request;
  assert.deepEqual(
    [isTerminal(record.state), record.state === 'submitted', isUnresolved(record), record.filledQuantity],
    [false, false, false, order.filledQuantity],
  );
  assert.deepEqual([quantity, limitPrice, stopPrice], [order.quantity, order.limitPrice, order.stopPrice]);
}

test('a second pass finds only what the venue has yet to be asked about, and nothing once it was', () => {
  fc.assert(
    fc.property(sceneArbitrary, (scene) => {
      const { desk, report } = stage(scene);
      const first = takeOver(desk, report);
      const second = reconcileWith(desk.view, report);
      assert.deepEqual(second.events, []);
      assert.deepEqual(second.missingOrderIds, first.missingOrderIds);
      assert.equal(second.differences.length, second.missingOrderIds.length);
      for (const id of second.missingOrderIds) desk.cancel(id);
      assert.deepEqual(reconcileWith(desk.view, report), { events: [], differences: [], missingOrderIds: [] });
    }),
  );
});

test('what was inferred and is told again changes nothing', () => {
  fc.assert(
    fc.property(sceneArbitrary, (scene) => {
      const { desk, report } = stage(scene);
      const found = takeOver(desk, report);
      const before = booksOf(desk);
      tell(desk, found);
      assert.deepEqual(booksOf(desk), before);
    }),
  );
});

/** Everything of the books but the balance, which is the one told last. */
function booksOf({ view }: OpenedDesk): unknown {
  const orders = [...view.orders.values()].map(({ request, state, filledQuantity }) => [
    request.clientOrderId,
    request.quantity,
    request.stopPrice,
    request.limitPrice,
    state,
    filledQuantity,
  ]);
  const { trips, impairments, counts } = view;
  return structuredClone({ orders, positions: view.positions, trips, impairments, fills: counts.fills });
}
