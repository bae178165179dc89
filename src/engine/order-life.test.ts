import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { EventByType } from '#domain/events.ts';
import type { OrderRequest, OrderState } from '#domain/order.ts';
import { flatPosition } from '#domain/position.ts';
import { acceptanceOf, childOf, euro, fillOf, requestOf, yen } from '../../tests/support/desk-events.ts';
import {
  acceptOrder,
  addOrder,
  adoptOrder,
  amendOrder,
  changeOrder,
  clientOrderId,
  closingOrder,
  fillOrder,
  isNewFill,
  isUnresolved,
  leaveUnresolved,
  workingOrders,
} from './order-life.ts';
import { createState, type EngineState, type OrderRecord } from './state.ts';

const at = 1_000_000;

/** A state that knows one order for 1000 units, submitted. */
function submitted(id = 'o1'): { readonly state: EngineState; readonly record: OrderRecord } {
  const state = createState();
  return { state, record: submit(state, id) };
}

function submit(state: EngineState, id: string): OrderRecord {
  const record = addOrder(state, requestOf({ clientOrderId: id }), at, null);
  changeOrder(state, record, 'submit', at);
  return record;
}

function adoptionOf(order: OrderRequest): EventByType['order.adopted'] {
  const venueOrderId = `v-${order.clientOrderId}`;
  return { type: 'order.adopted', at, order, venueOrderId, venueAt: at, reason: 'not sent by this desk' };
}

test('an id is a pure function of run and sequence, and never longer than a bracket allows', () => {
  assert.equal(clientOrderId('0123456789abcdef', 1), 'tw-0123456789abcdef-1');
  assert.equal(clientOrderId('0123456789abcdefXYZ', 36), 'tw-0123456789abcdef-10');
  assert.equal(clientOrderId('run', 35), 'tw-run-z');
  assert.ok(clientOrderId('0123456789abcdef', Number.MAX_SAFE_INTEGER).length <= 34);
});

test('an id is used once', () => {
  const { state } = submitted();
  assert.throws(() => addOrder(state, requestOf(), at, null), /'o1' is used twice/);
});

test('a new order has seen nothing of the venue', () => {
  const record = addOrder(createState(), requestOf(), at, null);
  assert.deepEqual(record, {
    request: requestOf(),
    state: 'initialized',
    filledQuantity: 0,
    venueOrderId: null,
    parentOrderId: null,
    submittedAt: at,
    changedAt: at,
    unresolvedAt: null,
    cancelRequestedAt: null,
  });
});

test('an order goes from submitted over accepted and partly filled to filled', () => {
  const { state, record } = submitted();
  const seen: [OrderState, number][] = [];
  acceptOrder(state, acceptanceOf('o1', at + 1));
  seen.push([record.state, record.changedAt]);
  fillOrder(state, fillOf(at + 2, { quantity: 400 }));
  seen.push([record.state, record.filledQuantity]);
  fillOrder(state, fillOf(at + 3, { quantity: 600 }));
  seen.push([record.state, record.filledQuantity]);
  assert.deepEqual(seen, [
    ['accepted', at + 1],
    ['partiallyFilled', 400],
    ['filled', 1_000],
  ]);
  assert.equal(record.venueOrderId, 'v-o1');
});

test('a fill before its acceptance counts, and the late acceptance changes nothing', () => {
  const { state, record } = submitted();
  fillOrder(state, fillOf(at, { quantity: 400 }));
  assert.equal(record.venueOrderId, 'v-o1');
  acceptOrder(state, acceptanceOf('o1', at));
  assert.deepEqual([record.state, record.filledQuantity], ['partiallyFilled', 400]);
  fillOrder(state, fillOf(at, { quantity: 600 }));
  acceptOrder(state, acceptanceOf('o1', at));
  assert.deepEqual([record.state, record.filledQuantity], ['filled', 1_000]);
});

