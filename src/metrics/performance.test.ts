import assert from 'node:assert/strict';
import { test } from 'node:test';
import { calmarRatio, createDrawdownGauge, gaugeEquity, profitFactor, sharpeRatio } from './performance.ts';

test('a drawdown is measured from the highest peak before it', () => {
  const gauge = createDrawdownGauge();
  for (const equity of [100, 120, 90, 130, 117]) gaugeEquity(gauge, equity);
  assert.equal(gauge.maximum, 0.25);
});

test('the Sharpe ratio of known returns', () => {
  // Returns 1 % and 3 %: mean 2 %, sample deviation √2 %.
  const equity = [100, 101, 101 * 1.03];
  assert.ok(Math.abs(sharpeRatio(equity) - Math.SQRT2 * Math.sqrt(252)) < 1e-9);
});

test('a flat account has no Sharpe ratio', () => {
  assert.equal(sharpeRatio([100, 100, 100]), 0);
  assert.equal(sharpeRatio([100]), 0);
});

test('Calmar is bounded and nothing without trades', () => {
  assert.equal(calmarRatio(0.008, 0.04, 3), 0.2);
  assert.equal(calmarRatio(0.5, 0, 3), 100);
  assert.equal(calmarRatio(0.5, 0.1, 0), 0);
});

test('the profit factor is gains over losses', () => {
  assert.equal(profitFactor([3, -1, -0.5]), 2);
  assert.equal(profitFactor([-1]), 0);
  assert.equal(profitFactor([1]), 1000);
});
