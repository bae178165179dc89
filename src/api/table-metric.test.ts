import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Registry } from 'prom-client';
import { tableCounter, tableGauge, tableHistogram } from './table-metric.ts';

test('a metric has the help, the type and the labels of its row', async () => {
  const registry = new Registry();
  tableCounter(registry, 'sep_order_reject_total').inc({ code: 'MARKET_HALTED' });
  tableGauge(registry, 'sep_kill_switch').set(1);
  tableHistogram(registry, 'quantum_trader_trade_pnl', [-1, 0]).observe({ instrument: 'EUR_USD' }, -0.5);
  const text = await registry.metrics();
  assert.ok(text.includes('# HELP sep_order_reject_total Orders that the venue rejected.\n'));
  assert.ok(text.includes('# TYPE sep_order_reject_total counter\nsep_order_reject_total{code="MARKET_HALTED"} 1\n'));
  assert.ok(text.includes('# TYPE sep_kill_switch gauge\nsep_kill_switch 1\n'));
  assert.ok(text.includes('quantum_trader_trade_pnl_bucket{le="0",instrument="EUR_USD"} 1\n'));
  assert.throws(() => tableCounter(registry, 'sep_order_reject_total'), /already been registered/);
});

test('a name that is not in the table, is of another type or is planned is our own mistake', () => {
  const registry = new Registry();
  const mistake = { name: 'AssertionError' };
  assert.throws(() => tableGauge(registry, 'tradewind_absent'), mistake);
  assert.throws(() => tableGauge(registry, 'tradewind_bars_total'), mistake);
  assert.throws(() => tableCounter(registry, 'quantum_trader_model_predictions'), mistake);
});
