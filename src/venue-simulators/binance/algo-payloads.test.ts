import assert from 'node:assert/strict';
import { test } from 'node:test';
import { BinanceScene } from '../../../tests/support/simulated-binance.ts';

test('the link to the order it became is a text, and empty before', () => {
  const scene = new BinanceScene();
  scene.market('BUY', '0.010');
  const user = scene.userSocket();
  scene.stop('SELL', '49000', { quantity: '0.010', reduceOnly: 'true', clientAlgoId: 's' });
  const before = scene.signed('GET', '/fapi/v1/algoOrder', { clientAlgoId: 's' }).body;
  assert.deepEqual([before.algoStatus, before.actualOrderId], ['NEW', '']);
  scene.quote('BTCUSDT', 48_900);
  const links = user.events().flatMap(({ e, o }) => (e === 'ALGO_UPDATE' ? [o.ai] : []));
  assert.deepEqual(links, ['', '', '8389766145050669871', '8389766145050669871']);
  const after = scene.signed('GET', '/fapi/v1/algoOrder', { clientAlgoId: 's' }).body;
  assert.deepEqual(
    [after.algoStatus, after.actualOrderId, after.actualPrice, after.actualQty],
    ['FINISHED', '8389766145050669871', '48900.00000', '0.010'],
  );
});
