import { assert } from '#base/assert.ts';
import { percentileOfSorted } from './percentile.ts';

/** The last values of a series, in the order of their coming and in ascending order: plain data. */
export interface RollingRank {
  ring: Float64Array;
  /** The first `count` values ascend. */
  sorted: Float64Array;
  next: number;
  count: number;
}

/** A window over the last `capacity` values. */
export function createRollingRank(capacity: number): RollingRank {
  assert(Number.isSafeInteger(capacity) && capacity >= 1, 'a rolling rank holds at least one value');
  return { ring: new Float64Array(capacity), sorted: new Float64Array(capacity), next: 0, count: 0 };
}

/** Adds a value; the oldest leaves a full window. Two searches and one move of memory. */
export function pushValue(rank: RollingRank, value: number): void {
  assert(Number.isFinite(value), 'a ranked value is finite');
  // Minus zero becomes zero: they search alike but would not be removed alike.
  const entering = value + 0;
  const place = countBelow(rank, entering);
  if (rank.count < rank.ring.length) {
    rank.sorted.copyWithin(place + 1, place, rank.count);
    rank.sorted[place] = entering;
    rank.count += 1;
  } else {
    replace(rank, rank.ring[rank.next] ?? 0, entering, place);
  }
  rank.ring[rank.next] = entering;
  rank.next = (rank.next + 1) % rank.ring.length;
}

/** The value at `fraction` (0 to 1) of the window, type 7. Asserts that the window is not empty. */
export function quantile(rank: RollingRank, fraction: number): number {
  return percentileOfSorted(rank.sorted, rank.count, fraction);
}

/** Share of the window's values at or below `value`; 0 for an empty window. */
export function rankFraction(rank: RollingRank, value: number): number {
  assert(!Number.isNaN(value), 'a rank is taken of a number');
  if (rank.count === 0) return 0;
  let low = 0;
  let high = rank.count;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((rank.sorted[middle] ?? 0) <= value) low = middle + 1;
    else high = middle;
  }
  return low / rank.count;
}

/** Moves what lies between the leaving and the entering value by one place. */
function replace(rank: RollingRank, leaving: number, entering: number, place: number): void {
  const hole = countBelow(rank, leaving);
  if (hole < place) {
    rank.sorted.copyWithin(hole, hole + 1, place);
    rank.sorted[place - 1] = entering;
  } else {
    rank.sorted.copyWithin(place + 1, place, hole);
    rank.sorted[place] = entering;
  }
}

/** How many values of the window lie below this one. */
function countBelow(rank: RollingRank, value: number): number {
  let low = 0;
  let high = rank.count;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((rank.sorted[middle] ?? 0) < value) low = middle + 1;
    else high = middle;
  }
  return low;
}
