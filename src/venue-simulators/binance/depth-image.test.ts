import assert from 'node:assert/strict';
import { test } from 'node:test';
import { BinanceScene } from '../../../tests/support/simulated-binance.ts';
import { DEPTH_LEVELS, depthChanges, depthImage, levelTexts } from './depth-image.ts';

const scene = new BinanceScene();
const world = scene.world();
const market = world.marketBySymbol.get('BTCUSDT');
assert.ok(market !== undefined);

test('each side goes away from the touch by ticks', () => {
  const { bids, asks } = depthImage(world, market);
  assert.deepEqual([bids.length, asks.length], [DEPTH_LEVELS, DEPTH_LEVELS]);
  assert.deepEqual(
    [bids[0]?.[0], bids[1]?.[0], asks[0]?.[0], asks[1]?.[0]],
    [5_000_000, 4_999_990, 5_000_010, 5_000_020],
  );
  for (const [, quantity] of [...bids, ...asks]) assert.ok(quantity >= 1 && quantity <= 1_000);
});

test('differences applied to what was give what is', () => {
  const before = depthImage(world, market).bids;
  scene.quote('BTCUSDT', 50_000.3);
  const after = depthImage(world, market).bids;
  const kept = new Map(before);
  for (const [price, quantity] of depthChanges(before, after)) {
    if (quantity === 0) kept.delete(price);
    else kept.set(price, quantity);
  }
  assert.deepEqual(
    [...kept].sort(([a], [b]) => b - a),
    after.map((level) => [...level]),
  );
});

test('levels are written as texts', () => {
  assert.deepEqual(levelTexts(market, [[5_000_010, 7]]), [['50000.10', '0.007']]);
});
