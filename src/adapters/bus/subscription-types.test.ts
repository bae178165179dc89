import assert from 'node:assert/strict';
import { test } from 'node:test';
import { defaultLimits } from './subscription-types.ts';

test('the limits are those of the specification', () => {
  assert.equal(defaultLimits.inFlightMax, 64);
  assert.equal(defaultLimits.retriesMax, 3);
  assert.equal(defaultLimits.minIdleMs, 60_000);
  assert.equal(defaultLimits.handledForMs, 24 * 60 * 60 * 1_000);
  assert.ok(defaultLimits.claimEveryMs < defaultLimits.minIdleMs);
});
