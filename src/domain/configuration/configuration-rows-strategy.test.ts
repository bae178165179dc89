import assert from 'node:assert/strict';
import { test } from 'node:test';
import { configurationRowsStrategy } from './configuration-rows-strategy.ts';

const rows = new Map(configurationRowsStrategy.map((row) => [row.name, row]));

test('guards are calibrated, and the constants of the seed stand ready', () => {
  assert.equal(rows.get('GUARD_PROFILE')?.default, 'calibrated');
  const names = ['AUTO_MIN_COHERENCE', 'GUARD_MIN_STABILITY', 'AUTO_MAX_RUPTURE', 'AUTO_MAX_ENTROPY'];
  assert.deepEqual(
    names.map((name) => Number(rows.get(name)?.default)),
    [0.55, 0.4, 0.6, 0.7],
  );
});

test('every row of the strategy fills the strategy', () => {
  for (const row of configurationRowsStrategy) assert.equal(row.targets[0]?.domain, 'strategy', row.name);
});

test('both exits are off at first', () => {
  assert.equal(rows.get('EXIT_SLOPE_ENABLED')?.default, '0');
  assert.equal(rows.get('EXIT_PNL_ENABLED')?.default, '0');
});

test('every interval of the bracket has its minutes', () => {
  const row = rows.get('AUTO_TP_ATR_GRAN');
  assert.deepEqual(Object.keys(row?.policyValues ?? {}), row?.choices);
});
