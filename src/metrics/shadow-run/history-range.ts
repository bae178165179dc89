import { assert } from '#base/assert.ts';
import type { BarHistory } from './bar-history.ts';

/** Of which bars a range is the mean. */
export interface RangeSettings {
  /** Length of the remembered bars. */
  readonly barIntervalMs: number;
  /** Length of the bars whose ranges count, a multiple of the former. */
  readonly intervalMs: number;
  /** How many of them. */
  readonly length: number;
}

/**
 * The average true range of the longer bars that are closed as of bar number `end − 1`, in ticks; 0 before the first of them. It is what
 * resampling and averaging bar by bar would give, worked out backwards from the history only when an entry needs it, so that a
 * flat run pays nothing. A longer bar is closed once its last short bar is there, or any short bar after it.
 */
export function historyRange(history: BarHistory, end: number, settings: RangeSettings): number {
  const { barIntervalMs, intervalMs, length } = settings;
  assert(intervalMs % barIntervalMs === 0, 'the interval is a multiple of the bars');
  assert(end > history.first && end <= history.end, 'the range ends with a bar that is remembered');
  const newestAt = openAt(history, end - 1);
  const isWhole = (newestAt + barIntervalMs) % intervalMs === 0;
  let stop = isWhole ? end : bucketStart(history, end, intervalMs);
  const ranges: number[] = [];
  while (stop > history.first && ranges.length < length) {
    const start = bucketStart(history, stop, intervalMs);
    ranges.push(trueRange(history, start, stop));
    stop = start;
  }
  // From the oldest on, so that the sum rounds as it does where bars are averaged as they come.
  let sum = 0;
  for (const range of ranges.reverse()) sum += range;
  return ranges.length === 0 ? 0 : sum / ranges.length;
}

/** Number of the first bar in the longer bar that bar number `stop − 1` belongs to. */
function bucketStart(history: BarHistory, stop: number, intervalMs: number): number {
  const startAt = Math.floor(openAt(history, stop - 1) / intervalMs) * intervalMs;
  let start = stop - 1;
  while (start > history.first && openAt(history, start - 1) >= startAt) start -= 1;
  return start;
}

/** The range of bars `start` to `stop − 1` against the close before them; the oldest bars of all have none. */
function trueRange(history: BarHistory, start: number, stop: number): number {
  let high = Number.NEGATIVE_INFINITY;
  let low = Number.POSITIVE_INFINITY;
  for (let index = start; index < stop; index += 1) {
    const slot = index % history.openAt.length;
    high = Math.max(high, history.high[slot] ?? 0);
    low = Math.min(low, history.low[slot] ?? 0);
  }
  if (start <= history.first) return high - low;
  const close = history.close[(start - 1) % history.close.length] ?? 0;
  return Math.max(high - low, Math.abs(high - close), Math.abs(low - close));
}

function openAt(history: BarHistory, index: number): number {
  return history.openAt[index % history.openAt.length] ?? 0;
}
