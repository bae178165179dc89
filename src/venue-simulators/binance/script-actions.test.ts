import assert from 'node:assert/strict';
import { test } from 'node:test';
import { BinanceScene } from '../../../tests/support/simulated-binance.ts';
import { SCRIPTED_MAX } from './script-switches.ts';

test('a price fills no more than told, until that is taken back', () => {
  const scene = new BinanceScene();
  scene.server.act('partialFills', { steps: 4 });
  const first = scene.limit('BUY', '0.010', '50100', { newOrderRespType: 'RESULT' });
  assert.deepEqual([first.body.status, first.body.executedQty], ['PARTIALLY_FILLED', '0.004']);
  scene.server.act('partialFills', {});
  const second = scene.limit('BUY', '0.010', '50100', { newOrderRespType: 'RESULT' });
  assert.equal(second.body.status, 'FILLED');
});

test('what is switched on for a count is over after it', () => {
  const scene = new BinanceScene();
  scene.server.act('acceptThenLose', { count: 2 });
  assert.deepEqual(
    [1, 2, 3].map(() => scene.market('BUY', '0.010').isReset),
    [true, true, false],
  );
});

test('fees go back to the own asset', () => {
  const scene = new BinanceScene();
  scene.server.act('foreignFeeAsset', {});
  scene.server.act('foreignFeeAsset', { asset: null });
  scene.market('BUY', '0.010');
  assert.equal(scene.signed('GET', '/fapi/v1/userTrades', { symbol: 'BTCUSDT' }).body[0].commissionAsset, 'USDT');
});

test('so many scripted answers and refusals wait at once and no more', () => {
  const scene = new BinanceScene();
  for (const [name, parameters] of [
    ['refuseOrders', { code: -1008 }],
    ['nextResponses', { status: 503 }],
  ] as const) {
    for (let count = 0; count < SCRIPTED_MAX; count += 1) scene.server.act(name, parameters);
    assert.throws(() => scene.server.act(name, parameters), /at most 1000/);
  }
});
