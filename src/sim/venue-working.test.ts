import assert from 'node:assert/strict';
import { test } from 'node:test';
import { eurUsd, noonAt, venueRequest } from '../../tests/support/venue-scene.ts';
import { createVenueOrder, type VenueOrder } from './venue-order.ts';
import { createVenueState, ENDED_IDS_MAX, type VenueState } from './venue-state.ts';
import {
  bookOf,
  cancelOrder,
  endOrder,
  expireOrders,
  isIdUsed,
  nextVenueOrderId,
  placeOrder,
  resizeOrder,
  sweepBook,
} from './venue-working.ts';

function place(state: VenueState, clientOrderId: string, expiresAt = Infinity): VenueOrder {
  const order = createVenueOrder({
    clientOrderId,
    venueOrderId: nextVenueOrderId(state),
    instrument: eurUsd,
    side: 'buy',
    orderType: 'limit',
    quantity: 100,
    price: 110_000,
    workingFromAt: noonAt,
    expiresAt,
  });
  placeOrder(state, bookOf(state, eurUsd), order);
  return order;
}

test('an id is used up by working and by ending, and an order is placed once', () => {
  const state = createVenueState(venueRequest());
  const order = place(state, 'a');
  assert.equal(isIdUsed(state, 'a'), true);
  assert.throws(() => place(state, 'a'), /placed once/);
  endOrder(state, order);
  assert.equal(isIdUsed(state, 'a'), true);
  assert.throws(() => endOrder(state, order), /ends once/);
  assert.equal(isIdUsed(state, 'b'), false);
});

test('an ended order leaves the list of its book when that is swept', () => {
  const state = createVenueState(venueRequest());
  const first = place(state, 'a');
  const second = place(state, 'b');
  cancelOrder(state, first, noonAt, 'TEST');
  assert.equal(bookOf(state, eurUsd).orders.length, 2);
  sweepBook(bookOf(state, eurUsd));
  assert.deepEqual(bookOf(state, eurUsd).orders, [second]);
  assert.deepEqual(state.events, [{ type: 'order.canceled', at: noonAt, clientOrderId: 'a', reason: 'TEST' }]);
});

test('an order cannot be cut to what it has filled', () => {
  const state = createVenueState(venueRequest());
  const order = place(state, 'a');
  order.filledQuantity = 40;
  resizeOrder(state, order, 41, noonAt);
  assert.deepEqual(state.events, [
    { type: 'order.amended', at: noonAt, clientOrderId: 'a', quantity: 41, stopPrice: null, limitPrice: 110_000 },
  ]);
  assert.throws(() => resizeOrder(state, order, 40, noonAt), /something to fill/);
});

test('the next expiry is the earliest of the working orders, and moves on when that one goes', () => {
  const state = createVenueState(venueRequest());
  place(state, 'late', noonAt + 200);
  const early = place(state, 'early', noonAt + 100);
  place(state, 'twin', noonAt + 100);
  place(state, 'never');
  assert.equal(state.nextExpiryAt, noonAt + 100);
  endOrder(state, early);
  assert.equal(state.nextExpiryAt, noonAt + 100);
  expireOrders(state, noonAt + 100);
  assert.equal(state.nextExpiryAt, noonAt + 200);
  expireOrders(state, noonAt + 200);
  assert.equal(state.nextExpiryAt, Infinity);
  assert.deepEqual([...state.workingById.keys()], ['never']);
});

test('the oldest ended id is forgotten once there are too many', () => {
  const state = createVenueState(venueRequest());
  for (let count = 0; count < ENDED_IDS_MAX; count += 1) state.endedIds.add(`old-${count}`);
  endOrder(state, place(state, 'a'));
  assert.equal(state.endedIds.size, ENDED_IDS_MAX);
  assert.deepEqual([isIdUsed(state, 'old-0'), isIdUsed(state, 'old-1'), isIdUsed(state, 'a')], [false, true, true]);
});
