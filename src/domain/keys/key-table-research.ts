import { z } from 'zod';
import { dayMs, type KeyRow } from './key-table-row.ts';

const planned = {
  encoding: 'json',
  schema: null,
  ttlMs: 14 * dayMs,
  writer: 'research',
  readers: 'promotion, dashboard',
  desk: 'fx',
  plannedIn: 4,
} as const;

const trial = { ...planned, ttlMs: 30 * dayMs, readers: 'selector, reports, API' } as const;

/** Keys of backtests, reports and promotion. */
export const keyTableResearch: readonly KeyRow[] = [
  {
    ...trial,
    pattern: 'bt:trial:run:{run_id}',
    type: 'string',
    value:
      '`{run_id, instrument, days, hours, params, start_ms, end_ms, summary, signals_used, created_ts, engine}` of one backtest, a run without a trade too.',
    source: 'fx-desk b.3, h.3',
  },
  {
    ...trial,
    pattern: 'bt:trial:trades:{run_id}',
    type: 'string',
    value:
      'A list of `{instrument, side, entry_ms, exit_ms, entry, exit, units, pnl, pnl_bps, mae, mfe, reason, bars}`.',
    source: 'fx-desk b.3, h.3',
  },
  {
    ...trial,
    pattern: 'bt:trial:index',
    type: 'sortedSet',
    encoding: 'text',
    value: 'Ids of runs by their time.',
    schema: z.string(),
    ttlMs: null,
    bound: 'pruned with the runs',
    source: 'fx-desk b.3',
  },
  {
    ...trial,
    pattern: 'bt:trial:index:{inst}:{hours}',
    type: 'sortedSet',
    encoding: 'text',
    value: 'Ids of runs of one span.',
    schema: z.string(),
    ttlMs: null,
    bound: 'pruned with the runs',
    source: 'fx-desk b.3',
  },
  {
    ...trial,
    pattern: 'bt:trial:index:{inst}:{hours}:{param_key}',
    type: 'sortedSet',
    encoding: 'text',
    value: 'Ids of runs of one span and parameter set.',
    schema: z.string(),
    ttlMs: null,
    bound: 'pruned with the runs',
    source: 'fx-desk b.3, h.3',
  },
  {
    ...planned,
    pattern: 'opt:best_config:{inst}',
    type: 'string',
    value: '`{params, env, summary, ts}` of the winner.',
    source: 'fx-desk b.3, h.5',
  },
  {
    ...planned,
    pattern: 'opt:best_config_meta:{inst}',
    type: 'string',
    value: 'How the winner was found.',
    source: 'fx-desk b.3',
  },
  {
    ...planned,
    pattern: 'opt:best_config:GLOBAL',
    type: 'string',
    value: 'The winner over all instruments.',
    source: 'fx-desk b.3',
  },
  {
    ...planned,
    pattern: 'opt:live_config:changed:{inst}',
    type: 'channel',
    value: 'Told when the parameters in force have changed.',
    ttlMs: null,
    readers: 'running desks',
    source: 'fx-desk b.3',
  },
  {
    ...planned,
    pattern: 'opt:backtests:report:latest',
    type: 'string',
    value: '`{filename, content, ts, days, instruments}` of the last report, in Markdown.',
    source: 'fx-desk b.3, h.5',
  },
];
