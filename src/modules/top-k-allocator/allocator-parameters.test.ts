import assert from 'node:assert/strict';
import { test } from 'node:test';
import { allocatorParameters } from './allocator-parameters.ts';

test('the defaults are those of the specification', () => {
  assert.deepEqual(allocatorParameters.parse({}), {
    intervalSeconds: 60,
    topK: 3,
    weightCoherence: 0.6,
    weightStability: 0.2,
    weightRupture: 0.15,
    weightEntropy: 0.05,
    weightHazard: 0,
    holdMaximumSeconds: 900,
    fallbackTradable: false,
    gatesMaxAgeSeconds: 180,
    manifoldAgeSeconds: 60,
    targetFraction: 0.3,
    budgetBase: 'margin',
  });
});

test('a field nobody knows is refused', () => {
  assert.throws(() => allocatorParameters.parse({ weightVolume: 1 }));
});
