/** What a direction is read from: closed bars and window ends only. Prices are plain floats. */
export interface DirectionReading {
  readonly close: number;
  /** Close `lookback` bars before the newest. */
  readonly closeBefore: number;
  readonly closePrevious: number;
  readonly highPrevious: number;
  readonly lowPrevious: number;
  readonly coherence: number;
  /** Change of the coherence between the last two windows, in the mode the strategy asks for; 0 where it is off. */
  readonly deltaCoherence: number;
}

export interface DirectionLevels {
  readonly thresholdBps: number;
  readonly minimumCoherence: number;
  readonly deltaMinimum: number;
}

/** Why a direction is flat, or that it is not. */
export type DirectionCode = 'long' | 'short' | 'slope' | 'coherence' | 'delta-coherence' | 'unconfirmed';

export interface DirectionResult {
  readonly sign: -1 | 0 | 1;
  readonly slopeBps: number;
  readonly code: DirectionCode;
}

/** Change of price over the lookback in basis points of the older price. */
export function slopeBps(close: number, closeBefore: number): number {
  return closeBefore > 0 ? ((close - closeBefore) / closeBefore) * 10_000 : 0;
}

/**
 * Price slope and coherence delta, admitted by the coherence gate and confirmed by price (FX desk specification g). The last
 * bar must not move against the direction, and its close must be beyond the middle of the bar before.
 */
export function combinedDirection(reading: DirectionReading, levels: DirectionLevels): DirectionResult {
  const slope = slopeBps(reading.close, reading.closeBefore);
  if (slope === 0 || Math.abs(slope) < levels.thresholdBps) return { sign: 0, slopeBps: slope, code: 'slope' };
  if (reading.coherence < levels.minimumCoherence) return { sign: 0, slopeBps: slope, code: 'coherence' };
  if (reading.deltaCoherence < levels.deltaMinimum) return { sign: 0, slopeBps: slope, code: 'delta-coherence' };
  const sign = slope > 0 ? 1 : -1;
  const step = (reading.close - reading.closePrevious) * sign;
  const beyond = (reading.close - (reading.highPrevious + reading.lowPrevious) / 2) * sign;
  if (step < 0 || beyond <= 0) return { sign: 0, slopeBps: slope, code: 'unconfirmed' };
  return { sign, slopeBps: slope, code: sign > 0 ? 'long' : 'short' };
}