test('a change that the table does not allow leaves the order as it was', () => {
  const { state, record } = submitted();
  fillOrder(state, fillOf(at));
  assert.equal(changeOrder(state, record, 'reject', at + 9), false);
  assert.equal(changeOrder(state, record, 'expire', at + 9), false);
  assert.deepEqual([record.state, record.changedAt], ['filled', at]);
});

test('a fill after a cancellation is real and its last part ends the order filled', () => {
  const { state, record } = submitted();
  changeOrder(state, record, 'cancel', at);
  fillOrder(state, fillOf(at, { quantity: 400 }));
  assert.deepEqual([record.state, record.filledQuantity], ['canceled', 400]);
  fillOrder(state, fillOf(at, { quantity: 600 }));
  assert.deepEqual([record.state, record.filledQuantity], ['filled', 1_000]);
  assert.deepEqual(state.endedOrderIds, ['o1']);
});

test('an acceptance or a fill of an order that is not known makes no order', () => {
  const state = createState();
  acceptOrder(state, acceptanceOf('stranger', at));
  assert.equal(fillOrder(state, fillOf(at, { clientOrderId: 'stranger' })), undefined);
  amendOrder(state, {
    type: 'order.amended',
    at,
    clientOrderId: 'stranger',
    quantity: 1,
    stopPrice: 1,
    limitPrice: null,
  });
  assert.equal(state.orders.size, 0);
});

test('the stop and the target of a bracket come into being with their acceptance', () => {
  const { state } = submitted();
  acceptOrder(state, childOf('o1', at));
  acceptOrder(state, {
    ...childOf('o1', at, { purpose: 'takeProfit', stopPrice: null, limitPrice: 110_200 }),
    clientOrderId: 'o1-t',
  });
  const stop = state.orders.get('o1-s');
  assert.deepEqual([stop?.state, stop?.parentOrderId, stop?.venueOrderId], ['accepted', 'o1', 'v-o1-s']);
  assert.deepEqual(
    stop?.request,
    requestOf({
      clientOrderId: 'o1-s',
      side: 'sell',
      orderType: 'stop',
      stopPrice: 109_900,
      timeInForce: 'goodTillCancel',
      isReduceOnly: true,
      purpose: 'stopLoss',
      strategy: '',
      reason: 'stopLoss',
    }),
  );
  const target = state.orders.get('o1-t')?.request;
  assert.deepEqual([target?.orderType, target?.limitPrice, target?.purpose], ['limit', 110_200, 'takeProfit']);
});

test("a child's acceptance that comes twice makes one child", () => {
  const { state } = submitted();
  acceptOrder(state, childOf('o1', at));
  acceptOrder(state, childOf('o1', at, { quantity: 9 }));
  assert.equal(state.orders.get('o1-s')?.request.quantity, 1_000);
});

test('an acceptance says that the order was not cancelled, and a change of its state that it is known again', () => {
  const { state, record } = submitted();
  record.cancelRequestedAt = at;
  leaveUnresolved(state, { type: 'order.unresolved', at: at + 1, clientOrderId: 'o1', reason: 'no answer' });
  leaveUnresolved(state, { type: 'order.unresolved', at: at + 2, clientOrderId: 'o1', reason: 'no answer' });
  assert.deepEqual([record.unresolvedAt, isUnresolved(record), record.state], [at + 1, true, 'submitted']);
  acceptOrder(state, acceptanceOf('o1', at + 3));
  assert.deepEqual([record.unresolvedAt, isUnresolved(record), record.cancelRequestedAt], [null, false, null]);
});

test('an order that has ended is not unresolved, whatever is said of it', () => {
  const { state, record } = submitted();
  changeOrder(state, record, 'cancel', at);
  leaveUnresolved(state, { type: 'order.unresolved', at, clientOrderId: 'o1', reason: 'no answer' });
  leaveUnresolved(state, { type: 'order.unresolved', at, clientOrderId: 'stranger', reason: 'no answer' });
  assert.deepEqual([record.unresolvedAt, isUnresolved({ ...record, unresolvedAt: at })], [null, false]);
});

