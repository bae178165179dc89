import assert from 'node:assert/strict';
import { test } from 'node:test';
import { BinanceScene } from '../../../tests/support/simulated-binance.ts';
import { BATCH_MAX } from './trade-routes.ts';

const symbol = 'BTCUSDT';

test('an order is found by either id, and the latest by a client id used twice', () => {
  const scene = new BinanceScene();
  scene.market('BUY', '0.010', { newClientOrderId: 'a' });
  scene.market('BUY', '0.020', { newClientOrderId: 'a' });
  const latest = scene.signed('GET', '/fapi/v1/order', { symbol, origClientOrderId: 'a' }).body;
  assert.deepEqual([latest.origQty, latest.status, latest.avgPrice], ['0.020', 'FILLED', '50000.10000']);
  const first = scene.signed('GET', '/fapi/v1/order', { symbol, orderId: '8389766145050669870' }).body;
  assert.deepEqual([first.origQty, first.cumQuote], ['0.010', '500.00100']);
  assert.equal(scene.signed('GET', '/fapi/v1/order', { symbol, orderId: '8389766145050670000' }).body.code, -2013);
  assert.equal(scene.signed('GET', '/fapi/v1/order', { symbol }).body.code, -1102);
});

test('new orders are not found while the index is slow (F07)', () => {
  const scene = new BinanceScene();
  scene.server.act('hideOrders', { ms: 5_000 });
  scene.limit('BUY', '0.010', '49000', { newClientOrderId: 'a' });
  const asked = () => scene.signed('GET', '/fapi/v1/order', { symbol, origClientOrderId: 'a' });
  assert.equal(asked().body.code, -2013);
  assert.equal(scene.signed('GET', '/fapi/v1/openOrders').body.length, 0);
  scene.clock.jump(5_000);
  assert.equal(asked().body.status, 'NEW');
});

test('a batch mixes success and refusal (F16)', () => {
  const scene = new BinanceScene();
  const order = { symbol, side: 'BUY', type: 'LIMIT', timeInForce: 'GTC', quantity: '0.010', price: '49000' };
  const reduce = { symbol, side: 'SELL', type: 'MARKET', quantity: '0.010', reduceOnly: 'true' };
  const batchOrders = JSON.stringify([order, reduce, order]);
  const answer = scene.signed('POST', '/fapi/v1/batchOrders', { batchOrders });
  assert.equal(answer.status, 200);
  assert.deepEqual(
    answer.body.map(({ status, code }: { status?: string; code?: number }) => status ?? code),
    ['NEW', -2022, 'NEW'],
  );
  assert.equal(answer.headers['x-mbx-order-count-10s'], '3');
  const orderIdList = '[8389766145050669870,8389766145050669879]';
  const cancelled = scene.signed('DELETE', '/fapi/v1/batchOrders', { symbol, orderIdList });
  assert.deepEqual([cancelled.body[0].status, cancelled.body[1].code], ['CANCELED', -2011]);
});

test('the countdown cancels ordinary orders of its market, unless told again', async () => {
  const scene = new BinanceScene();
  scene.limit('BUY', '0.010', '49000');
  scene.limit('BUY', '0.050', '1900', { symbol: 'ETHUSDT' });
  scene.stop('SELL', '49000', { quantity: '0.010', reduceOnly: 'true' });
  const arm = (countdownTime: number) => scene.signed('POST', '/fapi/v1/countdownCancelAll', { symbol, countdownTime });
  assert.deepEqual(arm(1_000).body, { symbol, countdownTime: '1000' });
  await scene.clock.pass(900);
  arm(1_000);
  await scene.clock.pass(900);
  assert.equal(scene.signed('GET', '/fapi/v1/openOrders').body.length, 2);
  await scene.clock.pass(100);
  assert.equal(scene.signed('GET', '/fapi/v1/openOrders').body.length, 1);
  assert.equal(scene.signed('GET', '/fapi/v1/openAlgoOrders').body.length, 1);
  scene.limit('BUY', '0.010', '49000');
  arm(1_000);
  arm(0);
  await scene.clock.pass(5_000);
  assert.equal(scene.signed('GET', '/fapi/v1/openOrders').body.length, 2);
});

test('lists of orders have a window of at most a week', () => {
  const scene = new BinanceScene();
  scene.market('BUY', '0.010');
  const now = scene.clock.now();
  const ask = (startTime: number) =>
    scene.signed('GET', '/fapi/v1/allOrders', { symbol, startTime, endTime: now }).body;
  assert.equal(ask(now - 7 * 86_400_000).length, 1);
  assert.equal(ask(now - 7 * 86_400_000 - 1).code, -1127);
});

test('a batch carries so many orders and no more', () => {
  const scene = new BinanceScene();
  const order = { symbol, side: 'BUY', type: 'LIMIT', timeInForce: 'GTC', quantity: '0.010', price: '49000' };
  const send = (count: number) =>
    scene.signed('POST', '/fapi/v1/batchOrders', { batchOrders: JSON.stringify(Array(count).fill(order)) });
  assert.equal(send(BATCH_MAX + 1).body.code, -1130);
  assert.equal(send(BATCH_MAX).body.length, BATCH_MAX);
});
