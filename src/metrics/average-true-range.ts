import { assert } from '#base/assert.ts';

/** High, low and close of a bar. */
export interface RangeBar {
  high: number;
  low: number;
  close: number;
}

/** Simple mean of the last true ranges (FX desk specification g): plain data. */
export interface AverageTrueRange {
  /** Ring of the last true ranges, one a bar. */
  trueRanges: Float64Array;
  next: number;
  count: number;
  previousClose: number;
}

/** An average over `period` bars that has seen none. */
export function createAverageTrueRange(period: number): AverageTrueRange {
  assert(Number.isSafeInteger(period) && period >= 1, 'the period is a whole number of bars above 0');
  return { trueRanges: new Float64Array(period), next: 0, count: 0, previousClose: 0 };
}

/** Adds a closed bar. The first bar has no close before it, so its true range is high less low. */
export function pushTrueRange(average: AverageTrueRange, bar: RangeBar): void {
  const { high, low, close } = bar;
  assert(Number.isFinite(high - low) && Number.isFinite(close), 'the prices of a bar are finite');
  const previous = average.previousClose;
  const span = high - low;
  const trueRange = average.count === 0 ? span : Math.max(span, Math.abs(high - previous), Math.abs(low - previous));
  average.trueRanges[average.next] = trueRange;
  average.next = (average.next + 1) % average.trueRanges.length;
  average.count = Math.min(average.count + 1, average.trueRanges.length);
  average.previousClose = close;
}

/** The mean in price units, over fewer bars at the start; 0 before the first. Summed from the oldest, so that no error piles up. */
export function averageTrueRange(average: AverageTrueRange): number {
  const { trueRanges, count, next } = average;
  if (count === 0) return 0;
  const oldest = count < trueRanges.length ? 0 : next;
  let sum = 0;
  for (let step = 0; step < count; step += 1) sum += trueRanges[(oldest + step) % trueRanges.length] ?? 0;
  return sum / count;
}
