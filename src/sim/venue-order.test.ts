import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  createVenueOrder,
  isAtMarket,
  isImmediate,
  limitPriceOf,
  type OrderOrigin,
  remainingQuantity,
  stopPriceOf,
} from './venue-order.ts';

const origin: OrderOrigin = {
  clientOrderId: 'o1',
  venueOrderId: 'sim-order-1',
  instrument: 'EURUSD.OANDA',
  side: 'buy',
  orderType: 'limit',
  quantity: 100,
  price: 110_000,
  workingFromAt: 5,
};

test('an order is born working, unfilled and without expiry', () => {
  const order = createVenueOrder(origin);
  assert.deepEqual(
    [order.isWorking, order.filledQuantity, order.expiresAt, remainingQuantity(order)],
    [true, 0, Infinity, 100],
  );
});

test('the one price of an order is its limit or its stop, by type', () => {
  const stop = createVenueOrder({ ...origin, orderType: 'stop' });
  assert.deepEqual([limitPriceOf(createVenueOrder(origin)), stopPriceOf(createVenueOrder(origin))], [110_000, null]);
  assert.deepEqual([limitPriceOf(stop), stopPriceOf(stop)], [null, 110_000]);
  const market = createVenueOrder({ ...origin, orderType: 'market' });
  assert.deepEqual([limitPriceOf(market), stopPriceOf(market)], [null, null]);
});

test('a touched stop is at the market like a market order', () => {
  assert.equal(isAtMarket(createVenueOrder({ ...origin, orderType: 'stop' })), false);
  assert.equal(isAtMarket(createVenueOrder({ ...origin, orderType: 'stop', isTriggered: true })), true);
  assert.equal(isAtMarket(createVenueOrder({ ...origin, orderType: 'market' })), true);
});

test('only fillOrKill and immediateOrCancel end at once', () => {
  const ends = (['fillOrKill', 'immediateOrCancel', 'goodTillCancel', 'goodTillTime'] as const).map((timeInForce) =>
    isImmediate(createVenueOrder({ ...origin, timeInForce })),
  );
  assert.deepEqual(ends, [true, true, false, false]);
});
