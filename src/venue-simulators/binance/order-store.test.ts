import assert from 'node:assert/strict';
import { test } from 'node:test';
import { BinanceScene } from '../../../tests/support/simulated-binance.ts';
import { createOrder } from './order-entry.ts';
import {
  createOrderStore,
  dropOrder,
  findOrder,
  isClientIdTaken,
  isFindable,
  keepOrder,
  ORDERS_MAX,
  type Order,
  openOrdersOf,
} from './order-store.ts';

const scene = new BinanceScene();
const world = scene.world();
const market = world.marketBySymbol.get('BTCUSDT');
assert.ok(market !== undefined);

function order(clientOrderId: string): Order {
  assert.ok(market !== undefined);
  return createOrder(world, {
    clientOrderId,
    market,
    side: 'BUY',
    type: 'LIMIT',
    timeInForce: 'GTC',
    quantity: 10,
    price: 4_900_000,
    isReduceOnly: false,
    origin: 'client',
  });
}

const dayMs = 86_400_000;

test('a client id is taken while its order is open, and free once it has ended (F01)', () => {
  const store = createOrderStore();
  const first = order('a');
  keepOrder(store, first);
  assert.equal(isClientIdTaken(store, market, 'a'), true);
  first.status = 'FILLED';
  store.open.delete(first.orderId);
  assert.equal(isClientIdTaken(store, market, 'a'), false);
  const second = order('a');
  keepOrder(store, second);
  assert.equal(findOrder(store, market, { orderId: undefined, clientOrderId: 'a' }), second);
  assert.equal(findOrder(store, market, { orderId: String(first.orderId), clientOrderId: undefined }), first);
});

test('an id of one digit more or less finds nothing (F73)', () => {
  const store = createOrderStore();
  const kept = order('a');
  keepOrder(store, kept);
  const rounded = String(Number(kept.orderId));
  assert.notEqual(rounded, String(kept.orderId));
  assert.equal(findOrder(store, market, { orderId: rounded, clientOrderId: undefined }), undefined);
});

test('an unfilled order that ended is forgotten after three days, every order after ninety', () => {
  const kept = order('a');
  assert.equal(isFindable(kept, kept.createdAt + 89 * dayMs), true);
  kept.status = 'CANCELED';
  assert.equal(isFindable(kept, kept.createdAt + 3 * dayMs), true);
  assert.equal(isFindable(kept, kept.createdAt + 3 * dayMs + 1), false);
  kept.filledQuantity = 1;
  assert.equal(isFindable(kept, kept.createdAt + 3 * dayMs + 1), true);
  assert.equal(isFindable(kept, kept.createdAt + 90 * dayMs + 1), false);
});

test('an order that a slow index keeps back is not found until then (F07)', () => {
  const kept = { ...order('a'), hiddenUntilAt: scene.clock.now() + 500 };
  assert.equal(isFindable(kept, scene.clock.now() + 499), false);
  assert.equal(isFindable(kept, scene.clock.now() + 500), true);
});

test('a dropped order never was', () => {
  const store = createOrderStore();
  const kept = order('a');
  keepOrder(store, kept);
  dropOrder(store, kept);
  assert.deepEqual([store.byId.size, store.byFloorId.size, store.byClientId.size], [0, 0, 0]);
  assert.deepEqual(openOrdersOf(store, undefined), []);
});

test('the oldest ended order is forgotten when there are too many, an open one never', () => {
  const store = createOrderStore();
  const open = order('open');
  const ended = order('ended');
  ended.status = 'FILLED';
  keepOrder(store, open);
  keepOrder(store, ended);
  const template = order('more');
  for (let index = 1; index < ORDERS_MAX; index += 1) {
    keepOrder(store, { ...template, orderId: BigInt(index), floorId: `f${index}` });
  }
  assert.equal(store.byId.size, ORDERS_MAX);
  assert.equal(store.byId.has(open.orderId), true);
  assert.equal(store.byId.has(ended.orderId), false);
});
