import assert from 'node:assert/strict';
import { test } from 'node:test';
import { calibratedLevels, calibrationWindowsMin, type GuardHistory, guardCode } from './guard-levels.ts';
import { createRollingRank, pushValue } from './rolling-rank.ts';

const levels = { minimumCoherence: 0.55, minimumStability: 0.4, maximumRupture: 0.6, maximumEntropy: 0.7 };

test('a window within all bounds passes and each bound is inclusive', () => {
  assert.equal(guardCode({ coherence: 0.55, stability: 0.4, rupture: 0.6, entropy: 0.7 }, levels), 'pass');
});

test('the first broken bound is named', () => {
  assert.equal(
    guardCode({ coherence: 0.5, stability: 0.9, rupture: 0.1, entropy: 0.9 }, levels),
    'coherence-below-min',
  );
  assert.equal(
    guardCode({ coherence: 0.6, stability: 0.3, rupture: 0.7, entropy: 0.5 }, levels),
    'stability-below-min',
  );
  assert.equal(guardCode({ coherence: 0.6, stability: 0.9, rupture: 0.1, entropy: 0.9 }, levels), 'entropy-above-max');
});

test('a measure that is not a number is blocked', () => {
  assert.equal(
    guardCode({ coherence: Number.NaN, stability: 1, rupture: 0, entropy: 0 }, levels),
    'coherence-below-min',
  );
});

function historyOf(count: number): GuardHistory {
  const history = {
    coherence: createRollingRank(count),
    entropy: createRollingRank(count),
    rupture: createRollingRank(count),
  };
  for (let index = 0; index < count; index += 1) {
    pushValue(history.coherence, index / count);
    pushValue(history.entropy, index / count);
    pushValue(history.rupture, index / count);
  }
  return history;
}

test('too few windows give no levels', () => {
  const percentiles = { coherencePercentile: 0.7, entropyPercentile: 0.4, rupturePercentile: 0.8 };
  assert.equal(calibratedLevels(historyOf(calibrationWindowsMin - 1), percentiles), undefined);
});

test('levels are the percentiles of the market itself', () => {
  const found = calibratedLevels(historyOf(1001), {
    coherencePercentile: 0.7,
    entropyPercentile: 0.4,
    rupturePercentile: 0.8,
  });
  assert.ok(found !== undefined);
  assert.ok(Math.abs(found.minimumCoherence - 700 / 1001) < 1e-12);
  assert.ok(Math.abs(found.maximumEntropy - 400 / 1001) < 1e-12);
  assert.ok(Math.abs(found.maximumRupture - 800 / 1001) < 1e-12);
});
