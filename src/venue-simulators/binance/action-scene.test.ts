import assert from 'node:assert/strict';
import { test } from 'node:test';
import { BinanceScene } from '../../../tests/support/simulated-binance.ts';
import { actionMarket, actionSteps } from './action-scene.ts';

const world = new BinanceScene().world();

test('the first market is meant where none is named', () => {
  assert.equal(actionMarket(world, undefined).symbol, 'BTCUSDT');
  assert.equal(actionMarket(world, 'ETHUSDT').symbol, 'ETHUSDT');
  assert.throws(() => actionMarket(world, 'NOPE'), /lists no 'NOPE'/);
});

test('figures are read in steps', () => {
  assert.equal(actionSteps('0.5', 3), 500);
  assert.throws(() => actionSteps('0.0005', 3));
});
