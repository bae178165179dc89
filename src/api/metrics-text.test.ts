import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { DeskStatus } from '#runtime/status.ts';
import { exampleMetrics } from '../../tests/support/example-metrics.ts';
import { exampleStatus } from '../../tests/support/example-status.ts';
import { scrape } from '../../tests/support/prometheus-text.ts';
import { metricsText } from './metrics-text.ts';

const lines = (text: string): string[] => text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));

const textOf = (status: DeskStatus = exampleStatus()): Promise<string> => metricsText(exampleMetrics({ status }));

test('counters end in total and gauges do not', async () => {
  const text = await textOf();
  assert.match(text, /^# HELP tradewind_bars_total .+\n# TYPE tradewind_bars_total counter\ntradewind_bars_total 17$/m);
  assert.match(text, /^# TYPE sep_margin_utilisation gauge\nsep_margin_utilisation 0\.02$/m);
  const counts = { bars: 17, ticks: 34, decisions: 8, orders: 3, fills: 2, denials: 1, round_trips: 1 };
  for (const [name, count] of Object.entries(counts)) {
    assert.match(text, new RegExp(`^tradewind_${name}_total ${count}$`, 'm'));
  }
});

test('the figures of the desk are told as they are', async () => {
  const told = lines(await textOf());
  for (const line of [
    'tradewind_equity 100001',
    'tradewind_balance 100000',
    `tradewind_event_time_seconds ${Date.UTC(2026, 0, 13, 8) / 1000}`,
    'tradewind_warm 1',
    'tradewind_alerts 1',
    'tradewind_position{instrument="EUR_USD"} 1000',
    'tradewind_position{instrument="USD_JPY"} 0',
    'tradewind_session_open{instrument="EUR_USD"} 1',
    'tradewind_session_open{instrument="USD_JPY"} 0',
    'tradewind_module_calls_total{module="spread-gate",slot="gate"} 8',
    'tradewind_module_changes_total{module="spread-gate",slot="gate"} 2',
    'tradewind_module_failures_total{module="spread-gate",slot="gate"} 0',
    'sep_allocator_hold 0',
    'sep_allocator_cooldown{instrument="EUR_USD"} 0',
    'sep_allocator_cooldown{instrument="USD_JPY"} 1',
    'sep_bt_calmar{instrument="EUR_USD"} 0.31',
    'quantum_trader_latency 1.5',
  ]) {
    assert.ok(told.includes(line), line);
  }
  assert.ok(!told.some((line) => line.startsWith('sep_bt_calmar{instrument="USD_JPY"}')));
});

test('health, journal, projections, store, streams and jobs are told', async () => {
  const told = lines(await textOf());
  for (const line of [
    'tradewind_health_status{dependency="journal"} 0',
    'tradewind_health_status{dependency="postgres"} 1',
    'tradewind_health_status{dependency="valkey"} 2',
    'tradewind_health_status{dependency="market_data"} 3',
    'tradewind_event_loop_lag_seconds 0.025',
    'tradewind_journal_sequence 43',
    'tradewind_journal_durable_sequence 42',
    'tradewind_projection_sequence{projection="keys"} 40',
    'tradewind_projection_lag{projection="keys"} 2',
    'tradewind_store_reachable 1',
    'tradewind_store_latency_seconds 0.0025',
    'tradewind_store_memory_bytes 1048576',
    'tradewind_store_memory_limit_bytes 1073741824',
    'tradewind_stream_length{stream="quantum:stream:trade.opened"} 5',
    'tradewind_group_lag{stream="quantum:stream:trade.opened",group="monitoring"} 3',
    'tradewind_group_pending{stream="quantum:stream:trade.opened",group="monitoring"} 1',
    'tradewind_dead_letters 2',
    'tradewind_jobs_open 1',
  ]) {
    assert.ok(told.includes(line), line);
  }
});

test('what a process does not have is not told', async () => {
  const sources = exampleMetrics({
    store: undefined,
    streams: undefined,
    deadLetters: undefined,
    latencyMs: undefined,
  });
  const text = await metricsText(sources);
  assert.doesNotMatch(text, /tradewind_store|tradewind_stream|tradewind_group|tradewind_dead|quantum_trader_latency/);
  assert.doesNotMatch(text, /sep_nav_change_7d/);
});

test('a store that is away says so and nothing else, and one without a limit has none', async () => {
  const away = await metricsText(exampleMetrics({ store: { isReachable: false, reason: 'refused' } }));
  assert.match(away, /^tradewind_store_reachable 0$/m);
  assert.doesNotMatch(away, /tradewind_store_memory|tradewind_store_latency/);
  const { store } = exampleMetrics();
  assert.ok(store?.isReachable === true);
  const unlimited = await metricsText(exampleMetrics({ store: { ...store, memoryLimitBytes: null } }));
  assert.match(unlimited, /^tradewind_store_memory_bytes 1048576$/m);
  assert.doesNotMatch(unlimited, /tradewind_store_memory_limit_bytes/);
});

test('a gate is a series of the constant one with its buffer in two decimals', async () => {
  const gates = lines(await textOf()).filter((line) => line.startsWith('sep_rolling_gate'));
  assert.deepEqual(gates, [
    'sep_rolling_gate{instrument="EUR_USD",eligible="1",buf="0.10"} 1',
    'sep_rolling_gate{instrument="USD_JPY",eligible="0",buf="0.15"} 1',
  ]);
});

test('only selected instruments have a selection series, so that counting them counts the selection', async () => {
  const selected = lines(await textOf()).filter((line) => line.startsWith('sep_allocator_selected'));
  assert.deepEqual(selected, ['sep_allocator_selected{instrument="EUR_USD"} 1']);
});

test('ages are in seconds of event time, and what has no age has no series', async () => {
  const text = await textOf();
  assert.match(text, /^sep_gates_blob_age_seconds 45$/m);
  assert.match(text, /^sep_allocator_age_seconds 30$/m);
  assert.match(text, /^sep_manifold_age_seconds\{instrument="EUR_USD"\} 60$/m);
  const bare = await textOf({ ...exampleStatus(), gates: null, weights: null });
  assert.doesNotMatch(bare, /sep_gates_blob_age_seconds|sep_allocator_age_seconds|sep_allocator_hold|sep_rolling_gate/);
});

test('an engaged kill switch is one', async () => {
  const status = exampleStatus();
  assert.match(await textOf(), /^sep_kill_switch 0$/m);
  assert.match(await textOf({ ...status, kill: { ...status.kill, isEngaged: true } }), /^sep_kill_switch 1$/m);
});

test('quotes, backslashes and line ends in a label cannot break out of it', async () => {
  const status = exampleStatus();
  const [first] = status.instruments;
  assert.ok(first !== undefined);
  const symbol = 'a"} 1\nevil{x="\\';
  const text = await textOf({ ...status, instruments: [{ ...first, symbol }] });
  assert.match(text, /^tradewind_position\{instrument="a\\"\} 1\\nevil\{x=\\"\\\\"\} 1000$/m);
  assert.doesNotMatch(text, /^evil/m);
  assert.deepEqual(scrape(text).get('tradewind_position')?.samples[0]?.labels, { instrument: symbol });
});

test('a number that is none is said in the words of the format', async () => {
  const status = exampleStatus();
  const text = await textOf({ ...status, account: { ...status.account, equity: Number.NaN, balance: -Infinity } });
  assert.match(text, /^tradewind_equity NaN$/m);
  assert.match(text, /^tradewind_balance -Inf$/m);
});

test('a scrape leaves nothing behind for the next one', async () => {
  const sources = exampleMetrics();
  assert.equal(await metricsText(sources), await metricsText(sources));
});
