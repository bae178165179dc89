import { assert } from '#base/assert.ts';
import type { EvaluationSummary } from '#domain/events.ts';
import { percentileOfSorted } from '#metrics/percentile.ts';

/** Results kept for each instrument and parameter key. */
export const SAMPLES_MAX = 2000;
/** How long a result counts. */
export const SAMPLE_LIFE_MS = 30 * 86_400_000;

const metrics = ['trades', 'calmar', 'pnlTotal'] as const;
type Metric = (typeof metrics)[number];

/** One measure of the results: in the order of their coming and in ascending order. */
interface Series {
  ring: Float64Array;
  sorted: Float64Array;
}

/** Earlier results of one instrument under one parameter key: plain data. */
export interface FloorHistory {
  first: number;
  end: number;
  at: Float64Array;
  /** 1 where a result differs from the one before it. */
  isDifferent: Uint8Array;
  differentCount: number;
  series: Record<Metric, Series>;
}

export function createFloorHistory(): FloorHistory {
  const series = (): Series => ({ ring: new Float64Array(SAMPLES_MAX), sorted: new Float64Array(SAMPLES_MAX) });
  return {
    first: 0,
    end: 0,
    at: new Float64Array(SAMPLES_MAX),
    isDifferent: new Uint8Array(SAMPLES_MAX),
    differentCount: 0,
    series: { trades: series(), calmar: series(), pnlTotal: series() },
  };
}

/** Adds a result. Results of more than thirty days ago go, and the oldest where there are too many. */
export function addSample(history: FloorHistory, summary: EvaluationSummary, at: number): void {
  forgetSamples(history, at);
  if (history.end - history.first >= SAMPLES_MAX) forgetOldest(history);
  const slot = history.end % SAMPLES_MAX;
  const before = (history.end + SAMPLES_MAX - 1) % SAMPLES_MAX;
  const isFirst = history.end === history.first;
  const isDifferent = isFirst || metrics.some((metric) => history.series[metric].ring[before] !== summary[metric]);
  history.at[slot] = at;
  history.isDifferent[slot] = isDifferent ? 1 : 0;
  if (isDifferent) history.differentCount += 1;
  const count = history.end - history.first;
  for (const metric of metrics) {
    const { ring, sorted } = history.series[metric];
    const value = summary[metric] + 0;
    const place = countBelow(sorted, count, value);
    sorted.copyWithin(place + 1, place, count);
    sorted[place] = value;
    ring[slot] = value;
  }
  history.end += 1;
}

/** Lets results of more than thirty days ago go. */
export function forgetSamples(history: FloorHistory, at: number): void {
  while (history.first < history.end && (history.at[history.first % SAMPLES_MAX] ?? at) < at - SAMPLE_LIFE_MS) {
    forgetOldest(history);
  }
}

/** How many results differ from the one before them. */
export function differentSamples(history: FloorHistory): number {
  return history.differentCount;
}

/** The value at a fraction of one measure of the results, type 7. Stops where there are none. */
export function samplePercentile(history: FloorHistory, metric: Metric, fraction: number): number {
  return percentileOfSorted(history.series[metric].sorted, history.end - history.first, fraction);
}

function forgetOldest(history: FloorHistory): void {
  const slot = history.first % SAMPLES_MAX;
  const count = history.end - history.first;
  assert(count > 0, 'a result that is forgotten was held');
  for (const metric of metrics) {
    const { ring, sorted } = history.series[metric];
    const place = countBelow(sorted, count, ring[slot] ?? 0);
    sorted.copyWithin(place, place + 1, count);
  }
  if (history.isDifferent[slot] === 1) history.differentCount -= 1;
  history.first += 1;
}

function countBelow(sorted: Float64Array, count: number, value: number): number {
  let low = 0;
  let high = count;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((sorted[middle] ?? 0) < value) low = middle + 1;
    else high = middle;
  }
  return low;
}
