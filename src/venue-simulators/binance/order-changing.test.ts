import assert from 'node:assert/strict';
import { test } from 'node:test';
import { BinanceScene, type SceneSocket } from '../../../tests/support/simulated-binance.ts';
import { MODIFICATIONS_MAX } from './order-changing.ts';

function change(scene: BinanceScene, quantity: string, price: string, side = 'BUY') {
  const terms = { symbol: 'BTCUSDT', origClientOrderId: 'a', side, quantity, price };
  return scene.signed('PUT', '/fapi/v1/order', terms);
}

function told(user: SceneSocket): string[] {
  return user.events().flatMap(({ o }) => (o === undefined ? [] : [`${o.x} ${o.X} ${o.q}@${o.p}`]));
}

test('an order keeps its id through a change, and fills at what it was changed to', () => {
  const scene = new BinanceScene();
  const user = scene.userSocket();
  scene.limit('BUY', '0.010', '49000', { newClientOrderId: 'a' });
  const changed = change(scene, '0.020', '49500');
  assert.deepEqual([changed.body.status, changed.body.origQty, changed.body.price], ['NEW', '0.020', '49500.00']);
  scene.quote('BTCUSDT', 49_400);
  assert.deepEqual(told(user), [
    'NEW NEW 0.010@49000.00',
    'AMENDMENT NEW 0.020@49500.00',
    'TRADE FILLED 0.020@49500.00',
  ]);
  assert.equal(scene.floor.ledger().positions[0]?.signedQuantity, 20);
});

test('a change that crosses takes at once, after it was told', () => {
  const scene = new BinanceScene();
  const user = scene.userSocket();
  scene.limit('BUY', '0.010', '49000', { newClientOrderId: 'a' });
  assert.equal(change(scene, '0.010', '50100').body.status, 'FILLED');
  assert.deepEqual(told(user).slice(1), ['AMENDMENT NEW 0.010@50100.00', 'TRADE FILLED 0.010@50100.00']);
});

test('a change to what has filled already cancels (F15)', () => {
  const scene = new BinanceScene({ fillQuantityMax: 4 });
  scene.limit('BUY', '0.010', '50100', { newClientOrderId: 'a' });
  const changed = change(scene, '0.004', '50100');
  assert.deepEqual([changed.body.status, changed.body.executedQty], ['CANCELED', '0.004']);
});

test("a post-only order's change that crosses cancels (F15)", () => {
  const scene = new BinanceScene();
  scene.limit('BUY', '0.010', '49000', { newClientOrderId: 'a', timeInForce: 'GTX' });
  assert.equal(change(scene, '0.010', '50100').body.status, 'CANCELED');
  assert.equal(scene.floor.ledger().openOrders.length, 0);
});

test('a change of nothing, of another side or of no order is refused', () => {
  const scene = new BinanceScene();
  scene.limit('BUY', '0.010', '49000', { newClientOrderId: 'a' });
  assert.equal(change(scene, '0.010', '49000').body.code, -5027);
  assert.equal(change(scene, '0.010', '49000.05').body.code, -4014);
  assert.equal(change(scene, '0.010', '49100', 'SELL').body.code, -2013);
  scene.signed('DELETE', '/fapi/v1/order', { symbol: 'BTCUSDT', origClientOrderId: 'a' });
  assert.equal(change(scene, '0.010', '49100').body.code, -2013);
});

test('an order cancels once; cancelling what filled is an unknown order (F08)', () => {
  const scene = new BinanceScene();
  scene.limit('BUY', '0.010', '49000', { newClientOrderId: 'a' });
  const names = { symbol: 'BTCUSDT', origClientOrderId: 'a' };
  assert.equal(scene.signed('DELETE', '/fapi/v1/order', names).body.status, 'CANCELED');
  assert.equal(scene.signed('DELETE', '/fapi/v1/order', names).body.code, -2011);
  scene.limit('BUY', '0.010', '49000', { newClientOrderId: 'a' });
  scene.quote('BTCUSDT', 48_900);
  assert.equal(scene.signed('DELETE', '/fapi/v1/order', names).body.code, -2011);
});

test('an order is changed so often and no more', () => {
  const scene = new BinanceScene();
  scene.limit('BUY', '0.010', '49000', { newClientOrderId: 'a' });
  for (let count = 0; count < MODIFICATIONS_MAX; count += 1) {
    scene.clock.jump(100);
    change(scene, '0.010', count % 2 === 0 ? '49001' : '49000');
  }
  scene.clock.jump(100);
  assert.equal(change(scene, '0.010', '49500').body.code, -5026);
});
