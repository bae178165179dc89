import assert from 'node:assert/strict';
import { test } from 'node:test';
import { BinanceScene } from '../../../tests/support/simulated-binance.ts';

test('funding is charged every eight hours to whoever holds something, longs where the rate is positive (F58)', async () => {
  const scene = new BinanceScene();
  scene.market('BUY', '0.010');
  const before = scene.floor.state.balance;
  await scene.clock.pass(4 * 3_600_000 - 1_000);
  const user = scene.userSocket();
  await scene.clock.pass(1_000);
  const [told] = user.events().filter(({ a }) => a?.m === 'FUNDING_FEE');
  const [row] = scene.signed('GET', '/fapi/v1/income', { incomeType: 'FUNDING_FEE' }).body;
  const [rate] = scene.request('GET', '/fapi/v1/fundingRate', 'symbol=BTCUSDT&limit=1').body;
  assert.equal(told.a.B[0].bc, row.income);
  assert.deepEqual(told.a.P, []);
  assert.equal(Math.round(Number(row.income) * 1e8), scene.floor.state.balance - before);
  assert.ok(Math.abs(Number(row.income) + 500 * Number(rate.fundingRate)) < 0.001);
});

test('nothing is charged without a position', async () => {
  const scene = new BinanceScene();
  await scene.clock.pass(24 * 3_600_000);
  assert.equal(scene.floor.state.balance, 10_000 * 1e8);
  assert.deepEqual(scene.signed('GET', '/fapi/v1/income').body, []);
});
