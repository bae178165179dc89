import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parameterKey } from './parameter-key.ts';

const parameters = {
  guardProfile: 'seed',
  minimumCoherence: 0.55,
  coherencePercentile: 0.7,
  directionLookback: 12,
  directionThresholdBps: 2,
  entryCooldownSeconds: 60,
  exitCooldownSeconds: 60,
} as const;

test('a constant least coherence is written as Python writes a float', () => {
  assert.equal(parameterKey(parameters), 'c0.55:l12:t2.0:ec60:xc60');
  assert.equal(
    parameterKey({ ...parameters, minimumCoherence: 1, directionThresholdBps: 1.5 }),
    'c1.0:l12:t1.5:ec60:xc60',
  );
  assert.equal(
    parameterKey({ ...parameters, minimumCoherence: 0, directionThresholdBps: 0 }),
    'c0.0:l12:t0.0:ec60:xc60',
  );
});

test('a percentile is written in percent', () => {
  const calibrated = { ...parameters, guardProfile: 'calibrated' } as const;
  assert.equal(parameterKey(calibrated), 'cp70:l12:t2.0:ec60:xc60');
  assert.equal(parameterKey({ ...calibrated, coherencePercentile: 0.55 }), 'cp55:l12:t2.0:ec60:xc60');
  assert.equal(parameterKey({ ...calibrated, coherencePercentile: 0.725 }), 'cp72.5:l12:t2.0:ec60:xc60');
});

test('very small and very large figures have an exponent of two digits', () => {
  assert.equal(parameterKey({ ...parameters, minimumCoherence: 0.0001 }), 'c0.0001:l12:t2.0:ec60:xc60');
  assert.equal(parameterKey({ ...parameters, minimumCoherence: 0.00001 }), 'c1e-05:l12:t2.0:ec60:xc60');
  assert.equal(parameterKey({ ...parameters, directionThresholdBps: 1.5e-7 }), 'c0.55:l12:t1.5e-07:ec60:xc60');
  assert.equal(parameterKey({ ...parameters, directionThresholdBps: 1e16 }), 'c0.55:l12:t1e+16:ec60:xc60');
});
