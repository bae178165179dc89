import { assert } from '#base/assert.ts';
import type { DrawdownRun } from '#metrics/drawdown-window.ts';
import { copyRing } from './copy-ring.ts';

/** Round trips a ledger holds at most, some 180 a day: where a run makes more, the oldest are forgotten early. */
export const TRIPS_MAX = 16_384;
/** How long round trips are kept. */
export const TRIP_LIFE_MS = 90 * 86_400_000;
const LENGTH_AT_START = 64;

/**
 * The closed round trips of one run as columns, in the order of their entry: plain data. Results are fractions of NAV. Each row carries
 * the sums over all trips before it, so that a slice's sums are one difference, and its own path as sum, peak, trough and drawdown.
 */
export interface TripLedger {
  first: number;
  end: number;
  entryAt: Float64Array;
  exitAt: Float64Array;
  profitBefore: Float64Array;
  winsBefore: Float64Array;
  profit: Float64Array;
  peak: Float64Array;
  trough: Float64Array;
  drawdown: Float64Array;
  profitTotal: number;
  winTotal: number;
}

const columns = ['entryAt', 'exitAt', 'profitBefore', 'winsBefore', 'profit', 'peak', 'trough', 'drawdown'] as const;

export function createTripLedger(): TripLedger {
  return {
    first: 0,
    end: 0,
    entryAt: new Float64Array(LENGTH_AT_START),
    exitAt: new Float64Array(LENGTH_AT_START),
    profitBefore: new Float64Array(LENGTH_AT_START),
    winsBefore: new Float64Array(LENGTH_AT_START),
    profit: new Float64Array(LENGTH_AT_START),
    peak: new Float64Array(LENGTH_AT_START),
    trough: new Float64Array(LENGTH_AT_START),
    drawdown: new Float64Array(LENGTH_AT_START),
    profitTotal: 0,
    winTotal: 0,
  };
}

/** Adds a closed round trip. Its path counts as a point of departure at 0, the marks while it was open, and its result. */
export function addTrip(ledger: TripLedger, entryAt: number, exitAt: number, path: Readonly<DrawdownRun>): void {
  const newest =
    ledger.end === ledger.first ? Number.NEGATIVE_INFINITY : ledger.entryAt[slotOf(ledger, ledger.end - 1)];
  assert(entryAt > (newest ?? 0), 'round trips come in the order of their entry');
  assert(exitAt >= entryAt, 'a round trip ends after it began');
  assert(Number.isFinite(path.sum), 'the result of a round trip is finite');
  if (ledger.end - ledger.first >= ledger.entryAt.length) grow(ledger);
  const slot = slotOf(ledger, ledger.end);
  ledger.entryAt[slot] = entryAt;
  ledger.exitAt[slot] = exitAt;
  ledger.profitBefore[slot] = ledger.profitTotal;
  ledger.winsBefore[slot] = ledger.winTotal;
  ledger.profit[slot] = path.sum;
  ledger.peak[slot] = path.peak;
  ledger.trough[slot] = path.trough;
  ledger.drawdown[slot] = path.drawdown;
  ledger.profitTotal += path.sum;
  if (path.sum > 0) ledger.winTotal += 1;
  ledger.end += 1;
  while ((ledger.entryAt[slotOf(ledger, ledger.first)] ?? exitAt) < exitAt - TRIP_LIFE_MS) ledger.first += 1;
}

/** Number of the first trip that was entered at or after an instant; the end where there is none. */
export function firstTripAt(ledger: TripLedger, at: number): number {
  let low = ledger.first;
  let high = ledger.end;
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if ((ledger.entryAt[slotOf(ledger, middle)] ?? 0) < at) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Profit and wins of all trips before number `index`. */
export function sumsBefore(ledger: TripLedger, index: number): { readonly profit: number; readonly wins: number } {
  if (index >= ledger.end) return { profit: ledger.profitTotal, wins: ledger.winTotal };
  const slot = slotOf(ledger, index);
  return { profit: ledger.profitBefore[slot] ?? 0, wins: ledger.winsBefore[slot] ?? 0 };
}

/** The path of one trip. */
export function tripPath(ledger: TripLedger, index: number): DrawdownRun {
  assert(index >= ledger.first && index < ledger.end, 'a trip that is asked for is held');
  const slot = slotOf(ledger, index);
  return {
    sum: ledger.profit[slot] ?? 0,
    peak: ledger.peak[slot] ?? 0,
    trough: ledger.trough[slot] ?? 0,
    drawdown: ledger.drawdown[slot] ?? 0,
  };
}

/** Where trip number `index` stands in the columns. */
export function slotOf(ledger: TripLedger, index: number): number {
  return index % ledger.entryAt.length;
}

function grow(ledger: TripLedger): void {
  const { first, end } = ledger;
  const length = Math.min(TRIPS_MAX, ledger.entryAt.length * 2);
  if (length <= ledger.entryAt.length) {
    ledger.first += 1;
    return;
  }
  for (const name of columns) {
    const column = new Float64Array(length);
    copyRing(ledger[name], column, first, end);
    ledger[name] = column;
  }
}
