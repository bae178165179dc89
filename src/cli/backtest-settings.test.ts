import assert from 'node:assert/strict';
import { test } from 'node:test';
import { withSettings } from './backtest-settings.ts';
import { UsageError } from './refusal.ts';

test('a setting replaces its variable in every spelling', () => {
  const environment = { GUARD_MIN_COHERENCE: '0.4', AUTO_MIN_COHERENCE: '0.4', PULSE_ENABLED: '1' };
  assert.deepEqual(withSettings(environment, { GUARD_MIN_COHERENCE: '0.6' }), {
    AUTO_MIN_COHERENCE: '0.6',
    PULSE_ENABLED: '1',
  });
  assert.deepEqual(environment, { GUARD_MIN_COHERENCE: '0.4', AUTO_MIN_COHERENCE: '0.4', PULSE_ENABLED: '1' });
});

test('a name that is none is refused with the nearest one', () => {
  assert.throws(
    () => withSettings({}, { AUTO_MIN_COHERENC: '0.6' }),
    (error) => error instanceof UsageError && /nearest is 'AUTO_MIN_COHERENCE'/.test(error.message),
  );
});

test('a variable that changes no decision is refused', () => {
  assert.deepEqual(withSettings({}, { EXPOSURE_SCALE: '0.05' }), { EXPOSURE_SCALE: '0.05' });
  assert.throws(() => withSettings({}, { TRADEWIND_PORT: '1' }), /expected a variable that trading depends on/);
});
