import type { Candle } from './candle.ts';
import { type CandleBits, encodeBits } from './candle-bits.ts';
import { hazardLambda } from './hazard.ts';
import { type ManifoldExtras, manifoldExtras } from './manifold-extras.ts';
import { type KernelMetrics, measureBits } from './manifold-kernel.ts';
import { planWindows, type WindowPlan } from './manifold-windows.ts';
import { countPairs } from './pair-counts.ts';
import { sampleSigma } from './sigma.ts';
import {
  createRepetitionHistory,
  observeSignature,
  type RepetitionHistory,
  signatureOf,
  signatureSettings,
} from './signature.ts';

// The names with underscores are the reference's document to the letter (FX desk specification a.6, a.8, a.9).

/** Measures of a window, or of the last window for the document as a whole. */
export interface DocumentMetrics {
  coherence: number;
  coherence_tau_1: number;
  coherence_tau_4: number;
  coherence_tau_slope: number;
  domain_wall_ratio: number;
  domain_wall_slope: number;
  entropy: number;
  pinned_alignment: number;
  reynolds_ratio: number;
  rupture: number;
  spatial_corr_length: number;
  spectral_lowf_share: number;
  stability: number;
  temporal_half_life: number;
}

/** The reference's copies of a signal's measures beside its `metrics`. */
export type FlatMetrics = Omit<DocumentMetrics, 'coherence_tau_1' | 'coherence_tau_4'>;

/** What we add to a signal; left out of the parity text. */
export interface AddedSignalFields {
  /** The reference's stamp in milliseconds. */
  ts_ms: number;
  /** Opening of the window's newest candle: the instant decisions go by. */
  window_end_ms: number;
  /** The same in nanoseconds, as text because it exceeds what a double holds. */
  window_end_ns: string;
  /** Close of the window's newest candle: the price decisions go by. */
  price_end: number;
  /** Coherence before the trajectory, free of the first bit's weight. */
  coherence_pattern: number;
  /** Rupture of the mirrored series. */
  down_run_ratio: number;
  /** The signal's own hazard, equal to its rupture, under a name that cannot be mixed up with `hazard_lambda`. */
  hazard_r: number;
}

/** One window. `timestamp_ns` and `price` belong to the window's second candle: for parity only, never for a decision. */
export interface ManifoldSignal extends FlatMetrics, AddedSignalFields {
  coeffs: { lambda_hazard: number };
  lambda_hazard: number;
  metrics: DocumentMetrics;
  price: number;
  repetition: { count_1h: number; first_seen_ms: number; signature: string };
  state: 'live' | 'collapsed';
  /** Digits of an unsigned 64-bit whole number. */
  timestamp_ns: string;
}

/** The manifold of a series. With no candle only `instrument`, `count` and `signals` mean anything and reach the text. */
export interface ManifoldDocument {
  coeffs: { lambda: number; sigma_eff: number };
  /** Candles, not signals. */
  count: number;
  instrument: string;
  metrics: DocumentMetrics;
  signals: ManifoldSignal[];
  t0_ms: number;
  t1_ms: number;
  /** Added: hazard of the last signal, 0 if there is none. */
  hazard_r: number;
  /** Added: the document's hazard, as `coeffs.lambda`. */
  hazard_lambda: number;
}

/** How a document is built. `precision` and `lookbackMinutes` are brought into range; an empty instrument becomes "UNKNOWN". */
export interface ManifoldOptions {
  instrument: string;
  /** Measure the whole history, not only the reference's last 512 bits. */
  uncapped: boolean;
  precision: number;
  lookbackMinutes: number;
}

const COLLAPSE_RUPTURE = 0.5;
const NANOSECONDS_A_MILLISECOND = 1_000_000n;

/** Builds the manifold document of candles in the order given, neither sorted nor cleaned (FX desk specification a.5 to a.9). */
export function buildManifoldDocument(candles: readonly Candle[], options: ManifoldOptions): ManifoldDocument {
  const signals = buildSignals(candles, options);
  const last = signals.at(-1);
  const lambda = hazardLambda(
    signals.map((signal) => signal.ts_ms),
    signals.map((signal) => signal.rupture),
  );
  return {
    coeffs: { lambda, sigma_eff: sampleSigma(candles.map((candle) => candle.close)) },
    count: candles.length,
    instrument: options.instrument === '' ? 'UNKNOWN' : options.instrument,
    metrics: last === undefined ? noMetrics() : { ...last.metrics },
    signals,
    t0_ms: candles[0]?.openAt ?? 0,
    t1_ms: candles.at(-1)?.openAt ?? 0,
    hazard_r: last?.hazard_r ?? 0,
    hazard_lambda: lambda,
  };
}

