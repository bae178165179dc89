import assert from 'node:assert/strict';
import { test } from 'node:test';
import { metricRowsPlatform } from './metric-rows-platform.ts';

test('journal, projections, stores, streams and jobs have their names, and all of them exist', () => {
  const names = metricRowsPlatform.map(({ name }) => name);
  assert.deepEqual(names, [
    'tradewind_health_status',
    'tradewind_event_loop_lag_seconds',
    'tradewind_journal_sequence',
    'tradewind_journal_durable_sequence',
    'tradewind_projection_sequence',
    'tradewind_projection_lag',
    'tradewind_store_reachable',
    'tradewind_store_latency_seconds',
    'tradewind_store_memory_bytes',
    'tradewind_store_memory_limit_bytes',
    'tradewind_stream_length',
    'tradewind_group_lag',
    'tradewind_group_pending',
    'tradewind_dead_letters',
    'tradewind_jobs_open',
    'tradewind_reconcile_differences_total',
  ]);
  for (const { name, plannedIn } of metricRowsPlatform) assert.equal(plannedIn, null, name);
});
