import assert from 'node:assert/strict';
import { test } from 'node:test';
import { configurationRowsAllocation } from './configuration-rows-allocation.ts';

test('the weights of the score add up to one without the hazard', () => {
  const weights = configurationRowsAllocation.filter(({ name }) => name.startsWith('ALLOC_SCORE_WEIGHT_'));
  assert.deepEqual(
    weights.map((row) => Number(row.default)),
    [0.6, 0.2, 0.15, 0.05, 0],
  );
});

test('a pulse is off and keeps to the interval of the seed', () => {
  const rows = new Map(configurationRowsAllocation.map((row) => [row.name, row]));
  assert.equal(rows.get('PULSE_ENABLED')?.default, '0');
  const interval = rows.get('PULSE_INTERVAL_SEC');
  assert.deepEqual([interval?.minimum, interval?.default, interval?.maximum], [240, '270', 300]);
});
