import assert from 'node:assert/strict';
import { test } from 'node:test';
import { exampleStatus } from '../../tests/support/example-status.ts';
import { metricsText } from './metrics-text.ts';

const lines = (text: string): string[] => text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));

test('counters end in total and gauges do not', () => {
  const text = metricsText(exampleStatus());
  assert.match(text, /^# HELP tradewind_bars_total .+\n# TYPE tradewind_bars_total counter\ntradewind_bars_total 17$/m);
  assert.match(text, /^# TYPE sep_margin_utilisation gauge\nsep_margin_utilisation 0\.02$/m);
  for (const name of ['bars', 'ticks', 'decisions', 'orders', 'fills', 'denials', 'round_trips']) {
    assert.match(text, new RegExp(`^tradewind_${name}_total \\d+$`, 'm'));
  }
});

test('a gate is a series of the constant one with its buffer in two decimals', () => {
  const gates = lines(metricsText(exampleStatus())).filter((line) => line.startsWith('sep_rolling_gate'));
  assert.deepEqual(gates, [
    'sep_rolling_gate{instrument="EUR_USD",eligible="1",buf="0.10"} 1',
    'sep_rolling_gate{instrument="USD_JPY",eligible="0",buf="0.15"} 1',
  ]);
});

test('only selected instruments have a selection series, so that counting them counts the selection', () => {
  const selected = lines(metricsText(exampleStatus())).filter((line) => line.startsWith('sep_allocator_selected'));
  assert.deepEqual(selected, ['sep_allocator_selected{instrument="EUR_USD"} 1']);
});

test('ages are in seconds of event time, and what has no age has no series', () => {
  const text = metricsText(exampleStatus());
  assert.match(text, /^sep_gates_blob_age_seconds 45$/m);
  assert.match(text, /^sep_allocator_age_seconds 30$/m);
  assert.match(text, /^sep_manifold_age_seconds\{instrument="EUR_USD"\} 60$/m);
  const bare = metricsText({ ...exampleStatus(), gates: null, weights: null });
  assert.doesNotMatch(bare, /sep_gates_blob_age_seconds|sep_allocator_age_seconds|sep_allocator_hold|sep_rolling_gate/);
});

test('an engaged kill switch is one', () => {
  const status = exampleStatus();
  assert.match(metricsText(status), /^sep_kill_switch 0$/m);
  assert.match(metricsText({ ...status, kill: { ...status.kill, isEngaged: true } }), /^sep_kill_switch 1$/m);
});

test('quotes, backslashes and line ends in a label cannot break out of it', () => {
  const status = exampleStatus();
  const [first] = status.instruments;
  assert.ok(first !== undefined);
  const symbol = 'a"} 1\nevil{x="\\';
  const text = metricsText({ ...status, instruments: [{ ...first, symbol }] });
  assert.match(text, /^tradewind_position\{instrument="a\\"\} 1\\nevil\{x=\\"\\\\"\} 1000$/m);
  assert.doesNotMatch(text, /^evil/m);
});

test('a number that is none is said in the words of the format', () => {
  const status = exampleStatus();
  const text = metricsText({ ...status, account: { ...status.account, equity: Number.NaN, balance: -Infinity } });
  assert.match(text, /^tradewind_equity NaN$/m);
  assert.match(text, /^tradewind_balance -Inf$/m);
});
