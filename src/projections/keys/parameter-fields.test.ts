import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parameterKey } from '#domain/parameter-key.ts';
import { parameterFields } from './parameter-fields.ts';

const parameters = {
  guardProfile: 'seed',
  minimumCoherence: 0.55,
  coherencePercentile: 0.7,
  directionLookback: 12,
  directionThresholdBps: 2,
  entryCooldownSeconds: 60,
  exitCooldownSeconds: 90,
} as const;

test('the parameters are read back from their key', () => {
  assert.equal(parameterKey(parameters), 'c0.55:l12:t2.0:ec60:xc90');
  assert.deepEqual(parameterFields('c0.55:l12:t2.0:ec60:xc90'), {
    c_min: 0.55,
    direction_lookback: 12,
    dir_threshold_bps: 2,
    entry_cooldown_sec: 60,
    exit_cooldown_sec: 90,
    c_percentile: null,
  });
});

test('a percentile is no least coherence', () => {
  const key = parameterKey({ ...parameters, guardProfile: 'calibrated' });
  assert.equal(key, 'cp70:l12:t2.0:ec60:xc90');
  const fields = parameterFields(key);
  assert.deepEqual([fields?.c_min, fields?.c_percentile], [null, 0.7]);
});

test('small figures are read in the spelling of the key, and other texts are none', () => {
  assert.equal(parameterFields(parameterKey({ ...parameters, directionThresholdBps: 1e-5 }))?.dir_threshold_bps, 1e-5);
  assert.equal(parameterFields('c0.55:l12'), undefined);
});
