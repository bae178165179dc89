import assert from 'node:assert/strict';
import { test } from 'node:test';
import { metricRowsCrypto, metricRowsFx, metricRowsRun } from './metric-rows-desk.ts';

test('every name of the FX desk specification is in the table', () => {
  const names = metricRowsFx.map(({ name }) => name).sort();
  assert.deepEqual(names, [
    'sep_allocator_age_seconds',
    'sep_allocator_cooldown',
    'sep_allocator_hold',
    'sep_allocator_selected',
    'sep_bt_calmar',
    'sep_candle_gap_total',
    'sep_exit_efficiency',
    'sep_gates_blob_age_seconds',
    'sep_global_status_age_seconds',
    'sep_guard_block_total',
    'sep_kill_switch',
    'sep_manifold_age_seconds',
    'sep_margin_utilisation',
    'sep_nav_change_7d',
    'sep_order_reject_total',
    'sep_rolling_gate',
    'sep_span_integrity_ok',
    'sep_span_monotonic_violations_total',
    'sep_strategy_entry_total',
    'sep_studies_series_calls_total',
  ]);
});

test('every name of the crypto desk specification is in the table', () => {
  const stated = ['trade.pnl', 'trade.size_usd', 'trade.duration_sec', 'trade.total', 'latency'];
  const names = [...stated, 'model.predictions', 'model.confidence'].map(
    (name) => `quantum_trader_${name.replace('.', '_')}`,
  );
  assert.deepEqual(
    metricRowsCrypto.map(({ name }) => name),
    names,
  );
});

test('what any desk tells of itself exists and bears the name of the house', () => {
  const names = metricRowsRun.map(({ name }) => name);
  assert.deepEqual(names, [
    'tradewind_bars_total',
    'tradewind_ticks_total',
    'tradewind_decisions_total',
    'tradewind_orders_total',
    'tradewind_fills_total',
    'tradewind_denials_total',
    'tradewind_round_trips_total',
    'tradewind_equity',
    'tradewind_balance',
    'tradewind_event_time_seconds',
    'tradewind_warm',
    'tradewind_alerts',
    'tradewind_position',
    'tradewind_session_open',
    'tradewind_module_calls_total',
    'tradewind_module_changes_total',
    'tradewind_module_failures_total',
  ]);
  for (const { name, plannedIn } of metricRowsRun) assert.equal(plannedIn, null, name);
});
