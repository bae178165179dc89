import assert from 'node:assert/strict';
import { test } from 'node:test';
import { BinanceScene } from '../../../tests/support/simulated-binance.ts';

test('a liquidation is told to everybody and listed for the account', () => {
  const scene = new BinanceScene();
  scene.market('BUY', '0.010');
  const everybody = scene.socket('/market/stream', 'streams=btcusdt@forceOrder/!forceOrder@arr');
  scene.server.act('liquidate', {});
  assert.deepEqual(
    everybody.events().map(({ stream, data }) => `${stream} ${data.o.S} ${data.o.z}`),
    ['btcusdt@forceOrder SELL 0.010', '!forceOrder@arr SELL 0.010'],
  );
  const [listed] = scene.signed('GET', '/fapi/v1/forceOrders').body;
  assert.match(listed.clientOrderId, /^autoclose-\d+$/);
  assert.deepEqual([listed.status, listed.executedQty], ['FILLED', '0.010']);
});
