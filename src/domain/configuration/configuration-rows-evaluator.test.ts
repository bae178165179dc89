import assert from 'node:assert/strict';
import { test } from 'node:test';
import { configurationRowsEvaluator } from './configuration-rows-evaluator.ts';

const defaults = Object.fromEntries(configurationRowsEvaluator.map((row) => [row.name, row.default]));

test('gates are published each minute and results come each quarter of an hour', () => {
  assert.equal(defaults['EVAL_INTERVAL_SEC'], '60');
  assert.equal(defaults['EVAL_BACKTEST_INTERVAL_SEC'], '900');
  assert.equal(defaults['GATES_BLOB_MAX_AGE_SEC'], '180');
});

test('the floors are those of the seed catalogue', () => {
  assert.equal(defaults['EVAL_MIN_TRADES'], '8');
  assert.equal(Number(defaults['EVAL_CALMAR_MIN']), 0.1);
  assert.equal(Number(defaults['EVAL_PNL_MIN']), 0);
});

test('a pattern needs two matches to be eligible, three where repetition alone admits', () => {
  assert.equal(defaults['SESSION_PATTERN_MIN_OCCURRENCES'], '2');
  assert.equal(defaults['ECHO_MIN_REPETITIONS'], '3');
});

test('the one hazard bound serves the evaluator and the guards', () => {
  const row = configurationRowsEvaluator.find(({ name }) => name === 'AUTO_MAX_HAZARD');
  assert.deepEqual(
    row?.targets.map(({ domain }) => domain),
    ['rolling-evaluator', 'manifold-guards'],
  );
});
