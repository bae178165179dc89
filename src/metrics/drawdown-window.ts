import { assert } from '#base/assert.ts';

/**
 * A run of increments in one glance. It starts at 0 and that start counts as a point of its path, so `peak` is never below 0 and
 * `trough` never above. Two runs combine in constant time, which is what a sliding window needs.
 */
export interface DrawdownRun {
  sum: number;
  /** Highest point of the path. */
  peak: number;
  /** Lowest point of the path. */
  trough: number;
  /** Deepest fall from an earlier point to a later one, 0 or more. */
  drawdown: number;
}

/**
 * Sum and drawdown of the increments within a sliding span of keys: plain data. Two stacks: newcomers lie on the back; each entry of the
 * front carries the run from itself to the end of the front. An increment moves from back to front once, so the cost a
 * step is constant on average. Sums are exact where the increments are whole (money is); otherwise they round by the grouping.
 */
export interface DrawdownWindow {
  capacity: number;
  backKeys: number[];
  backIncrements: number[];
  backRun: DrawdownRun;
  /** Oldest entry last. */
  frontKeys: number[];
  frontRuns: DrawdownRun[];
  lastKey: number;
}

const EMPTY_RUN: Readonly<DrawdownRun> = { sum: 0, peak: 0, trough: 0, drawdown: 0 };

/** A window that holds nothing yet and never more than `capacity` increments. */
export function createDrawdownWindow(capacity: number): DrawdownWindow {
  assert(Number.isSafeInteger(capacity) && capacity >= 1, 'a drawdown window holds at least one increment');
  return {
    capacity,
    backKeys: [],
    backIncrements: [],
    backRun: { ...EMPTY_RUN },
    frontKeys: [],
    frontRuns: [],
    lastKey: Number.NEGATIVE_INFINITY,
  };
}

/** Adds a gain or a loss. Keys (instants, sequence numbers) never fall. */
export function pushIncrement(window: DrawdownWindow, key: number, increment: number): void {
  assert(key >= window.lastKey, 'the keys of a drawdown window never fall');
  assert(Number.isFinite(increment), 'an increment is finite');
  assert(windowSize(window) < window.capacity, 'a drawdown window stays within its capacity');
  window.lastKey = key;
  window.backKeys.push(key);
  window.backIncrements.push(increment);
  window.backRun = joinRuns(window.backRun, runOf(increment));
}

/** Forgets every increment whose key lies below `key`. */
export function evictBefore(window: DrawdownWindow, key: number): void {
  while (oldestKey(window) < key) {
    if (window.frontKeys.length === 0) turnBackToFront(window);
    window.frontKeys.pop();
    window.frontRuns.pop();
  }
}

/** The deepest fall of the additive path that starts at 0 before the oldest increment held. 0 for an empty window. */
export function windowDrawdown(window: DrawdownWindow): number {
  return windowRun(window).drawdown;
}

/** Sum of the increments held. */
export function windowSum(window: DrawdownWindow): number {
  return windowRun(window).sum;
}

/** Number of increments held. */
export function windowSize(window: DrawdownWindow): number {
  return window.frontKeys.length + window.backKeys.length;
}

/** Sum, peak, trough and drawdown of the increments held. */
export function windowRun(window: DrawdownWindow): DrawdownRun {
  return joinRuns(window.frontRuns.at(-1) ?? EMPTY_RUN, window.backRun);
}

function oldestKey(window: DrawdownWindow): number {
  return window.frontKeys.at(-1) ?? window.backKeys[0] ?? Number.POSITIVE_INFINITY;
}

function turnBackToFront(window: DrawdownWindow): void {
  let run: DrawdownRun = { ...EMPTY_RUN };
  for (let index = window.backKeys.length - 1; index >= 0; index -= 1) {
    run = joinRuns(runOf(window.backIncrements[index] ?? 0), run);
    window.frontKeys.push(window.backKeys[index] ?? 0);
    window.frontRuns.push(run);
  }
  window.backKeys = [];
  window.backIncrements = [];
  window.backRun = { ...EMPTY_RUN };
}

function runOf(increment: number): DrawdownRun {
  return {
    sum: increment,
    peak: Math.max(0, increment),
    trough: Math.min(0, increment),
    drawdown: Math.max(0, -increment),
  };
}

function joinRuns(earlier: Readonly<DrawdownRun>, later: Readonly<DrawdownRun>): DrawdownRun {
  const laterTrough = earlier.sum + later.trough;
  return {
    sum: earlier.sum + later.sum,
    peak: Math.max(earlier.peak, earlier.sum + later.peak),
    trough: Math.min(earlier.trough, laterTrough),
    drawdown: Math.max(earlier.drawdown, later.drawdown, earlier.peak - laterTrough),
  };
}
