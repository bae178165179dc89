import assert from 'node:assert/strict';
import { test } from 'node:test';
import { BinanceScene } from '../../../tests/support/simulated-binance.ts';

test('the answer is how the order stood when it was taken, or its end where that was asked for', () => {
  const scene = new BinanceScene();
  assert.deepEqual(pick(scene.market('BUY', '0.010').body), ['NEW', '0.000']);
  const result = scene.market('BUY', '0.010', { newOrderRespType: 'RESULT' }).body;
  assert.deepEqual(pick(result), ['FILLED', '0.010']);
  assert.equal('avgPrice' in result, false);
});

test('a client id is unique among open orders', () => {
  const scene = new BinanceScene();
  scene.limit('BUY', '0.010', '49000', { newClientOrderId: 'a' });
  assert.equal(scene.limit('BUY', '0.010', '49000', { newClientOrderId: 'a' }).body.code, -4116);
});

test('what only reduces needs something to reduce (F19)', () => {
  const scene = new BinanceScene();
  assert.equal(scene.market('SELL', '0.010', { reduceOnly: 'true' }).body.code, -2022);
  scene.market('BUY', '0.010');
  assert.equal(scene.market('BUY', '0.010', { reduceOnly: 'true' }).body.code, -2022);
  const reduced = scene.market('SELL', '0.030', { reduceOnly: 'true', newOrderRespType: 'RESULT' });
  assert.deepEqual([reduced.body.origQty, reduced.body.status], ['0.010', 'FILLED']);
  assert.equal(scene.floor.ledger().positions.length, 0);
});

test('post-only orders that take and all-or-nothing ones that wait are refused', () => {
  const scene = new BinanceScene();
  assert.equal(scene.limit('BUY', '0.010', '50000.1', { timeInForce: 'GTX' }).body.code, -5022);
  assert.equal(scene.limit('BUY', '0.010', '50000', { timeInForce: 'GTX' }).status, 200);
  assert.equal(scene.limit('BUY', '0.010', '49000', { timeInForce: 'FOK' }).body.code, -5021);
  const filled = scene.limit('BUY', '0.010', '50100', { timeInForce: 'FOK', newOrderRespType: 'RESULT' });
  assert.equal(filled.body.status, 'FILLED');
});

test('what an immediate order cannot fill expires', () => {
  const scene = new BinanceScene();
  const user = scene.userSocket();
  const answer = scene.limit('BUY', '0.010', '49000', { timeInForce: 'IOC', newOrderRespType: 'RESULT' });
  assert.equal(answer.body.status, 'EXPIRED');
  assert.deepEqual(
    user.events().map(({ o }) => `${o.x} ${o.X} ${o.er}`),
    ['NEW NEW 0', 'EXPIRED EXPIRED 8'],
  );
});

test('only so many orders of a market are open at once (F67)', () => {
  const scene = new BinanceScene();
  for (let index = 0; index < 200; index += 1) {
    assert.equal(scene.limit('BUY', '0.010', '49000').status, 200);
  }
  scene.clock.jump(60_000);
  assert.equal(scene.limit('BUY', '0.010', '49000').body.code, -2025);
});

test('a position beyond its bracket is refused (F67)', () => {
  const scene = new BinanceScene({ balance: 100_000 });
  scene.signed('POST', '/fapi/v1/leverage', { symbol: 'BTCUSDT', leverage: 125 });
  assert.equal(scene.market('BUY', '7').body.code, -2027);
});

test('the engine refuses as scripted, and may spare what reduces', () => {
  const scene = new BinanceScene();
  scene.market('BUY', '0.010');
  scene.server.act('refuseOrders', { code: -1008, status: 503, msg: 'Request throttled', sparesReductions: true });
  assert.equal(scene.market('SELL', '0.005', { reduceOnly: 'true' }).status, 200);
  assert.deepEqual(scene.market('BUY', '0.010').body, { code: -1008, msg: 'Request throttled' });
  assert.equal(scene.market('BUY', '0.010').status, 200);
});

test('an order may be acknowledged and lost by the venue, or carried out and its answer lost', () => {
  const scene = new BinanceScene();
  scene.server.act('acceptThenLose', { what: 'order' });
  const lost = scene.limit('BUY', '0.010', '49000', { newClientOrderId: 'gone' });
  assert.equal(lost.body.status, 'NEW');
  const asked = { symbol: 'BTCUSDT', origClientOrderId: 'gone' };
  assert.equal(scene.signed('GET', '/fapi/v1/order', asked).body.code, -2013);
  scene.server.act('acceptThenLose', {});
  assert.equal(scene.market('BUY', '0.010').isReset, true);
  assert.equal(scene.floor.ledger().positions[0]?.signedQuantity, 10);
});

function pick(body: { status: string; executedQty: string }): [string, string] {
  return [body.status, body.executedQty];
}
