import assert from 'node:assert/strict';
import { test } from 'node:test';
import { BinanceScene } from '../../../tests/support/simulated-binance.ts';

const half = { quantity: '0.010', reduceOnly: 'true' };

test('the code of a cancelled conditional order is a text', () => {
  const scene = new BinanceScene();
  scene.stop('SELL', '49000', { ...half, clientAlgoId: 's' });
  const cancelled = scene.signed('DELETE', '/fapi/v1/algoOrder', { clientAlgoId: 's' });
  assert.deepEqual(cancelled.body, { algoId: 2_146_760, clientAlgoId: 's', code: '200', msg: 'success' });
  assert.equal(scene.signed('DELETE', '/fapi/v1/algoOrder', { algoId: 2_146_760 }).body.code, -2011);
  assert.equal(scene.signed('DELETE', '/fapi/v1/algoOrder').body.code, -1102);
});

test('cancelling all ends those of one market', () => {
  const scene = new BinanceScene();
  scene.stop('SELL', '49000', half);
  scene.stop('SELL', '1900', { ...half, symbol: 'ETHUSDT' });
  const cancelled = scene.signed('DELETE', '/fapi/v1/algoOpenOrders', { symbol: 'BTCUSDT' });
  assert.deepEqual(cancelled.body, { code: 200, msg: 'The operation of cancel all open order is done.' });
  const open = scene.signed('GET', '/fapi/v1/openAlgoOrders').body;
  assert.deepEqual(
    open.map(({ symbol }: { symbol: string }) => symbol),
    ['ETHUSDT'],
  );
  assert.equal(scene.signed('GET', '/fapi/v1/allAlgoOrders', { symbol: 'BTCUSDT' }).body[0].algoStatus, 'CANCELED');
});

test('a slow index keeps new ones back (F07)', () => {
  const scene = new BinanceScene();
  scene.server.act('hideOrders', { ms: 2_000 });
  scene.stop('SELL', '49000', { ...half, clientAlgoId: 's' });
  assert.equal(scene.signed('GET', '/fapi/v1/algoOrder', { clientAlgoId: 's' }).body.code, -2013);
  assert.equal(scene.signed('GET', '/fapi/v1/openAlgoOrders').body.length, 0);
  scene.clock.jump(2_000);
  assert.equal(scene.signed('GET', '/fapi/v1/openAlgoOrders').body.length, 1);
});
