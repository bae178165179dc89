import assert from 'node:assert/strict';
import { test } from 'node:test';
import { BinanceScene } from '../../../tests/support/simulated-binance.ts';

test('a filled client id may be used again: the second order fills too (F01)', () => {
  const scene = new BinanceScene();
  scene.market('BUY', '0.010', { newClientOrderId: 'same' });
  assert.equal(scene.market('BUY', '0.010', { newClientOrderId: 'same' }).status, 200);
  assert.equal(scene.floor.ledger().positions[0]?.signedQuantity, 20);
});

test('a refusal by the market leaves no trace', () => {
  const scene = new BinanceScene({ balance: 10 });
  const user = scene.userSocket();
  const refused = scene.market('BUY', '1', { newClientOrderId: 'big' });
  assert.deepEqual(refused.body, { code: -2019, msg: 'Margin is insufficient.' });
  assert.equal(user.texts.length, 0);
  const asked = scene.signed('GET', '/fapi/v1/order', { symbol: 'BTCUSDT', origClientOrderId: 'big' });
  assert.equal(asked.body.code, -2013);
});

test('an order that has not reached the market yet can be cancelled before it ever does', async () => {
  const scene = new BinanceScene();
  const user = scene.userSocket();
  scene.server.act('matchLatency', { ms: 500 });
  const placed = scene.market('BUY', '0.010', { newClientOrderId: 'slow' });
  assert.equal(placed.body.status, 'NEW');
  scene.signed('DELETE', '/fapi/v1/order', { symbol: 'BTCUSDT', origClientOrderId: 'slow' });
  await scene.clock.pass(1_000);
  assert.deepEqual(
    user.events().map(({ o }) => o.x),
    ['NEW', 'CANCELED'],
  );
  assert.equal(scene.floor.ledger().positions.length, 0);
});

test('an order with latency fills when it arrives', async () => {
  const scene = new BinanceScene();
  const user = scene.userSocket();
  scene.server.act('matchLatency', { ms: 500 });
  scene.market('BUY', '0.010');
  await scene.clock.pass(499);
  assert.equal(user.texts.length, 1);
  await scene.clock.pass(1);
  assert.equal(scene.floor.ledger().positions[0]?.signedQuantity, 10);
});

test('an order older than its window at the engine is not carried out (F54)', () => {
  const scene = new BinanceScene();
  scene.server.act('matchLatency', { ms: 20_000 });
  assert.equal(scene.market('BUY', '0.010').body.code, -5028);
  assert.equal(scene.market('BUY', '0.010', { recvWindow: '60000' }).status, 200);
});

test('a script may cut a quantity, and have more filled than was ordered (F14, F18)', () => {
  const scene = new BinanceScene();
  scene.server.act('reduceQuantity', { fraction: 0.5 });
  assert.equal(scene.market('BUY', '0.010').body.origQty, '0.005');
  scene.server.act('overfill', { fraction: 0.5 });
  const user = scene.userSocket();
  scene.market('BUY', '0.010');
  const trade = user.events().find(({ o }) => o?.x === 'TRADE');
  assert.deepEqual([trade.o.q, trade.o.z], ['0.010', '0.015']);
  assert.equal(scene.floor.ledger().positions[0]?.signedQuantity, 20);
});
