import type { EvaluationSummary } from '#domain/events.ts';
import type { EvaluatorParameters } from './evaluator-parameters.ts';
import { differentSamples, type FloorHistory, samplePercentile } from './floor-history.ts';

/** One bound for each measure of a summary. */
export interface MetricBounds {
  readonly minimumTrades: number;
  readonly calmarMinimum: number;
  readonly pnlMinimum: number;
}

/** The floors of an instrument, and what they mean for one that is out and for one that is in. */
export interface AdaptiveFloors {
  readonly floors: MetricBounds;
  /** An ineligible instrument passes where every measure reaches its bound. */
  readonly passAt: MetricBounds;
  /** An eligible one fails where any measure is below its bound. */
  readonly failBelow: MetricBounds;
}

type FloorParameters = Pick<
  EvaluatorParameters,
  'minimumTrades' | 'calmarMinimum' | 'pnlMinimum' | 'historyMinimum' | 'floorMode'
>;

const tradesCapFactor = 1.5;
const bufferMax = 0.3;

/**
 * Floors from the desk's own bounds and from percentiles of the instrument's earlier results (FX desk specification d.2 and d.3).
 * Literal: the buffer widens the floor, whichever part makes it. Repaired: the buffer widens the desk's bound alone and percentiles count
 * as they are, since a measure that only equals its own median would never reach more than it; the median of trades counts
 * up to one and a half times the desk's bound.
 */
export function adaptiveFloors(
  parameters: FloorParameters,
  history: FloorHistory | undefined,
  buffer: number,
): AdaptiveFloors {
  const { minimumTrades, calmarMinimum, pnlMinimum } = parameters;
  const own = { minimumTrades, calmarMinimum, pnlMinimum };
  const past = pastBounds(parameters, history);
  const floors = eachBound(own, past, Math.max);
  if (parameters.floorMode === 'literal') {
    return {
      floors,
      passAt: eachBound(floors, floors, (floor) => raised(floor, buffer)),
      failBelow: eachBound(floors, floors, (floor) => lowered(floor, buffer)),
    };
  }
  return {
    floors,
    passAt: eachBound(own, past, (bound, percentile) => Math.max(raised(bound, buffer), percentile)),
    failBelow: eachBound(own, past, (bound, percentile) => Math.max(lowered(bound, buffer), percentile)),
  };
}

/** The buffer of a symbol, within 0 and 0.3. */
export function bufferOf(
  parameters: Pick<EvaluatorParameters, 'hysteresisDefault' | 'hysteresisByInstrument'>,
  symbol: string,
): number {
  const own = Object.hasOwn(parameters.hysteresisByInstrument, symbol)
    ? parameters.hysteresisByInstrument[symbol]
    : undefined;
  return Math.max(0, Math.min(bufferMax, own ?? parameters.hysteresisDefault));
}

export type ShortfallCode = 'trades-below-floor' | 'calmar-below-floor' | 'pnl-below-floor';

/** The measures of a summary that are below their bounds, in a fixed order. */
export function shortfalls(summary: EvaluationSummary, bounds: MetricBounds): ShortfallCode[] {
  const codes: ShortfallCode[] = [];
  if (!(summary.trades >= bounds.minimumTrades)) codes.push('trades-below-floor');
  if (!(summary.calmar >= bounds.calmarMinimum)) codes.push('calmar-below-floor');
  if (!(summary.pnlTotal >= bounds.pnlMinimum)) codes.push('pnl-below-floor');
  return codes;
}

/** A floor raised by a share of its size; one below zero is raised toward zero. */
function raised(floor: number, buffer: number): number {
  return floor + buffer * Math.abs(floor);
}

function lowered(floor: number, buffer: number): number {
  return floor - buffer * Math.abs(floor);
}

/** What the instrument's own past asks for; nothing while it has too few different results. */
function pastBounds(parameters: FloorParameters, history: FloorHistory | undefined): MetricBounds {
  if (history === undefined || differentSamples(history) < parameters.historyMinimum) {
    const none = Number.NEGATIVE_INFINITY;
    return { minimumTrades: none, calmarMinimum: none, pnlMinimum: none };
  }
  const median = samplePercentile(history, 'trades', 0.5);
  const isLiteral = parameters.floorMode === 'literal';
  const spread = samplePercentile(history, 'calmar', 0.75) - samplePercentile(history, 'calmar', 0.25);
  return {
    minimumTrades: isLiteral ? median : Math.min(median, tradesCapFactor * parameters.minimumTrades),
    calmarMinimum: samplePercentile(history, 'calmar', 0.5) + 0.1 * spread,
    pnlMinimum: samplePercentile(history, 'pnlTotal', 0.4),
  };
}

function eachBound(
  first: MetricBounds,
  second: MetricBounds,
  combine: (first: number, second: number) => number,
): MetricBounds {
  return {
    minimumTrades: combine(first.minimumTrades, second.minimumTrades),
    calmarMinimum: combine(first.calmarMinimum, second.calmarMinimum),
    pnlMinimum: combine(first.pnlMinimum, second.pnlMinimum),
  };
}