test('an order of other hands is adopted as it stands, with what it had filled', () => {
  const state = createState();
  const adoption = { ...adoptionOf(requestOf({ clientOrderId: 'by-hand' })), filledQuantity: 400 };
  assert.equal(adoptOrder(state, adoption), true);
  assert.equal(adoptOrder(state, adoption), false);
  const record = state.orders.get('by-hand');
  assert.deepEqual(
    [record?.state, record?.filledQuantity, record?.venueOrderId, record?.request.strategy],
    ['accepted', 400, 'v-by-hand', 'external'],
  );
  assert.deepEqual(record?.request, requestOf({ clientOrderId: 'by-hand', strategy: 'external' }));
});

test('an order that was given up comes back as the venue has it, with what we know of its fills', () => {
  const { state, record } = submitted();
  fillOrder(state, fillOf(at, { quantity: 300 }));
  record.cancelRequestedAt = at;
  changeOrder(state, record, 'cancel', at);
  adoptOrder(state, { ...adoptionOf(requestOf({ quantity: 900, limitPrice: 5 })), filledQuantity: 300 });
  assert.deepEqual(
    [record.state, record.filledQuantity, record.cancelRequestedAt, record.request],
    ['accepted', 300, null, requestOf({ quantity: 900, limitPrice: 5 })],
  );
  fillOrder(state, fillOf(at, { quantity: 600, fillId: 'rest' }));
  assert.equal(record.state, 'filled');
});

test('an order that has filled whole is not adopted', () => {
  const { state, record } = submitted();
  fillOrder(state, fillOf(at));
  assert.equal(adoptOrder(state, adoptionOf(requestOf({ quantity: 5_000 }))), false);
  assert.deepEqual([record.state, record.request.quantity], ['filled', 1_000]);
});

test('an amendment says how the order stands', () => {
  const { state, record } = submitted();
  const amended = {
    type: 'order.amended',
    at: at + 5,
    clientOrderId: 'o1',
    quantity: 700,
    stopPrice: 5,
    limitPrice: 6,
  };
  amendOrder(state, { ...amended, type: 'order.amended' });
  assert.deepEqual(record.request, requestOf({ quantity: 700, stopPrice: 5, limitPrice: 6 }));
  assert.equal(record.changedAt, at + 5);
  fillOrder(state, fillOf(at + 6, { quantity: 700 }));
  assert.equal(record.state, 'filled');
});

test('a fill is new once, for each instrument apart', () => {
  const state = createState();
  assert.equal(isNewFill(state, { instrument: euro, fillId: '7' }), true);
  assert.equal(isNewFill(state, { instrument: euro, fillId: '7' }), false);
  assert.equal(isNewFill(state, { instrument: yen, fillId: '7' }), true);
  assert.equal(isNewFill(state, { instrument: euro, fillId: '8' }), true);
});

test('4096 fills are remembered, the oldest is forgotten first', () => {
  const state = createState();
  for (let index = 0; index < 4_097; index += 1) isNewFill(state, { instrument: euro, fillId: `${index}` });
  assert.equal(state.seenFillIds.size, 4_096);
  assert.equal(isNewFill(state, { instrument: euro, fillId: '1' }), false);
  assert.equal(isNewFill(state, { instrument: euro, fillId: '0' }), true);
});

test('512 ended orders are remembered, working ones always', () => {
  const { state } = submitted('working');
  for (let index = 0; index < 600; index += 1) changeOrder(state, submit(state, `o-${index}`), 'cancel', at);
  assert.equal(state.orders.size, 513);
  assert.equal(state.endedOrderIds.length, 512);
  assert.equal(state.orders.has('o-87'), false);
  assert.equal(state.orders.has('o-88'), true);
  assert.equal(state.orders.has('working'), true);
});

