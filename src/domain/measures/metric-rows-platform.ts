import { counterRow, gaugeRow, type MetricRow } from './metric-row.ts';

const perGroup = { labels: ['stream', 'group'] };

/** What carries a desk: journal, projections, stores, streams and jobs. What a process does not have, it does not tell. */
export const metricRowsPlatform: readonly MetricRow[] = [
  gaugeRow('tradewind_health_status', '0 healthy, 1 unknown, 2 degraded, 3 critical.', {
    labels: ['dependency'],
    source: 'crypto-desk 3.4',
  }),
  gaugeRow('tradewind_event_loop_lag_seconds', 'How late the event loop is, 99th percentile.', {
    source: 'reliability F100',
  }),
  gaugeRow('tradewind_journal_sequence', 'Last event in the journal.'),
  gaugeRow('tradewind_journal_durable_sequence', 'Last event that is safe on the disk.'),
  gaugeRow('tradewind_projection_sequence', 'Last event in the store of a projection.', { labels: ['projection'] }),
  gaugeRow('tradewind_projection_lag', 'Durable events that are not in the store of a projection yet.', {
    labels: ['projection'],
    source: 'reliability F97',
  }),
  gaugeRow('tradewind_store_reachable', 'Whether the key store answers.'),
  gaugeRow('tradewind_store_latency_seconds', 'How long the key store took to answer.'),
  gaugeRow('tradewind_store_memory_bytes', "Memory of the key store's server, or the size of its file."),
  gaugeRow('tradewind_store_memory_limit_bytes', "Where the key store's server stops taking more."),
  gaugeRow('tradewind_stream_length', 'Entries in a stream.', { labels: ['stream'] }),
  gaugeRow('tradewind_group_lag', 'Entries of a stream that a group has yet to acknowledge.', {
    ...perGroup,
    source: 'reliability F97',
  }),
  gaugeRow('tradewind_group_pending', 'Entries delivered to a group and not acknowledged.', {
    ...perGroup,
    source: 'reliability F95',
  }),
  gaugeRow('tradewind_dead_letters', 'Messages that a group could not take.', { source: 'reliability F96' }),
  gaugeRow('tradewind_jobs_open', 'Jobs that were asked for and have not ended.'),
  counterRow(
    'tradewind_reconcile_differences_total',
    'Differences found between our books and the venue since the process began.',
    { source: 'fx-desk i.4' },
  ),
];
