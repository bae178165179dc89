import { assert } from '#base/assert.ts';

/** How a bracket is laid, from the strategy's policy. */
export interface BracketSettings {
  readonly bracketMode: 'fixed' | 'atr';
  /** Stop distance in average true ranges. */
  readonly bracketMultiple: number;
  /** Target distance in stop distances. */
  readonly bracketRewardRisk: number;
  readonly stopLossPips: number;
}

/** How far a stop and a target lie from the entry, both above 0. */
export interface BracketDistances {
  readonly stop: number;
  readonly target: number;
}

/**
 * Distances of a bracket (FX desk specification g): the stop so many average true ranges away, or a fixed number of pips where that is
 * asked for or no range is known yet; the target a multiple of the stop. The range, `pip`, `price` and the result share one unit, be it
 * prices or ticks. Neither distance exceeds half of `price`, so that no level of a bracket is ever zero or less.
 */
export function bracketDistances(
  settings: BracketSettings,
  averageTrueRange: number,
  pip: number,
  price: number,
): BracketDistances {
  assert(pip > 0, `a pip is above 0, found '${pip}'`);
  assert(price > 0, `a price is above 0, found '${price}'`);
  // A comparison, not a subtraction: a range that is not a number falls back too.
  const hasRange = settings.bracketMode === 'atr' && averageTrueRange > 0;
  const stop = hasRange ? settings.bracketMultiple * averageTrueRange : settings.stopLossPips * pip;
  const most = price / 2;
  return { stop: Math.min(stop, most), target: Math.min(settings.bracketRewardRisk * stop, most) };
}
