import { z } from 'zod';
import {
  dayMs,
  decimalText,
  digits,
  fraction,
  hourMs,
  instantMs,
  instantSeconds,
  type KeyRow,
  symbolName,
} from './key-table-row.ts';

const flag = z.union([z.literal(0), z.literal(1)]);
const bySymbol = <T extends z.ZodType>(value: T): z.ZodRecord<typeof symbolName, T> => z.record(symbolName, value);

const floorsSchema = z.strictObject({ min_trades: z.number(), calmar_min: z.number(), pnl_min: z.number() });

const summarySchema = z.strictObject({
  trades: z.int().min(0),
  calmar: z.number(),
  pnl_total: z.number(),
  win_rate: fraction,
  max_drawdown: z.number().min(0),
});

const rollingSummarySchema = z.strictObject({
  ts: instantSeconds,
  params: z.strictObject({
    c_min: z.number().nullable(),
    direction_lookback: z.int(),
    dir_threshold_bps: z.number(),
    entry_cooldown_sec: z.int(),
    exit_cooldown_sec: z.int(),
    c_percentile: z.number().nullable(),
  }),
  summary: summarySchema,
  gates: floorsSchema,
  eligible: flag,
  ts_ms: instantMs,
  param_key: z.string(),
  days: z.int(),
});

const gatesBlobSchema = z.strictObject({
  ts: instantMs,
  gates: bySymbol(flag),
  cooldowns: bySymbol(flag),
  bufs: bySymbol(z.number().min(0).max(0.3)),
  repetition: bySymbol(z.strictObject({ count_1h: z.int(), first_seen_ms: instantMs })),
  hazard: bySymbol(z.number()),
  v: z.literal(1),
  interval_sec: z.int(),
  reasons: bySymbol(z.array(z.string())),
  sessions: bySymbol(z.strictObject({ open: z.boolean(), minutes_to_close: z.number() })),
  floors: bySymbol(floorsSchema),
  seq: z.int(),
});

/** Weights by symbol; the four fields beside them are in small letters, which no symbol is. */
const weightsSchema = z
  .object({ ts: instantSeconds, ts_ms: instantMs, hold: z.boolean(), fallback: z.boolean() })
  .catchall(fraction);

const allocatorStatusSchema = z.strictObject({
  ts: instantSeconds,
  top_k: z.int(),
  weights: bySymbol(fraction),
  interval: z.int(),
  interval_sec: z.int(),
  exposure_pct: bySymbol(fraction),
  eligible_count: z.int(),
  blob_age_sec: z.number().nullable(),
  hold: z.boolean(),
  fallback: z.boolean(),
  last_publish_ts: instantSeconds,
  reason: z.string(),
  scores: bySymbol(
    z.strictObject({ W: z.number(), C: fraction, S: fraction, R: fraction, H: fraction, lambda: fraction }),
  ),
});

const budgetSchema = z.strictObject({
  balance: decimalText,
  margin_available: decimalText,
  target_pct: decimalText,
  budget: decimalText,
  ts: digits,
  ts_ms: digits,
});

const ledgerSchema = z.strictObject({
  seq: z.int().min(1),
  ts_ms: instantMs,
  type: z.string(),
  instrument: symbolName.nullable(),
  trace_id: z.string().regex(/^[0-9a-f]{32}$/),
  data: z.record(z.string(), z.unknown()),
});

const evaluator = { encoding: 'json', writer: 'mirror', desk: 'fx', plannedIn: null } as const;
const counterOf = (what: string): Pick<KeyRow, 'value' | 'schema' | 'ttlMs' | 'readers' | 'source'> => ({
  value: `${what} in a row, as of the last result.`,
  schema: digits,
  ttlMs: null,
  readers: 'evaluator, operators',
  source: 'fx-desk b.3, d.3',
});

