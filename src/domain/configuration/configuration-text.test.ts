import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseEnv } from 'node:util';
import { configuration } from './configuration.ts';
import { renderEnvironmentExample, renderVariableReference } from './configuration-text.ts';
import { readConfiguration } from './read-configuration.ts';

test('the example as it stands sets nothing', () => {
  assert.deepEqual({ ...parseEnv(renderEnvironmentExample()) }, {});
});

test('the example with every sign taken away means the same as no file', () => {
  const uncommented = renderEnvironmentExample().replace(/^#(?=[A-Z_]+=)/gm, '');
  const environment = parseEnv(uncommented);
  assert.ok(Object.keys(environment).length > 80);
  const { values, problems } = readConfiguration(environment);
  assert.deepEqual(problems, []);
  for (const [name, { value }] of readConfiguration({}).values) assert.deepEqual(values.get(name)?.value, value, name);
});

test('the example leaves out planned and dead names and those of the launcher and the tests', () => {
  const text = renderEnvironmentExample();
  for (const { name, kind, readAt } of configuration) {
    const isShown = kind !== 'legacy' && !['planned', 'tests', '.ci/run', 'bin/tradewind'].includes(readAt);
    assert.equal(text.includes(`\n#${name}=`), isShown, name);
  }
});

test('the example says how runs differ', () => {
  assert.match(renderEnvironmentExample(), /Not set: 1 live, 0 on paper, 0 in a backtest\.\n#KILL_SWITCH=\n/);
  assert.match(renderEnvironmentExample(), /Not set: the value of ALLOC_TOP_K\.\n#RISK_MAX_TOTAL_POSITIONS=\n/);
});

test('the reference has one row for each variable', () => {
  const rows = renderVariableReference().match(/^\| `.*\|$/gm) ?? [];
  assert.equal(rows.length, configuration.length);
  for (const row of rows) assert.equal(row.split(/(?<!\\)\|/).length, 9, row);
});

test('a row tells default, expectation, meaning, policy, reader and source', () => {
  const lines = renderVariableReference().split('\n');
  assert.ok(
    lines.includes(
      '| `ALLOC_SCORE_WEIGHT_COHERENCE`, also `ALLOC_W_C` | `0.6` | a number at least 0 | Weight of coherence in the score. | `top-k-allocator.weightCoherence` | `modules/top-k-allocator` | seed |',
    ),
  );
  const legacy = lines.find((line) => line.startsWith('| `STRANDS_C_MIN`'));
  assert.match(legacy ?? '', /\| not set \|.*\| \*no effect\* \| seed \|$/);
});
