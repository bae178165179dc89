import { quantile, type RollingRank } from './rolling-rank.ts';

/** The bounds that a window's measures must keep to. */
export interface GuardLevels {
  readonly minimumCoherence: number;
  readonly minimumStability: number;
  readonly maximumRupture: number;
  readonly maximumEntropy: number;
}

/** The measures of one window that the guards read. */
export interface GuardedMeasures {
  readonly coherence: number;
  readonly stability: number;
  readonly rupture: number;
  readonly entropy: number;
}

/** A market's own recent windows, one rank a measure. */
export interface GuardHistory {
  readonly coherence: RollingRank;
  readonly entropy: RollingRank;
  readonly rupture: RollingRank;
}

export interface GuardPercentiles {
  readonly coherencePercentile: number;
  readonly entropyPercentile: number;
  readonly rupturePercentile: number;
}

/** Windows of one day at one every four minutes: fewer say nothing about a market's own levels. */
export const calibrationWindowsMin = 360;

/**
 * Levels taken from a market's own recent windows, or undefined while there are too few. The bounds of the original were
 * never met by a real window, so percentiles are the default. Stability is one minus rupture and has no bound of its own here.
 */
export function calibratedLevels(history: GuardHistory, percentiles: GuardPercentiles): GuardLevels | undefined {
  if (history.coherence.count < calibrationWindowsMin) return undefined;
  return {
    minimumCoherence: quantile(history.coherence, percentiles.coherencePercentile),
    minimumStability: 0,
    maximumRupture: quantile(history.rupture, percentiles.rupturePercentile),
    maximumEntropy: quantile(history.entropy, percentiles.entropyPercentile),
  };
}

export type GuardCode =
  | 'pass'
  | 'coherence-below-min'
  | 'stability-below-min'
  | 'rupture-above-max'
  | 'entropy-above-max';

/** The first bound a window breaks, in the order coherence, stability, rupture, entropy. */
export function guardCode(measures: GuardedMeasures, levels: GuardLevels): GuardCode {
  if (!(measures.coherence >= levels.minimumCoherence)) return 'coherence-below-min';
  if (!(measures.stability >= levels.minimumStability)) return 'stability-below-min';
  if (!(measures.rupture <= levels.maximumRupture)) return 'rupture-above-max';
  if (!(measures.entropy <= levels.maximumEntropy)) return 'entropy-above-max';
  return 'pass';
}
