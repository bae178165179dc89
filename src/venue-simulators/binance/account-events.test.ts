import assert from 'node:assert/strict';
import { test } from 'node:test';
import { BinanceScene } from '../../../tests/support/simulated-binance.ts';

test('only what moved is told of the account', () => {
  const scene = new BinanceScene();
  const user = scene.userSocket();
  scene.server.act('deposit', { amount: '100' });
  scene.market('BUY', '0.010');
  const [deposit, fill] = user.events().filter(({ e }) => e === 'ACCOUNT_UPDATE');
  assert.deepEqual(
    [deposit.a.m, deposit.a.B[0].wb, deposit.a.B[0].bc, deposit.a.P],
    ['DEPOSIT', '10100.00000000', '100.00000000', []],
  );
  assert.deepEqual([fill.a.m, fill.a.P.length, fill.a.P[0].s, fill.a.P[0].ep], ['ORDER', 1, 'BTCUSDT', '50000.100000']);
});

test('a change of margin type is told with the position (F63)', () => {
  const scene = new BinanceScene();
  scene.market('BUY', '0.010');
  const user = scene.userSocket();
  scene.server.act('marginTypeChanged', {});
  const [told] = user.events();
  assert.deepEqual([told.a.m, told.a.P[0].mt], ['MARGIN_TYPE_CHANGE', 'isolated']);
});

test('a margin call names the position and what it must keep', () => {
  const scene = new BinanceScene();
  scene.market('BUY', '0.010');
  const user = scene.userSocket();
  scene.server.act('marginCall', {});
  const [call] = user.events();
  assert.deepEqual([call.e, call.p[0].s, call.p[0].pa, call.p[0].mt], ['MARGIN_CALL', 'BTCUSDT', '0.010', 'cross']);
});
