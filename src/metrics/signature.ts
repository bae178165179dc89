import { assert, present } from '#base/assert.ts';

const PRECISION_DEFAULT = 2;
const PRECISION_MAX = 6;
const LOOKBACK_MINUTES_DEFAULT = 60;
const LOOKBACK_MINUTES_MAX = 1440;
const MINUTE_MS = 60_000;
const SCALES = [1, 10, 100, 1000, 10_000, 100_000, 1_000_000];
const SIGNATURES_BEFORE_SWEEP = 128;

/** How finely a window is described and how long it is remembered. */
export interface SignatureSettings {
  /** Decimals of each bucket, 0 to 6. */
  precision: number;
  /** 1 to 1440. */
  lookbackMinutes: number;
}

/** The three measures a signature names. */
export interface SignatureMeasures {
  coherence: number;
  stability: number;
  entropy: number;
}

/** Which signatures came when: plain data. Each list holds instants in the order of their coming. */
export interface RepetitionHistory {
  lookbackMs: number;
  stampsBySignature: Map<string, number[]>;
  /** Above this many signatures the expired ones are dropped. */
  sweepAbove: number;
}

/** How often a signature has come within the look-back, itself included, and when it first did. */
export interface Repetition {
  /** The reference calls it count_1h whatever the look-back is. */
  count: number;
  firstSeenAt: number;
}

/** Settings brought into range; what is not a number becomes the default (2 decimals, 60 minutes). */
export function signatureSettings(precision: number, lookbackMinutes: number): SignatureSettings {
  return {
    precision: clampWhole(precision, 0, PRECISION_MAX, PRECISION_DEFAULT),
    lookbackMinutes: clampWhole(lookbackMinutes, 1, LOOKBACK_MINUTES_MAX, LOOKBACK_MINUTES_DEFAULT),
  };
}

/** A share between 0 and 1, rounded half away from zero to `precision` decimals, as text. */
export function bucket(share: number, precision: number): string {
  assert(!Number.isNaN(share), 'a bucket is taken of a number');
  const scale = present(SCALES[precision], 'a scale for this precision');
  // Rounding half up is rounding half away from zero here, for nothing is negative.
  return (Math.round(Math.max(0, Math.min(1, share)) * scale) / scale).toFixed(precision);
}

/** The signature of a window, such as `c0.28_s0.28_e0.54` (FX desk specification a.7). */
export function signatureOf(measures: SignatureMeasures, precision: number): string {
  const { coherence, stability, entropy } = measures;
  return `c${bucket(coherence, precision)}_s${bucket(stability, precision)}_e${bucket(entropy, precision)}`;
}

/** A history that has seen nothing. */
export function createRepetitionHistory(lookbackMinutes: number): RepetitionHistory {
  assert(lookbackMinutes >= 1 && lookbackMinutes <= LOOKBACK_MINUTES_MAX, 'the look-back is 1 to 1440 minutes');
  return { lookbackMs: lookbackMinutes * MINUTE_MS, stampsBySignature: new Map(), sweepAbove: SIGNATURES_BEFORE_SWEEP };
}

/**
 * Records a signature and counts it (FX desk specification a.7). A document feeds the start stamps of the reference; a live desk
 * feeds the windows' ends. Instants are expected in order. An instant that steps back expires nothing, as in the reference.
 */
export function observeSignature(history: RepetitionHistory, signature: string, at: number): Repetition {
  const stamps = history.stampsBySignature.get(signature) ?? [];
  let expired = 0;
  while (expired < stamps.length && isExpired(history, stamps[expired] ?? at, at)) expired += 1;
  if (expired > 0) stamps.splice(0, expired);
  stamps.push(at);
  history.stampsBySignature.set(signature, stamps);
  if (history.stampsBySignature.size > history.sweepAbove) sweep(history, at);
  return { count: stamps.length, firstSeenAt: stamps[0] ?? at };
}

function isExpired(history: RepetitionHistory, stampedAt: number, at: number): boolean {
  return at - stampedAt > history.lookbackMs;
}

/** Drops signatures whose last stamp has expired: the next observation would empty their lists anyway. */
function sweep(history: RepetitionHistory, at: number): void {
  for (const [signature, stamps] of history.stampsBySignature) {
    if (isExpired(history, stamps.at(-1) ?? at, at)) history.stampsBySignature.delete(signature);
  }
  history.sweepAbove = Math.max(SIGNATURES_BEFORE_SWEEP, 2 * history.stampsBySignature.size);
}

function clampWhole(value: number, least: number, most: number, fallback: number): number {
  return Number.isNaN(value) ? fallback : Math.max(least, Math.min(most, Math.trunc(value)));
}
