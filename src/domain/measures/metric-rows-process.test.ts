import assert from 'node:assert/strict';
import { test } from 'node:test';
import { metricRowsProcess, processMetricPrefix } from './metric-rows-process.ts';

test('the process has its names, all of them under the prefix', () => {
  const names = metricRowsProcess.map(({ name }) => name);
  assert.deepEqual(names, [
    'tradewind_process_process_cpu_user_seconds_total',
    'tradewind_process_process_cpu_system_seconds_total',
    'tradewind_process_process_cpu_seconds_total',
    'tradewind_process_process_start_time_seconds',
    'tradewind_process_process_resident_memory_bytes',
    'tradewind_process_process_virtual_memory_bytes',
    'tradewind_process_process_heap_bytes',
    'tradewind_process_process_open_fds',
    'tradewind_process_process_max_fds',
    'tradewind_process_nodejs_eventloop_lag_seconds',
    'tradewind_process_nodejs_eventloop_lag_min_seconds',
    'tradewind_process_nodejs_eventloop_lag_max_seconds',
    'tradewind_process_nodejs_eventloop_lag_mean_seconds',
    'tradewind_process_nodejs_eventloop_lag_stddev_seconds',
    'tradewind_process_nodejs_eventloop_lag_p50_seconds',
    'tradewind_process_nodejs_eventloop_lag_p90_seconds',
    'tradewind_process_nodejs_eventloop_lag_p99_seconds',
    'tradewind_process_nodejs_active_resources',
    'tradewind_process_nodejs_active_resources_total',
    'tradewind_process_nodejs_active_handles',
    'tradewind_process_nodejs_active_handles_total',
    'tradewind_process_nodejs_active_requests',
    'tradewind_process_nodejs_active_requests_total',
    'tradewind_process_nodejs_heap_size_total_bytes',
    'tradewind_process_nodejs_heap_size_used_bytes',
    'tradewind_process_nodejs_external_memory_bytes',
    'tradewind_process_nodejs_heap_space_size_total_bytes',
    'tradewind_process_nodejs_heap_space_size_used_bytes',
    'tradewind_process_nodejs_heap_space_size_available_bytes',
    'tradewind_process_nodejs_version_info',
    'tradewind_process_nodejs_gc_duration_seconds',
  ]);
  for (const name of names) assert.ok(name.startsWith(processMetricPrefix), name);
});
