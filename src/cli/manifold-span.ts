import type { Candle } from '#metrics/candle.ts';
import { hazardLambda } from '#metrics/hazard.ts';
import { buildManifoldDocument, type ManifoldDocument } from '#metrics/manifold-document.ts';
import { sampleSigma } from '#metrics/sigma.ts';
import { signatureSettings } from '#metrics/signature.ts';

/** Which part of a series a document is about, and how it is described. */
export interface ManifoldSpan {
  readonly instrument: string;
  readonly fromAt: number;
  /** First instant no longer in the span. */
  readonly untilAt: number;
  readonly precision: number;
  readonly lookbackMinutes: number;
}

/** Bits of a whole window, and the candles from one window to the next. */
const windowBits = 128;
const windowStep = 4;

/**
 * The manifold of a part of a series. Windows reach back before the part, so that its first window ends at its first candle and
 * repetitions are counted as in a running series; kept are the windows that end in the part. `count`, `t0_ms`, `t1_ms` and `sigma_eff`
 * speak of the part's own candles, `lambda` and `metrics` of the windows kept. Candles ascend in time.
 */
export function manifoldOfSpan(candles: readonly Candle[], span: ManifoldSpan): ManifoldDocument {
  const first = firstFrom(candles, span.fromAt);
  const end = firstFrom(candles, span.untilAt);
  const lead = leadCandles(first, span.lookbackMinutes);
  const { instrument, precision, lookbackMinutes } = span;
  const options = { instrument, uncapped: true, precision, lookbackMinutes };
  if (end === first) return buildManifoldDocument([], options);
  const whole = buildManifoldDocument(candles.slice(first - lead, end), options);
  const signals = whole.signals.filter((signal) => signal.window_end_ms >= span.fromAt);
  const own = candles.slice(first, end);
  const last = signals.at(-1);
  const lambda = hazardLambda(
    signals.map((signal) => signal.ts_ms),
    signals.map((signal) => signal.rupture),
  );
  return {
    ...whole,
    coeffs: { lambda, sigma_eff: sampleSigma(own.map((candle) => candle.close)) },
    count: own.length,
    metrics: last === undefined ? buildManifoldDocument([], options).metrics : { ...last.metrics },
    signals,
    t0_ms: own[0]?.openAt ?? 0,
    t1_ms: own.at(-1)?.openAt ?? 0,
    hazard_r: last?.hazard_r ?? 0,
    hazard_lambda: lambda,
  };
}

/** The first place at or after an instant; the number of candles where there is none. */
export function firstFrom(candles: readonly Candle[], at: number): number {
  let low = 0;
  let high = candles.length;
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if ((candles[middle]?.openAt ?? 0) < at) low = middle + 1;
    else high = middle;
  }
  return low;
}

/**
 * Candles taken along from before the part: a whole window and the repetition look-back, in whole steps, so that however much
 * history there is a window ends at the part's first candle.
 */
function leadCandles(available: number, lookbackMinutes: number): number {
  const lookback = Math.ceil(signatureSettings(0, lookbackMinutes).lookbackMinutes / windowStep) * windowStep;
  return Math.min(windowBits + lookback, available - (available % windowStep));
}
