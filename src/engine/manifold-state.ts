import type { EventByType } from '#domain/events.ts';
import { scaleOf } from '#domain/scale.ts';
import type { Candle } from '#metrics/candle.ts';
import type { GuardHistory } from '#metrics/guard-levels.ts';
import {
  createManifoldTrack,
  createWindowMetrics,
  type ManifoldTrack,
  measureWindow,
  pushCandle,
  type WindowMetrics,
} from '#metrics/manifold-track.ts';
import { createRollingRank, pushValue } from '#metrics/rolling-rank.ts';
import { createSigmaWindow, pushClose, type SigmaWindow, windowSigma } from '#metrics/sigma.ts';
import { createRepetitionHistory, observeSignature, type RepetitionHistory, signatureOf } from '#metrics/signature.ts';

/** Windows that the hazard of a market is taken over: as many as a full manifold document holds. */
const hazardWindows = 129;
/** Returns that a market's volatility is taken over, in bars. */
const sigmaBars = 240;
/** Windows of a market's own history that its guard levels are taken from: five trading days. */
const calibrationWindows = 1800;
const minuteMs = 60_000;
/** One window for decisions per bar whose epoch minute is divisible by this. */
const strideMinutes = 4;

/** The manifold of one market as it grows: plain data. `window` is the newest window read, `previous…` belong to the one before. */
export interface ManifoldState {
  track: ManifoldTrack;
  window: WindowMetrics;
  windowCount: number;
  previousCoherence: number;
  previousPatternCoherence: number;
  ruptures: number[];
  windowEnds: number[];
  sigma: SigmaWindow;
  repetition: RepetitionHistory;
  history: GuardHistory;
}

export function createManifoldState(): ManifoldState {
  return {
    track: createManifoldTrack(),
    window: createWindowMetrics(),
    windowCount: 0,
    previousCoherence: 0,
    previousPatternCoherence: 0,
    ruptures: [],
    windowEnds: [],
    sigma: createSigmaWindow(sigmaBars),
    repetition: createRepetitionHistory(60),
    history: {
      coherence: createRollingRank(calibrationWindows),
      entropy: createRollingRank(calibrationWindows),
      rupture: createRollingRank(calibrationWindows),
    },
  };
}

/** How windows are described, from the strategy's policy. */
export interface ManifoldSettings {
  readonly signaturePrecision: number;
  readonly signatureLookbackMinutes: number;
}

const scratch: Candle = { openAt: 0, open: 0, high: 0, low: 0, close: 0, volume: 0 };

/**
 * Takes in a closed bar. On a bar whose epoch minute is divisible by four the newest window is read and told as a fact;
 * otherwise nothing is returned. Prices are divided back to the decimals the source had, since ties of ranges depend on them.
 */
export function evolveManifold(
  state: ManifoldState,
  bar: EventByType['bar.closed'],
  priceDecimals: number,
  settings: ManifoldSettings,
): EventByType['manifold.published'] | undefined {
  const scale = scaleOf(priceDecimals);
  scratch.openAt = bar.openAt;
  scratch.open = bar.open / scale;
  scratch.high = bar.high / scale;
  scratch.low = bar.low / scale;
  scratch.close = bar.close / scale;
  scratch.volume = bar.volume;
  pushCandle(state.track, scratch);
  pushClose(state.sigma, scratch.close);
  if ((bar.openAt / minuteMs) % strideMinutes !== 0) return undefined;
  const { coherence, patternCoherence } = state.window;
  if (!measureWindow(state.track, state.window)) return undefined;
  if (state.windowCount > 0) {
    state.previousCoherence = coherence;
    state.previousPatternCoherence = patternCoherence;
  }
  state.windowCount += 1;
  return publishWindow(state, bar, settings);
}

function publishWindow(
  state: ManifoldState,
  bar: EventByType['bar.closed'],
  settings: ManifoldSettings,
): EventByType['manifold.published'] {
  const { window } = state;
  state.repetition.lookbackMs = settings.signatureLookbackMinutes * minuteMs;
  const signature = signatureOf(window, settings.signaturePrecision);
  const repetition = observeSignature(state.repetition, signature, window.windowEndAt);
  remember(state.ruptures, window.rupture);
  remember(state.windowEnds, window.windowEndAt);
  pushValue(state.history.coherence, window.coherence);
  pushValue(state.history.entropy, window.entropy);
  pushValue(state.history.rupture, window.rupture);
  return {
    type: 'manifold.published',
    at: bar.at,
    instrument: bar.instrument,
    windowEndAt: window.windowEndAt,
    endPrice: window.endPrice,
    coherence: window.coherence,
    stability: window.stability,
    entropy: window.entropy,
    rupture: window.rupture,
    patternCoherence: window.patternCoherence,
    downRunRatio: window.downRunRatio,
    hazardLambda: hazardOf(state),
    sigmaEffective: windowSigma(state.sigma),
    signature,
    repetitionCount: repetition.count,
    firstSeenAt: repetition.firstSeenAt,
  };
}

function remember(values: number[], value: number): void {
  values.push(value);
  if (values.length > hazardWindows) values.shift();
}

/** Chance of a rupture within a minute over the remembered windows (FX desk specification a.8, on window ends). */
function hazardOf(state: ManifoldState): number {
  const first = state.windowEnds[0];
  const last = state.windowEnds.at(-1);
  if (first === undefined || last === undefined || last <= first) return 0;
  let ruptures = 0;
  for (let index = 1; index < state.ruptures.length; index += 1) ruptures += state.ruptures[index] ?? 0;
  return Math.max(0, Math.min(1, 1 - Math.exp((-ruptures * minuteMs) / (last - first))));
}
