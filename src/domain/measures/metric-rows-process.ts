import { counterRow, gaugeRow, histogramRow, type MetricRow } from './metric-row.ts';

/** Stands before every name that the metrics library gives to its figures of a process. */
export const processMetricPrefix = 'tradewind_process_';

const node = { source: 'prom-client' };
const processName = (name: string): string => `${processMetricPrefix}process_${name}`;
const nodeName = (name: string): string => `${processMetricPrefix}nodejs_${name}`;

/** What the metrics library tells of the process, under our prefix. Memory in pages and open files are told on Linux alone. */
export const metricRowsProcess: readonly MetricRow[] = [
  counterRow(processName('cpu_user_seconds_total'), 'Seconds of processor time in our own code.', node),
  counterRow(processName('cpu_system_seconds_total'), 'Seconds of processor time in the system.', node),
  counterRow(processName('cpu_seconds_total'), 'Seconds of processor time.', node),
  gaugeRow(processName('start_time_seconds'), 'When the process began, seconds since 1970.', node),
  gaugeRow(processName('resident_memory_bytes'), 'Memory that the process holds.', node),
  gaugeRow(processName('virtual_memory_bytes'), 'Address space of the process.', node),
  gaugeRow(processName('heap_bytes'), 'Data segment of the process.', node),
  gaugeRow(processName('open_fds'), 'Open files and sockets.', node),
  gaugeRow(processName('max_fds'), 'Files and sockets that may be open.', node),
  gaugeRow(nodeName('eventloop_lag_seconds'), 'How late the event loop was at the request.', node),
  gaugeRow(nodeName('eventloop_lag_min_seconds'), 'Least delay of the event loop since the last request.', node),
  gaugeRow(nodeName('eventloop_lag_max_seconds'), 'Greatest delay of the event loop since the last request.', node),
  gaugeRow(nodeName('eventloop_lag_mean_seconds'), 'Mean delay of the event loop since the last request.', node),
  gaugeRow(nodeName('eventloop_lag_stddev_seconds'), 'Deviation of the delays of the event loop.', node),
  gaugeRow(nodeName('eventloop_lag_p50_seconds'), 'Median delay of the event loop.', node),
  gaugeRow(nodeName('eventloop_lag_p90_seconds'), 'Delay of the event loop, 90th percentile.', node),
  gaugeRow(nodeName('eventloop_lag_p99_seconds'), 'Delay of the event loop, 99th percentile.', node),
  gaugeRow(nodeName('active_resources'), 'What keeps the event loop alive, by kind.', { ...node, labels: ['type'] }),
  gaugeRow(nodeName('active_resources_total'), 'How much keeps the event loop alive.', node),
  gaugeRow(nodeName('active_handles'), 'Open handles by kind.', { ...node, labels: ['type'] }),
  gaugeRow(nodeName('active_handles_total'), 'Open handles.', node),
  gaugeRow(nodeName('active_requests'), 'Requests to the system by kind.', { ...node, labels: ['type'] }),
  gaugeRow(nodeName('active_requests_total'), 'Requests to the system.', node),
  gaugeRow(nodeName('heap_size_total_bytes'), 'Size of the heap.', node),
  gaugeRow(nodeName('heap_size_used_bytes'), 'Part of the heap in use.', node),
  gaugeRow(nodeName('external_memory_bytes'), 'Memory outside of the heap.', node),
  gaugeRow(nodeName('heap_space_size_total_bytes'), 'Size of each space of the heap.', { ...node, labels: ['space'] }),
  gaugeRow(nodeName('heap_space_size_used_bytes'), 'Part of each space in use.', { ...node, labels: ['space'] }),
  gaugeRow(nodeName('heap_space_size_available_bytes'), 'Part of each space left.', { ...node, labels: ['space'] }),
  gaugeRow(nodeName('version_info'), 'Version of Node; always 1.', {
    ...node,
    labels: ['version', 'major', 'minor', 'patch'],
  }),
  histogramRow(nodeName('gc_duration_seconds'), 'Duration of garbage collections by kind.', {
    ...node,
    labels: ['kind'],
  }),
];
