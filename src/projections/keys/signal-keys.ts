import type { EventByType } from '#domain/events.ts';
import type { KeyChange } from '#domain/keys/key-change.ts';
import { toDecimal } from '#domain/scale.ts';
import { BARS_OF_STAMP } from './candle-keys.ts';
import type { KeptManifold, KeptMarket } from './keys-state.ts';

/** How long a signal is kept, of event time and of the store's own (FX desk specification b.3). */
export const SIGNAL_LIFE_MS = 35 * 86_400_000;
/** Minutes whose signals are deleted with one new signal at most; after a longer gap the next ones go on. */
export const SWEEP_MINUTES_MAX = 2_880;
const minuteMs = 60_000;
const collapseRupture = 0.5;
const nanosecondsOfMillisecond = 1_000_000;

/**
 * Writes the record of a window under the stamp that the original gives it: time and price of its second candle (FX desk specification
 * a.5, a.6). Decisions read its end, which stands beside. Two sorted sets find it: one by stamp, one by when it was made.
 */
export function writeSignal(
  market: KeptMarket,
  manifold: EventByType['manifold.published'],
  change: (change: KeyChange) => void,
): void {
  const stampAt = market.openAts[0];
  const close = market.closes[0];
  if (stampAt === undefined || close === undefined || market.openAts.length < BARS_OF_STAMP) return;
  const { symbol, priceDecimals } = market.instrument;
  const key = signalKey(symbol, stampAt);
  const value = JSON.stringify(signalRecord(manifold, stampAt, toDecimal(close, priceDecimals)));
  change({ type: 'set', key, value, ttlMs: SIGNAL_LIFE_MS });
  for (const [index, score] of [
    [`sep:signal_index:${symbol}`, stampAt],
    [`sep:signal_inserts:${symbol}`, manifold.at],
  ] as const) {
    const placed = { member: key, replacesScore: false, keep: null, ttlMs: SIGNAL_LIFE_MS };
    change({ type: 'add', key: index, score, ...placed });
    change({ type: 'dropBelow', key: index, score: score - SIGNAL_LIFE_MS });
  }
  sweep(market, stampAt - SIGNAL_LIFE_MS, change);
}

/** `sep:signal:{inst}:{ts_ns}`; the nanoseconds are written as digits because a double does not hold them all. */
export function signalKey(symbol: string, stampAt: number): string {
  return `sep:signal:${symbol}:${stampAt}000000`;
}

export function stateOf(rupture: number): 'live' | 'collapsed' {
  return rupture >= collapseRupture ? 'collapsed' : 'live';
}

export function repetitionOf({ signature, repetitionCount, firstSeenAt }: KeptManifold): object {
  return { signature, count_1h: repetitionCount, first_seen_ms: firstSeenAt };
}

function signalRecord(manifold: KeptManifold, stampAt: number, price: number): object {
  const { coherence, stability, entropy, rupture, windowEndAt } = manifold;
  const metrics = { coherence, stability, entropy, rupture };
  return {
    timestamp_ns: stampAt * nanosecondsOfMillisecond,
    price,
    state: stateOf(rupture),
    metrics,
    coeffs: { lambda_hazard: rupture, sigma_eff_volatility: manifold.sigmaEffective },
    repetition: repetitionOf(manifold),
    ...metrics,
    lambda_hazard: rupture,
    ts_ms: stampAt,
    window_end_ns: windowEndAt * nanosecondsOfMillisecond,
    window_end_ms: windowEndAt,
    price_end: manifold.endPrice,
    coherence_pattern: manifold.patternCoherence,
    down_run_ratio: manifold.downRunRatio,
    hazard_r: rupture,
    hazard_lambda: manifold.hazardLambda,
  };
}

/**
 * Deletes what event time has outlived. A desk that runs faster than the clock would otherwise fill its store, since the store counts
 * real days. Stamps lie on whole minutes from the first one on, so that their keys need not be remembered.
 */
function sweep(market: KeptMarket, bound: number, change: (change: KeyChange) => void): void {
  market.sweptTo ??= market.openAts[0] ?? bound;
  const { symbol } = market.instrument;
  let minutes = 0;
  while (market.sweptTo <= bound && minutes < SWEEP_MINUTES_MAX) {
    change({ type: 'delete', key: signalKey(symbol, market.sweptTo) });
    market.sweptTo += minuteMs;
    minutes += 1;
  }
}
