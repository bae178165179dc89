import { assert } from '#base/assert.ts';

/**
 * The value below which `fraction` (0 to 1) of the values lie, between neighbours by straight line: type 7 of Hyndman and Fan,
 * "Sample Quantiles in Statistical Packages" (1996). Asserts at least one value and no NaN.
 */
export function percentile(values: ArrayLike<number>, fraction: number): number {
  const sorted = Float64Array.from(values).sort();
  // NaN sorts to the end.
  assert(!Number.isNaN(sorted.at(-1) ?? 0), 'a percentile is taken of numbers');
  return percentileOfSorted(sorted, sorted.length, fraction);
}

/** The same over the first `count` values of an array already in ascending order. */
export function percentileOfSorted(sorted: Float64Array, count: number, fraction: number): number {
  assert(count >= 1 && count <= sorted.length, 'a percentile needs at least one value');
  assert(fraction >= 0 && fraction <= 1, 'the fraction of a percentile lies between 0 and 1');
  const place = (count - 1) * fraction;
  const below = Math.floor(place);
  const lower = sorted[below] ?? 0;
  const upper = sorted[Math.min(below + 1, count - 1)] ?? 0;
  return lower + (place - below) * (upper - lower);
}
