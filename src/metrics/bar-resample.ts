import { assert } from '#base/assert.ts';
import type { Candle } from './candle.ts';

/** Gathers short bars into longer ones whose openings are multiples of the interval since the epoch: plain data. */
export interface BarResample {
  /** Length of the bars that come in. */
  sourceIntervalMs: number;
  /** Length of the bars that go out, a multiple of the former. */
  intervalMs: number;
  /** The bar being gathered. */
  pending: Candle | undefined;
  /** Opening of the newest source bar. */
  lastOpenAt: number;
}

/** A resampler from one interval to a longer one, such as one minute to five. */
export function createBarResample(sourceIntervalMs: number, intervalMs: number): BarResample {
  assert(
    Number.isSafeInteger(sourceIntervalMs) && sourceIntervalMs > 0,
    'the source interval is a whole number above 0',
  );
  assert(Number.isSafeInteger(intervalMs) && intervalMs > 0, 'the interval is a whole number above 0');
  assert(intervalMs % sourceIntervalMs === 0, 'the interval is a multiple of the source interval');
  return { sourceIntervalMs, intervalMs, pending: undefined, lastOpenAt: Number.NEGATIVE_INFINITY };
}

/**
 * Adds a closed source bar and returns the longer bars that are now closed, oldest first: none, one or two. A bar closes with the last
 * source bar of its interval or, where that is missing, as soon as a source bar of a later interval comes; it then holds what
 * there was. The source may skip bars but not step back.
 */
export function pushBar(resample: BarResample, bar: Candle): Candle[] {
  assert(bar.openAt % resample.sourceIntervalMs === 0, 'a source bar opens on the grid of its interval');
  assert(bar.openAt > resample.lastOpenAt, 'source bars come in the order of their opening');
  resample.lastOpenAt = bar.openAt;
  const closed: Candle[] = [];
  const openAt = Math.floor(bar.openAt / resample.intervalMs) * resample.intervalMs;
  if (resample.pending !== undefined && resample.pending.openAt !== openAt) {
    closed.push(resample.pending);
    resample.pending = undefined;
  }
  if (resample.pending === undefined) resample.pending = { ...bar, openAt };
  else gather(resample.pending, bar);
  if (bar.openAt + resample.sourceIntervalMs === openAt + resample.intervalMs) {
    closed.push(resample.pending);
    resample.pending = undefined;
  }
  return closed;
}

function gather(pending: Candle, bar: Candle): void {
  pending.high = Math.max(pending.high, bar.high);
  pending.low = Math.min(pending.low, bar.low);
  pending.close = bar.close;
  pending.volume += bar.volume;
}
