import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  beginMinute,
  type CurrencyPath,
  createCurrencyPath,
  gapCurrency,
  stepCurrency,
  stepsPerMinute,
} from './synthetic-currency.ts';
import type { RegimeName } from './synthetic-regime.ts';

function pathIn(name: RegimeName, seed = 1): CurrencyPath {
  const path = createCurrencyPath('EUR', seed);
  path.regime = { name, direction: 1, anchor: path.logRate, minutesLeft: 1_000_000 };
  return path;
}

/** Log moves of minutes in units of the currency's volatility. */
function moves(path: CurrencyPath, minutes: number): number[] {
  return Array.from({ length: minutes }, () => {
    const before = path.logRate;
    beginMinute(path);
    for (let step = 0; step < stepsPerMinute; step += 1) stepCurrency(path, 0, 1);
    return (path.logRate - before) / path.volatility;
  });
}

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

test('the dollar is the measure of the others and starts at one', () => {
  assert.equal(createCurrencyPath('USD', 1).logRate, 0);
  assert.equal(Math.exp(createCurrencyPath('EUR', 1).logRate), 1.1);
  assert.equal(createCurrencyPath('SEK', 1).logRate, 0);
});

test('a trend drifts by two fifths of the volatility a minute, the others do not', () => {
  for (const [name, drift] of [
    ['trending', 0.42],
    ['calm', 0],
    ['rupture', 0],
  ] as const) {
    const found = mean(moves(pathIn(name), 40_000));
    assert.ok(Math.abs(found - drift) < (name === 'rupture' ? 0.04 : 0.015), `${name} drifts by ${found}`);
  }
});

test('a rupture moves several times as much as a calm', () => {
  const spread = (name: RegimeName): number => Math.sqrt(mean(moves(pathIn(name), 20_000).map((move) => move * move)));
  assert.ok(spread('rupture') / spread('calm') > 3);
});

test('a choppy market comes back to where it began', () => {
  const path = pathIn('choppy');
  const distances = Array.from({ length: 300 }, () => {
    moves(path, 100);
    return Math.abs(path.logRate - path.regime.anchor) / path.volatility;
  });
  // Without the pull it would be 190 volatilities away after so many minutes.
  assert.ok(Math.max(...distances) < 20);
});

test('the common draw moves every currency the same way', () => {
  const [first, second] = [pathIn('calm', 1), createCurrencyPath('GBP', 1)];
  second.regime = { ...first.regime, anchor: second.logRate };
  const before = [first.logRate, second.logRate];
  for (let step = 0; step < 50; step += 1) for (const path of [first, second]) stepCurrency(path, 1, 1);
  assert.ok(first.logRate > (before[0] ?? 0) && second.logRate > (before[1] ?? 0));
});

test('a regime ends when its minutes are over, and with a weekend', () => {
  const path = pathIn('calm');
  path.regime.minutesLeft = 1;
  beginMinute(path);
  assert.equal(path.regime.name, 'calm');
  beginMinute(path);
  assert.notEqual(path.regime.name, 'calm');
  const trend = pathIn('trending');
  const before = trend.logRate;
  gapCurrency(trend);
  assert.notEqual(trend.regime.name, 'trending');
  assert.notEqual(trend.logRate, before);
});
