import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parameterKey } from '#domain/parameter-key.ts';
import { shadowStrategy } from '../../../tests/support/shadow-market.ts';
import { selectionParameters } from './selection-parameters.ts';

test('by default a few candidates are ranked on thirty days and proved on seven', () => {
  const { candidates, ...parameters } = selectionParameters.parse({});
  assert.deepEqual(parameters, {
    isEnabled: true,
    intervalDays: 7,
    selectionDays: 30,
    holdOutDays: 7,
    minimumTrades: 8,
  });
  const keys = candidates.map((candidate) => parameterKey({ ...shadowStrategy, ...candidate }));
  assert.ok(keys.length >= 4 && keys.length <= 6);
  assert.equal(new Set(keys).size, keys.length);
  assert.ok(keys.includes('c0.0:l12:t2.0:ec60:xc60'));
});

test('a candidate may change what a backtest is filed under and nothing else', () => {
  const parses = (candidate: object): boolean => selectionParameters.safeParse({ candidates: [candidate] }).success;
  assert.equal(parses({ coherencePercentile: 0.8, entryCooldownSeconds: 120, exitCooldownSeconds: 0 }), true);
  assert.equal(parses({ minimumCoherence: 0.5 }), true);
  assert.equal(parses({ stopLossPips: 20 }), false);
  assert.equal(parses({ directionLookback: 0 }), false);
});

test('round trips are kept long enough for the longest selection', () => {
  assert.equal(selectionParameters.safeParse({ selectionDays: 75, holdOutDays: 14 }).success, true);
  assert.equal(selectionParameters.safeParse({ selectionDays: 76 }).success, false);
  assert.equal(selectionParameters.safeParse({ candidates: Array.from({ length: 17 }, () => ({})) }).success, false);
});
