/**
 * Half-open intervals [startAt, endAt) as one flat list `start, end, start, end …`, strictly ascending, so that neighbours never touch.
 * Strictness is what makes a single search answer both whether an instant is inside and where that interval ends.
 */
export type FlatIntervals = readonly number[] | Float64Array;

/** How many boundaries lie at or before the instant: odd means inside, and the boundary at this index is then the interval's end. */
export function boundaryRank(intervals: FlatIntervals, at: number): number {
  let low = 0;
  let high = intervals.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((intervals[middle] ?? Infinity) <= at) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Whether the instant lies inside one of the intervals: the start belongs to it, the end does not. */
export function isInside(intervals: FlatIntervals, at: number): boolean {
  return boundaryRank(intervals, at) % 2 === 1;
}

/** End of the interval that holds the instant, or undefined outside all of them. */
export function intervalEndAt(intervals: FlatIntervals, at: number): number | undefined {
  const rank = boundaryRank(intervals, at);
  return rank % 2 === 1 ? intervals[rank] : undefined;
}

/** Whether the list is well formed: an even count of strictly ascending boundaries. */
export function isFlatIntervals(intervals: FlatIntervals): boolean {
  if (intervals.length % 2 !== 0) return false;
  for (let index = 1; index < intervals.length; index += 1) {
    if (!((intervals[index - 1] ?? Infinity) < (intervals[index] ?? -Infinity))) return false;
  }
  return true;
}

/** Instants in either list; touching intervals become one. */
export function unionOf(first: FlatIntervals, second: FlatIntervals): number[] {
  return combine(first, second, (inFirst, inSecond) => inFirst || inSecond);
}

/** Instants in both lists. */
export function intersectionOf(first: FlatIntervals, second: FlatIntervals): number[] {
  return combine(first, second, (inFirst, inSecond) => inFirst && inSecond);
}

/** Instants in the first list and not in the second. */
export function differenceOf(first: FlatIntervals, second: FlatIntervals): number[] {
  return combine(first, second, (inFirst, inSecond) => inFirst && !inSecond);
}

/** Adds [startAt, endAt) after the others, growing the last interval where they touch or overlap. An empty interval adds nothing. */
export function appendInterval(intervals: number[], startAt: number, endAt: number): void {
  if (startAt >= endAt) return;
  const lastEndAt = intervals.at(-1);
  if (lastEndAt === undefined || startAt > lastEndAt) intervals.push(startAt, endAt);
  else if (endAt > lastEndAt) intervals[intervals.length - 1] = endAt;
}

function combine(
  first: FlatIntervals,
  second: FlatIntervals,
  holds: (inFirst: boolean, inSecond: boolean) => boolean,
): number[] {
  const result: number[] = [];
  let [firstRank, secondRank, isOpen] = [0, 0, false];
  while (firstRank < first.length || secondRank < second.length) {
    const at = Math.min(first[firstRank] ?? Infinity, second[secondRank] ?? Infinity);
    if (first[firstRank] === at) firstRank += 1;
    if (second[secondRank] === at) secondRank += 1;
    const isOpenNow = holds(firstRank % 2 === 1, secondRank % 2 === 1);
    if (isOpenNow !== isOpen) result.push(at);
    isOpen = isOpenNow;
  }
  return result;
}
