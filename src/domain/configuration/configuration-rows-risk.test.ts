import assert from 'node:assert/strict';
import { test } from 'node:test';
import { configurationRowsRisk } from './configuration-rows-risk.ts';

const rows = new Map(configurationRowsRisk.map((row) => [row.name, row]));

test('live starts locked, paper and backtest open', () => {
  const locks = ['KILL_SWITCH', 'READ_ONLY', 'LIVE_TRADING_ENABLED', 'DRY_RUN_TRADES'];
  assert.deepEqual(
    locks.map((name) => rows.get(name)?.defaultByRun?.live),
    ['1', '1', '0', '1'],
  );
  for (const name of locks) {
    assert.equal(rows.get(name)?.defaultByRun?.paper, '0', name);
    assert.equal(rows.get(name)?.defaultByRun?.backtest, '0', name);
  }
});

test('of the locks, the run command reads the one on changes through the API', () => {
  const { kind, readAt } = rows.get('READ_ONLY') ?? {};
  assert.deepEqual([kind, readAt], ['process', 'cli']);
});

test('the widest spread has no figure of its own', () => {
  assert.equal(rows.get('MAX_SPREAD_BPS')?.default, '');
});

test('entries come back below the share that stops them', () => {
  assert.equal(rows.get('MARGIN_HYST_LOW')?.notAbove, 'MARGIN_HYST_HIGH');
  assert.ok(Number(rows.get('MARGIN_HYST_LOW')?.default) < Number(rows.get('MARGIN_HYST_HIGH')?.default));
});
