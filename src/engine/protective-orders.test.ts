import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { OrderRequest } from '#domain/order.ts';
import { flatPosition } from '#domain/position.ts';
import { acceptanceOf, euro, fillOf, requestOf, yen } from '../../tests/support/desk-events.ts';
import { acceptOrder, addOrder, changeOrder, fillOrder, leaveUnresolved } from './order-life.ts';
import { coveredQuantity, protectiveOrderIds, protectiveOrders, remainingOf, stands } from './protective-orders.ts';
import { createState, type EngineState, type OrderRecord } from './state.ts';

const at = 1_000;

/** A state that holds so many euros. */
function holding(signedQuantity: number): EngineState {
  const state = createState();
  state.positions[euro] = { ...flatPosition(euro), signedQuantity, cost: Math.abs(signedQuantity) };
  return state;
}

/** A sell stop that the venue has taken. */
function stopOf(state: EngineState, clientOrderId: string, changes: Partial<OrderRequest> = {}): OrderRecord {
  const request = requestOf({ clientOrderId, side: 'sell', purpose: 'stopLoss', isReduceOnly: true, ...changes });
  const record = addOrder(state, request, at, null);
  changeOrder(state, record, 'submit', at);
  acceptOrder(state, acceptanceOf(clientOrderId, at));
  return record;
}

test('stops and targets are found by instrument and purpose until they have ended, oldest first', () => {
  const state = holding(1_000);
  stopOf(state, 's1');
  stopOf(state, 's2');
  stopOf(state, 't1', { purpose: 'takeProfit' });
  stopOf(state, 'y1', { instrument: yen });
  changeOrder(state, stopOf(state, 's0'), 'cancel', at);
  const idsOf = (purpose: 'stopLoss' | 'takeProfit') =>
    protectiveOrders(state, euro, purpose).map(({ request }) => request.clientOrderId);
  assert.deepEqual([idsOf('stopLoss'), idsOf('takeProfit')], [['s1', 's2'], ['t1']]);
});

test('an order stands once it is taken, until it is to be cancelled, is unresolved or ends', () => {
  const state = holding(1_000);
  const sent = addOrder(state, requestOf({ clientOrderId: 'sent' }), at, null);
  changeOrder(state, sent, 'submit', at);
  const taken = stopOf(state, 'taken');
  const part = stopOf(state, 'part');
  fillOrder(state, fillOf(at, { clientOrderId: 'part', quantity: 400 }));
  const leaving = stopOf(state, 'leaving');
  leaving.cancelRequestedAt = at;
  const lost = stopOf(state, 'lost');
  leaveUnresolved(state, { type: 'order.unresolved', at, clientOrderId: 'lost', reason: '' });
  const ended = stopOf(state, 'ended');
  changeOrder(state, ended, 'expire', at);
  assert.deepEqual([sent, taken, part, leaving, lost, ended].map(stands), [false, true, true, false, false, false]);
  assert.deepEqual(
    [remainingOf(taken), remainingOf(part), remainingOf({ ...part, filledQuantity: 1_500 })],
    [1_000, 600, 0],
  );
});

test('a position is covered by what its standing stops would close, and by nothing that adds to it', () => {
  const state = holding(1_000);
  stopOf(state, 'a', { quantity: 300 });
  stopOf(state, 'b', { quantity: 400 });
  stopOf(state, 'adds', { side: 'buy' });
  stopOf(state, 'target', { purpose: 'takeProfit' });
  stopOf(state, 'leaving').cancelRequestedAt = at;
  assert.equal(coveredQuantity(state, euro), 700);
  assert.equal(coveredQuantity(state, yen), 0);
  assert.equal(coveredQuantity(Object.assign(state, { positions: {} }), euro), 0);
});

test('what guards a position stays at a kill, and nothing else does', () => {
  const state = holding(-1_000);
  stopOf(state, 'guard', { side: 'buy' });
  stopOf(state, 'target', { side: 'buy', purpose: 'takeProfit' });
  stopOf(state, 'adds', { side: 'sell' });
  stopOf(state, 'entry', { side: 'buy', purpose: 'entry' });
  stopOf(state, 'nothing-held', { instrument: yen });
  changeOrder(state, stopOf(state, 'ended', { side: 'buy' }), 'cancel', at);
  assert.deepEqual([...protectiveOrderIds(state)], ['guard', 'target']);
});