interface Build {
  candles: readonly Candle[];
  bits: CandleBits;
  plan: WindowPlan;
  precision: number;
  history: RepetitionHistory;
}

function buildSignals(candles: readonly Candle[], options: ManifoldOptions): ManifoldSignal[] {
  const bits = encodeBits(candles);
  const plan = planWindows(bits.ups.length, options.uncapped);
  const { precision, lookbackMinutes } = signatureSettings(options.precision, options.lookbackMinutes);
  const build: Build = { candles, bits, plan, precision, history: createRepetitionHistory(lookbackMinutes) };
  const signals: ManifoldSignal[] = [];
  for (let window = 0; window < plan.count; window += 1) {
    const end = plan.firstEnd + window * plan.step;
    const stamp = candles[end - plan.length + 1];
    const newest = candles[end];
    if (stamp !== undefined && newest !== undefined) signals.push(buildSignal(build, end, { stamp, newest }));
  }
  return signals;
}

function buildSignal(build: Build, end: number, at: { stamp: Candle; newest: Candle }): ManifoldSignal {
  const { bits, plan, history } = build;
  const { stamp, newest } = at;
  const start = end - plan.length;
  const kernel: KernelMetrics = { coherence: 0, stability: 0, entropy: 0, rupture: 0, patternCoherence: 0 };
  measureBits(bits.ups, start, countPairs(bits.ups, start, plan.length), kernel);
  const metrics = documentMetrics(kernel, manifoldExtras(bits.ups, start, plan.length, kernel.rupture));
  const signature = signatureOf(kernel, build.precision);
  const repetition = observeSignature(history, signature, stamp.openAt);
  const { coherence_tau_1: _one, coherence_tau_4: _four, ...flat } = metrics;
  return {
    ...flat,
    coeffs: { lambda_hazard: kernel.rupture },
    lambda_hazard: kernel.rupture,
    metrics,
    price: stamp.close,
    repetition: { count_1h: repetition.count, first_seen_ms: repetition.firstSeenAt, signature },
    state: kernel.rupture >= COLLAPSE_RUPTURE ? 'collapsed' : 'live',
    timestamp_ns: nanosecondText(stamp.openAt),
    ts_ms: stamp.openAt,
    window_end_ms: newest.openAt,
    window_end_ns: nanosecondText(newest.openAt),
    price_end: newest.close,
    coherence_pattern: kernel.patternCoherence,
    down_run_ratio: Math.fround(countPairs(bits.downs, start, plan.length).persisting / (plan.length - 1)),
    hazard_r: kernel.rupture,
  };
}

function documentMetrics(kernel: KernelMetrics, extras: ManifoldExtras): DocumentMetrics {
  return {
    coherence: kernel.coherence,
    coherence_tau_1: extras.coherenceTau1,
    coherence_tau_4: extras.coherenceTau4,
    coherence_tau_slope: extras.coherenceTauSlope,
    domain_wall_ratio: extras.domainWallRatio,
    domain_wall_slope: extras.domainWallSlope,
    entropy: kernel.entropy,
    pinned_alignment: 1,
    reynolds_ratio: extras.reynoldsRatio,
    rupture: kernel.rupture,
    spatial_corr_length: extras.spatialCorrelationLength,
    spectral_lowf_share: extras.spectralLowShare,
    stability: kernel.stability,
    temporal_half_life: extras.temporalHalfLife,
  };
}

/** The document's measures where it has no signal. */
function noMetrics(): DocumentMetrics {
  return {
    coherence: 0,
    coherence_tau_1: 0,
    coherence_tau_4: 0,
    coherence_tau_slope: 0,
    domain_wall_ratio: 0,
    domain_wall_slope: 0,
    entropy: 0,
    pinned_alignment: 1,
    reynolds_ratio: 0,
    rupture: 0,
    spatial_corr_length: 0,
    spectral_lowf_share: 0,
    stability: 0,
    temporal_half_life: 0,
  };
}

function nanosecondText(at: number): string {
  return BigInt.asUintN(64, BigInt(at) * NANOSECONDS_A_MILLISECOND).toString();
}
