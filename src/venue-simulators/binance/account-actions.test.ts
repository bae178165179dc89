import assert from 'node:assert/strict';
import { test } from 'node:test';
import { BinanceScene } from '../../../tests/support/simulated-binance.ts';

test('the mode of the account flips under its orders (F59)', () => {
  const scene = new BinanceScene();
  scene.server.act('hedgeMode', {});
  assert.deepEqual(scene.signed('GET', '/fapi/v1/positionSide/dual').body, { dualSidePosition: true });
  assert.equal(scene.market('BUY', '0.010').body.code, -4061);
  scene.server.act('hedgeMode', { on: false });
  assert.equal(scene.market('BUY', '0.010').status, 200);
});

test('assets are margined together, which is told (F62)', () => {
  const scene = new BinanceScene();
  const user = scene.userSocket();
  scene.server.act('multiAssets', {});
  assert.deepEqual(user.events()[0].ai, { j: true });
});

test('leverage changes by another hand (F61)', () => {
  const scene = new BinanceScene();
  const user = scene.userSocket();
  scene.server.act('leverageChanged', { leverage: 3 });
  assert.deepEqual(user.events()[0].ac, { s: 'BTCUSDT', l: 3 });
});

test('an address is banned for so long, and every one that was seen without a name (F47)', () => {
  const scene = new BinanceScene();
  scene.request('GET', '/fapi/v1/ping');
  scene.server.act('banAddress', { ms: 5_000 });
  assert.equal(scene.market('SELL', '0.010').status, 418);
  scene.clock.jump(5_000);
  assert.equal(scene.request('GET', '/fapi/v1/ping').status, 200);
});

test('rights of the account are as told (F64)', () => {
  const scene = new BinanceScene();
  scene.server.act('permissions', { canTrade: false, canWithdraw: true });
  const config = scene.signed('GET', '/fapi/v1/accountConfig').body;
  assert.deepEqual([config.canTrade, config.canWithdraw], [false, true]);
  const rights = scene.signed('GET', '/sapi/v1/account/apiRestrictions').body;
  assert.deepEqual([rights.enableFutures, rights.enableWithdrawals], [false, true]);
});

test('money comes and goes, at the floor too', () => {
  const scene = new BinanceScene();
  scene.server.act('withdraw', { amount: '1000.5' });
  assert.equal(scene.floor.state.balance, 899_950_000_000);
  assert.equal(scene.signed('GET', '/fapi/v3/balance').body[0].balance, '8999.50000000');
});