/** Keys of the evaluator, the allocator, the account and the switch. */
export const keyTableDesk: readonly KeyRow[] = [
  {
    ...evaluator,
    pattern: 'bt:rolling:summary:{inst}',
    type: 'string',
    value:
      'The last strict result: params, summary, adaptive floors, eligibility. `ts` in seconds, `ts_ms` beside it. `c_min` is null where the least coherence is a percentile.',
    schema: rollingSummarySchema,
    ttlMs: hourMs,
    readers: 'operators, metrics, dashboard',
    source: 'fx-desk b.3, d.5',
  },
  {
    ...evaluator,
    pattern: 'bt:rolling:hist:{inst}:{param_key}',
    type: 'list',
    value: 'Past summaries of one parameter set, newest first: `ts`, `ts_ms` and the five measures.',
    schema: z.strictObject({ ts: instantSeconds, ts_ms: instantMs, ...summarySchema.shape }),
    ttlMs: 30 * dayMs,
    bound: 'the newest 2,000',
    readers: 'evaluator (percentiles)',
    source: 'fx-desk b.3, d.2',
  },
  {
    ...evaluator,
    pattern: 'opt:rolling:eligible:{inst}',
    type: 'string',
    encoding: 'text',
    value: '`1` where the gate is open, `0` where it is closed.',
    schema: z.enum(['0', '1']),
    ttlMs: 360_000,
    bound: "twice the longest age of a gates document that the evaluator's policy allows",
    readers: 'allocator, metrics',
    source: 'fx-desk b.3, d.3',
  },
  {
    ...evaluator,
    ...counterOf('Passes'),
    pattern: 'opt:rolling:passes:{inst}',
    type: 'string',
    encoding: 'text',
  },
  {
    ...evaluator,
    ...counterOf('Fails'),
    pattern: 'opt:rolling:fails:{inst}',
    type: 'string',
    encoding: 'text',
  },
  {
    ...evaluator,
    ...counterOf('Misses'),
    pattern: 'opt:rolling:misses:{inst}',
    type: 'string',
    encoding: 'text',
  },
  {
    ...evaluator,
    pattern: 'opt:rolling:cooldown:{inst}',
    type: 'string',
    encoding: 'text',
    value: '`1` while the instrument cools down; there is no key where it does not.',
    schema: z.literal('1'),
    ttlMs: 7_200_000,
    bound: "the cooldown of the evaluator's policy; deleted when the cooldown is over",
    readers: 'evaluator, metrics',
    source: 'fx-desk b.3, d.4',
  },
  {
    ...evaluator,
    pattern: 'opt:rolling:gates_blob',
    type: 'string',
    value: 'Every gate at once: `ts` in ms, gates, cooldowns, bufs, repetition, hazard, reasons, sessions, floors.',
    schema: gatesBlobSchema,
    ttlMs: hourMs,
    readers: 'allocator, dashboard, metrics, snapshots',
    source: 'fx-desk b.3, d.6',
  },
  {
    ...evaluator,
    pattern: 'risk:allocation_weights',
    type: 'string',
    value:
      'Weight by instrument, summing to one; beside them `ts` (s) and `ts_ms` of the vector, `hold` and `fallback`: neither a held vector nor a fallback may be added to.',
    schema: weightsSchema,
    ttlMs: null,
    readers: 'order sizing, dashboard, snapshots',
    source: 'fx-desk b.3, e',
  },
  {
    ...evaluator,
    pattern: 'opt:allocator:status',
    type: 'string',
    value: "The allocator's last cycle: weights, shares of exposure, scores and why. `ts` in seconds.",
    schema: allocatorStatusSchema,
    ttlMs: 120_000,
    bound: "twice the interval of the allocator's policy",
    readers: 'dashboard, metrics',
    source: 'fx-desk b.3, e',
  },
  {
    ...evaluator,
    pattern: 'risk:alloc_budget',
    type: 'hash',
    encoding: 'text',
    value:
      'balance, margin_available, target_pct, budget (whole money steps, rounded down), ts in seconds and ts_ms. Left to expire while a price is missing.',
    schema: budgetSchema,
    ttlMs: 300_000,
    readers: 'operators, dashboard',
    source: 'fx-desk b.3, f.1, f.4',
  },
  {
    ...evaluator,
    pattern: 'sep:ledger:events',
    type: 'list',
    value:
      'Orders, fills, refusals, directives, the switch and round trips, newest first, each with its journal sequence and trace.',
    schema: ledgerSchema,
    ttlMs: null,
    bound: 'the newest 1,000',
    readers: 'WebSocket (ledger)',
    source: 'fx-desk b.3',
  },
  {
    ...evaluator,
    pattern: 'ops:kill_switch',
    type: 'string',
    encoding: 'text',
    value:
      '`1` engaged, `0` released. Anything but `0`, and no key at all, counts as engaged; a hand may engage, never release.',
    schema: z.enum(['0', '1']),
    ttlMs: null,
    desk: 'house',
    readers: 'everyone who sends orders',
    source: 'fx-desk b.3',
  },
  ...['gate:last:{inst}', 'gate:index:{inst}', 'ops:risk_summary', 'ops:position_count'].map(laterGeneration),
];

function laterGeneration(pattern: string): KeyRow {
  return {
    pattern,
    type: pattern.startsWith('gate:index') ? 'sortedSet' : 'string',
    encoding: 'json',
    value:
      'Of the third generation, which replaced the evaluator; gates are in `opt:rolling:gates_blob`, the account in `risk:alloc_budget`.',
    schema: null,
    ttlMs: null,
    writer: 'nobody',
    readers: 'none',
    desk: 'fx',
    plannedIn: null,
    source: 'fx-desk b.3 (generations C and D only)',
  };
}