test('a rejected order that a fill brought back is not forgotten while it works', () => {
  const state = createState();
  const record = submit(state, 'o1');
  changeOrder(state, record, 'reject', at);
  fillOrder(state, fillOf(at, { quantity: 400 }));
  assert.equal(record.state, 'partiallyFilled');
  for (let index = 0; index < 512; index += 1) changeOrder(state, submit(state, `o-${index}`), 'cancel', at);
  assert.equal(state.orders.get('o1'), record);
  fillOrder(state, fillOf(at, { quantity: 600 }));
  for (let index = 512; index < 1_030; index += 1) changeOrder(state, submit(state, `o-${index}`), 'cancel', at);
  assert.equal(state.orders.has('o1'), false);
});

test('working orders are those of the instrument that have not ended, without the children of brackets', () => {
  const { state } = submitted();
  submit(state, 'ended');
  const ended = state.orders.get('ended');
  assert.ok(ended !== undefined);
  changeOrder(state, ended, 'expire', at);
  acceptOrder(state, childOf('o1', at));
  addOrder(state, requestOf({ clientOrderId: 'yen', instrument: yen }), at, null);
  assert.deepEqual(
    workingOrders(state, euro).map((order) => order.clientOrderId),
    ['o1'],
  );
});

test('an exit nobody knows of does not wait among the working orders, an entry does', () => {
  const state = createState();
  for (const purpose of ['exit', 'entry'] as const) {
    addOrder(state, requestOf({ clientOrderId: purpose, purpose }), at, null);
    leaveUnresolved(state, { type: 'order.unresolved', at, clientOrderId: purpose, reason: 'no answer' });
  }
  assert.deepEqual(
    workingOrders(state, euro).map(({ clientOrderId: id }) => id),
    ['entry'],
  );
});

test('a closing order goes against the position and never beyond it', () => {
  const state = createState();
  state.positions[euro] = { ...flatPosition(euro), signedQuantity: 1_000, cost: 1, strategy: 'pulse' };
  state.positions[yen] = { ...flatPosition(yen), signedQuantity: -500, cost: 1 };
  const { clientOrderId: _, ...expected } = requestOf({
    side: 'sell',
    quantity: 300,
    isReduceOnly: true,
    purpose: 'exit',
    strategy: 'pulse',
    reason: 'why',
  });
  assert.deepEqual(closingOrder(state, euro, 300, 'why'), expected);
  assert.equal(closingOrder(state, euro, 5_000, '')?.quantity, 1_000);
  assert.deepEqual(
    [closingOrder(state, yen, 900, '')?.side, closingOrder(state, yen, 900, '')?.quantity],
    ['buy', 500],
  );
  assert.equal(closingOrder(state, 'GBPUSD.OANDA', 1, ''), undefined);
});

test('in whatever order acceptance, fills and the end come, what was filled is the same', () => {
  type Change = (state: EngineState) => void;
  const changes: readonly Change[] = [
    (state) => acceptOrder(state, acceptanceOf('o1', at)),
    (state) => void fillOrder(state, fillOf(at, { quantity: 250, fillId: 'a' })),
    (state) => void fillOrder(state, fillOf(at, { quantity: 750, fillId: 'b' })),
    (state) => {
      const record = state.orders.get('o1');
      if (record !== undefined) changeOrder(state, record, 'cancel', at);
    },
  ];
  fc.assert(
    fc.property(fc.shuffledSubarray([...changes], { minLength: 4 }), (order) => {
      const { state, record } = submitted();
      for (const change of order) change(state);
      assert.deepEqual([record.state, record.filledQuantity], ['filled', 1_000]);
    }),
  );
});

test('an order that is cut down to what it has filled is filled', () => {
  const state = createState();
  const record = addOrder(state, requestOf({ quantity: 1_000 }), 1, null);
  changeOrder(state, record, 'submit', 1);
  fillOrder(state, fillOf(2, { quantity: 700 }));
  assert.equal(record.state, 'partiallyFilled');
  amendOrder(state, {
    type: 'order.amended',
    at: 3,
    clientOrderId: 'o1',
    quantity: 700,
    stopPrice: null,
    limitPrice: null,
  });
  assert.deepEqual([record.state, record.request.quantity], ['filled', 700]);
});
