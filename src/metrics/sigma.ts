import { assert } from '#base/assert.ts';

const CANDLES_MIN = 3;
const RETURNS_MIN = 2;

/**
 * Sample standard deviation of the log returns between consecutive closes above 0, per bar and not annualised; 0 with fewer than
 * three closes or two returns (FX desk specification a.8). Two passes from the left, as the reference sums.
 */
export function sampleSigma(closes: ArrayLike<number>): number {
  if (closes.length < CANDLES_MIN) return 0;
  const returns = new Float64Array(closes.length - 1);
  let count = 0;
  for (let index = 1; index < closes.length; index += 1) {
    const previous = closes[index - 1] ?? 0;
    const close = closes[index] ?? 0;
    if (!(previous > 0 && close > 0)) continue;
    returns[count] = Math.log(close / previous);
    count += 1;
  }
  return deviation(returns, 0, count);
}

/** The last log returns of a series, for a sigma that follows the market: plain data. */
export interface SigmaWindow {
  /** Ring of returns. */
  returns: Float64Array;
  next: number;
  count: number;
  /** 0 before the first close. */
  previousClose: number;
}

/** A window over the last `capacity` returns. */
export function createSigmaWindow(capacity: number): SigmaWindow {
  assert(Number.isSafeInteger(capacity) && capacity >= RETURNS_MIN, 'a sigma window holds at least two returns');
  return { returns: new Float64Array(capacity), next: 0, count: 0, previousClose: 0 };
}

/** Adds a close. A close of 0 or less makes no return, neither to it nor from it. */
export function pushClose(window: SigmaWindow, close: number): void {
  assert(Number.isFinite(close), 'a close is finite');
  const previous = window.previousClose;
  window.previousClose = close;
  if (!(previous > 0 && close > 0)) return;
  window.returns[window.next] = Math.log(close / previous);
  window.next = (window.next + 1) % window.returns.length;
  window.count = Math.min(window.count + 1, window.returns.length);
}

/** Sample standard deviation of the returns held, summed from the oldest: equal to the batch figure to the bit. Linear in the capacity. */
export function windowSigma(window: SigmaWindow): number {
  const oldest = window.count < window.returns.length ? 0 : window.next;
  return deviation(window.returns, oldest, window.count);
}

/** Deviation of `count` values of a ring, from `oldest` on: to the end of the ring first, then from its beginning. */
function deviation(ring: Float64Array, oldest: number, count: number): number {
  if (count < RETURNS_MIN) return 0;
  const first = Math.min(oldest + count, ring.length);
  const rest = count - (first - oldest);
  let sum = 0;
  for (let index = oldest; index < first; index += 1) sum += ring[index] ?? 0;
  for (let index = 0; index < rest; index += 1) sum += ring[index] ?? 0;
  const mean = sum / count;
  let squares = 0;
  for (let index = oldest; index < first; index += 1) squares += squaredDistance(ring[index] ?? 0, mean);
  for (let index = 0; index < rest; index += 1) squares += squaredDistance(ring[index] ?? 0, mean);
  return Math.sqrt(squares / (count - 1));
}

function squaredDistance(value: number, mean: number): number {
  return (value - mean) * (value - mean);
}
