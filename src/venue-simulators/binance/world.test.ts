import assert from 'node:assert/strict';
import { test } from 'node:test';
import { BinanceScene } from '../../../tests/support/simulated-binance.ts';
import { forgetTimer, marketOf, serverNow, setTimer } from './world.ts';

test('a world begins with what the floor holds', () => {
  const scene = new BinanceScene();
  scene.market('BUY', '0.010');
  const world = scene.world();
  assert.equal(world.ledger.balance, scene.floor.state.balance);
  assert.equal(world.ledger.positions.get('BTCUSDT-PERP.BINANCE')?.signedQuantity, 10);
  assert.equal(marketOf(world, 'ETHUSDT-PERP.BINANCE').symbol, 'ETHUSDT');
});

test("the venue's clock may be wrong", () => {
  const scene = new BinanceScene();
  const world = scene.world();
  world.script.clockSkewMs = -1_500;
  assert.equal(serverNow(world), scene.clock.now() - 1_500);
});

test('a timer set anew is the only one of its name', async () => {
  const scene = new BinanceScene();
  const world = scene.world();
  const acted: string[] = [];
  setTimer(world, 'a', 100, () => acted.push('first'));
  setTimer(world, 'a', 200, () => acted.push('second'));
  setTimer(world, 'b', 100, () => acted.push('other'));
  forgetTimer(world, 'b');
  await scene.clock.pass(300);
  assert.deepEqual(acted, ['second']);
  assert.equal(world.timers.size, 0);
});
