import { z } from 'zod';
import { dayMs, fraction, hourMs, instantMs, type KeyRow, minuteMs, symbolName } from './key-table-row.ts';

/** A candle as one member of its sorted set; prices are decimals. */
const candleSchema = z.strictObject({
  t: instantMs,
  o: z.number().positive(),
  h: z.number().positive(),
  l: z.number().positive(),
  c: z.number().positive(),
  v: z.number().min(0),
});

const metricsSchema = z.strictObject({
  coherence: fraction,
  stability: fraction,
  entropy: fraction,
  rupture: fraction,
});

const repetitionSchema = z.strictObject({
  signature: z.string(),
  count_1h: z.int().min(1),
  first_seen_ms: instantMs,
});

/** The record of one window (FX desk specification a.6). `timestamp_ns` is beyond what an exact integer of a double holds. */
const signalSchema = z.strictObject({
  timestamp_ns: z.number().positive(),
  price: z.number().positive(),
  state: z.enum(['live', 'collapsed']),
  metrics: metricsSchema,
  coeffs: z.strictObject({ lambda_hazard: fraction, sigma_eff_volatility: z.number().min(0) }),
  repetition: repetitionSchema,
  coherence: fraction,
  stability: fraction,
  entropy: fraction,
  rupture: fraction,
  lambda_hazard: fraction,
  ts_ms: instantMs,
  window_end_ns: z.number().positive(),
  window_end_ms: instantMs,
  price_end: z.number().positive(),
  coherence_pattern: fraction,
  down_run_ratio: fraction,
  hazard_r: fraction,
  hazard_lambda: fraction,
});

const snapshotSchema = z.strictObject({
  instrument: symbolName,
  ts_ms: instantMs,
  metrics: metricsSchema,
  coeffs: z.strictObject({ sigma_eff: z.number().min(0), lambda: fraction }),
  diagnostics: z.strictObject({
    state: z.enum(['live', 'collapsed']),
    window_end_ms: instantMs,
    price_end: z.number().positive(),
    coherence_pattern: fraction,
    down_run_ratio: fraction,
    hazard_r: fraction,
    hazard_lambda: fraction,
  }),
  repetition: repetitionSchema,
});

const manifoldSchema = z.looseObject({
  instrument: z.string(),
  count: z.int().min(0),
  signals: z.array(z.looseObject({ price: z.number(), state: z.string() })),
});

const signalLife = '35 days of event time too: what is older is deleted as the next comes';

/** Keys of the market and of what is measured of it. */
export const keyTableMarket: readonly KeyRow[] = [
  {
    pattern: 'md:candles:{inst}:{gran}',
    type: 'sortedSet',
    encoding: 'json',
    value:
      'Members `{t,o,h,l,c,v}` of closed candles, score `t`: the opening in ms. A minute has one member. Granularity `M1`.',
    schema: candleSchema,
    ttlMs: null,
    bound: 'the newest 129,600 (90 days)',
    writer: 'mirror',
    readers: 'manifold generator, API, backtests',
    desk: 'fx',
    plannedIn: null,
    source: 'fx-desk b.2, b.3',
  },
  {
    pattern: 'sep:signal:{inst}:{ts_ns}',
    type: 'string',
    encoding: 'json',
    value:
      'The record of one window: `timestamp_ns` and `price` of its second candle as the original stamps it, and `window_end_ms` and `price_end`, which alone may be decided on.',
    schema: signalSchema,
    ttlMs: 35 * dayMs,
    bound: signalLife,
    writer: 'mirror',
    readers: 'evaluator, backtests, dashboard',
    desk: 'fx',
    plannedIn: null,
    source: 'fx-desk a.6, b.3',
  },
  {
    pattern: 'sep:signal_index:{inst}',
    type: 'sortedSet',
    encoding: 'text',
    value: "Keys of signals, score the `ts_ms` of their stamp: the window's second candle.",
    schema: z.string().startsWith('sep:signal:'),
    ttlMs: 35 * dayMs,
    bound: signalLife,
    writer: 'mirror',
    readers: 'evaluator, backtests, operators',
    desk: 'fx',
    plannedIn: null,
    source: 'fx-desk b.3',
  },
  {
    pattern: 'sep:signal_inserts:{inst}',
    type: 'sortedSet',
    encoding: 'text',
    value:
      'Keys of signals, score the ms at which each was made: what freshness is read from, since stamps lie in the past.',
    schema: z.string().startsWith('sep:signal:'),
    ttlMs: 35 * dayMs,
    bound: signalLife,
    writer: 'mirror',
    readers: 'freshness checks, operators',
    desk: 'fx',
    plannedIn: null,
    source: 'fx-desk b.3 (companion index)',
  },
  {
    pattern: 'manifold:{inst}:{YYYY-MM-DD}',
    type: 'string',
    encoding: 'gzip',
    value: 'The manifold document of a UTC day: that of its last candle.',
    schema: manifoldSchema,
    ttlMs: 35 * dayMs,
    writer: 'prime',
    readers: 'research, dashboard',
    desk: 'fx',
    plannedIn: null,
    source: 'fx-desk a.8, b.3',
  },
  {
    pattern: 'ws:last:manifold:{inst}',
    type: 'string',
    encoding: 'json',
    value:
      'The newest window: metrics, coeffs, diagnostics, repetition. `ts_ms` is when it was read. Missing counts as stale.',
    schema: snapshotSchema,
    ttlMs: 300_000,
    bound: 'never older than 300 s when the desk goes live',
    writer: 'mirror',
    readers: 'WebSocket, dashboard, guards, evaluator',
    desk: 'fx',
    plannedIn: null,
    source: 'fx-desk b.3',
  },
  {
    pattern: 'ws:manifold',
    type: 'channel',
    encoding: 'json',
    value: 'The same document as `ws:last:manifold:{inst}`, as each window is read.',
    schema: snapshotSchema,
    ttlMs: null,
    writer: 'mirror',
    readers: 'WebSocket',
    desk: 'fx',
    plannedIn: null,
    source: 'fx-desk b.3',
  },
  {
    pattern: 'ws:manifold:hist:{inst}',
    type: 'sortedSet',
    encoding: 'json',
    value: 'The windows of the last two hours, oldest first: the same documents, score `window_end_ms`.',
    schema: snapshotSchema,
    ttlMs: 2 * hourMs,
    bound: 'twice the repetition lookback where that is longer',
    writer: 'mirror',
    readers: 'repetition gate',
    desk: 'fx',
    plannedIn: null,
    source: 'fx-desk b.3',
  },
  {
    pattern: 'pricing:history:{gran}:{inst}',
    type: 'string',
    encoding: 'json',
    value: 'Recent prices, of the third generation. Candles are in `md:candles:{inst}:{gran}`.',
    schema: null,
    ttlMs: 5 * minuteMs,
    writer: 'nobody',
    readers: 'none',
    desk: 'fx',
    plannedIn: null,
    source: 'fx-desk b.3 (generations C and D only)',
  },
];
