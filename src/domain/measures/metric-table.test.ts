import assert from 'node:assert/strict';
import { test } from 'node:test';
import { findMetric, metricNamed, metricTable } from './metric-table.ts';

test('no name stands twice, and every row keeps to the rules of Prometheus', () => {
  const names = metricTable.map(({ name }) => name);
  assert.equal(new Set(names).size, names.length);
  for (const { name, labels, help, source } of metricTable) {
    assert.match(name, /^[a-z][a-z0-9_]*$/);
    for (const label of labels) assert.match(label, /^[a-z][a-z0-9_]*$/, name);
    assert.ok(/^[A-Z0-9].*\.$/.test(help) && source !== '', name);
  }
});

test('a counter of ours says so in its name', () => {
  // The seed has one counter without the ending; its name is kept.
  const seeded = ['quantum_trader_model_predictions'];
  for (const { name, type } of metricTable) {
    if (type === 'counter' && !seeded.includes(name)) assert.match(name, /_total$/);
  }
});

test('a series is found by its name, those of a histogram by its parts too', () => {
  assert.equal(findMetric('tradewind_equity')?.type, 'gauge');
  assert.equal(findMetric('quantum_trader_trade_pnl_bucket')?.name, 'quantum_trader_trade_pnl');
  assert.equal(findMetric('quantum_trader_trade_pnl_sum')?.name, 'quantum_trader_trade_pnl');
  assert.equal(findMetric('tradewind_equity_sum'), undefined);
  assert.equal(findMetric('tradewind_absent'), undefined);
});

test('a name of our own code that is not in the table is our own mistake', () => {
  assert.equal(metricNamed('sep_kill_switch').type, 'gauge');
  assert.throws(() => metricNamed('tradewind_absent'), { name: 'AssertionError' });
});
