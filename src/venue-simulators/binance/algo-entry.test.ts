import assert from 'node:assert/strict';
import { test } from 'node:test';
import { BinanceScene } from '../../../tests/support/simulated-binance.ts';

const half = { quantity: '0.010', reduceOnly: 'true' };

test('a conditional order waits in its own family with its own id', () => {
  const scene = new BinanceScene();
  const placed = scene.stop('SELL', '49000', { ...half, clientAlgoId: 's' });
  assert.deepEqual(
    [placed.body.algoId, placed.body.clientAlgoId, placed.body.orderType, placed.body.triggerPrice],
    [2_146_760, 's', 'STOP_MARKET', '49000.00'],
  );
  assert.equal(scene.signed('GET', '/fapi/v1/openOrders').body.length, 0);
  const asked = scene.signed('GET', '/fapi/v1/order', { symbol: 'BTCUSDT', origClientOrderId: 's' });
  assert.equal(asked.body.code, -2013);
});

test('a trigger that stands already is refused (F24)', () => {
  const scene = new BinanceScene();
  assert.equal(scene.stop('SELL', '50000', half).body.code, -2021);
  assert.equal(scene.stop('SELL', '49999.9', half).status, 200);
  assert.equal(scene.stop('BUY', '50000.1', half).body.code, -2021);
  assert.equal(scene.stop('SELL', '50000', { ...half, type: 'TAKE_PROFIT_MARKET' }).body.code, -2021);
  assert.equal(scene.stop('SELL', '51000', { ...half, type: 'TAKE_PROFIT_MARKET' }).status, 200);
});

test('an order that closes the position has neither quantity nor reduce-only, and stands alone', () => {
  const scene = new BinanceScene();
  const closing = { closePosition: 'true' };
  assert.equal(scene.stop('SELL', '49000', { ...closing, quantity: '0.010' }).body.code, -4137);
  assert.equal(scene.stop('SELL', '49000', { ...closing, reduceOnly: 'true' }).body.code, -1106);
  const placed = scene.stop('SELL', '49000', closing);
  assert.deepEqual([placed.body.closePosition, placed.body.quantity], [true, '0.000']);
  assert.equal(scene.stop('SELL', '48000', closing).body.code, -4130);
  assert.equal(scene.stop('SELL', '52000', { ...closing, type: 'TAKE_PROFIT_MARKET' }).status, 200);
});

test('filters, ids and the number of orders are checked like elsewhere', () => {
  const scene = new BinanceScene();
  assert.equal(scene.stop('SELL', '49000.05', half).body.code, -4014);
  assert.equal(scene.stop('SELL', '49000.005', half).body.code, -1111);
  assert.equal(scene.stop('SELL', '49000').body.code, -1102);
  assert.equal(scene.stop('BUY', '51000', { quantity: '0.001' }).body.code, -4164);
  assert.equal(scene.stop('SELL', '49000', { ...half, timeInForce: 'GTE_GTC' }).body.code, -4509);
  for (let index = 0; index < 10; index += 1) scene.stop('SELL', '49000', { ...half, clientAlgoId: `s${index}` });
  assert.equal(scene.stop('SELL', '49000', { ...half, clientAlgoId: 's1' }).body.code, -4116);
  assert.equal(scene.stop('SELL', '49000', { ...half, clientAlgoId: 's10' }).body.code, -4045);
});
