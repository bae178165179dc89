import { assert } from '#base/assert.ts';
import type { EvaluationSummary } from '#domain/events.ts';
import {
  createDrawdownWindow,
  type DrawdownRun,
  type DrawdownWindow,
  evictBefore,
  pushIncrement,
  windowRun,
} from '#metrics/drawdown-window.ts';
import type { ShadowRun } from './shadow-run.ts';
import { joinedDrawdown, summaryOf } from './slice-summary.ts';
import { firstTripAt, slotOf, TRIPS_MAX, type TripLedger, tripPath } from './trip-ledger.ts';

const DAY_MS = 86_400_000;
/** Increments that one trip's path is told with. */
const INCREMENTS_A_TRIP = 5;

/**
 * The strict slice of a run: the same last `days` days at every evaluation. It slides forward only, so its drawdown comes from two
 * stacks at a constant cost, where a slice anywhere else is joined trip by trip. Plain data; it belongs to one run.
 */
export interface StrictWindow {
  readonly days: number;
  /** Number of the next trip to take in. */
  next: number;
  drawdowns: DrawdownWindow;
}

export function createStrictWindow(days: number): StrictWindow {
  assert(days > 0, 'a strict window spans some days');
  return { days, next: 0, drawdowns: createDrawdownWindow(INCREMENTS_A_TRIP * TRIPS_MAX) };
}

/** The summary of the strict slice at an instant; instants never fall. Round trips leave it by the instant of their entry. */
export function strictSummary(window: StrictWindow, run: ShadowRun, at: number): EvaluationSummary {
  const { trips } = run;
  const { drawdowns } = window;
  const fromAt = at - window.days * DAY_MS;
  const first = firstTripAt(trips, fromAt);
  // A ledger that is full forgets trips before their time; the window must not outgrow it.
  evictBefore(drawdowns, first < trips.end ? entryOf(trips, first) : fromAt);
  for (let index = Math.max(first, window.next); index < trips.end; index += 1) {
    pushPath(drawdowns, entryOf(trips, index), tripPath(trips, index));
  }
  window.next = trips.end;
  const path = windowRun(drawdowns);
  const isOpenInside = run.sign !== 0 && run.tripEntryAt >= fromAt;
  return summaryOf(trips, first, trips.end, isOpenInside ? joinedDrawdown(path, run.path) : path.drawdown);
}

function entryOf(trips: TripLedger, index: number): number {
  return trips.entryAt[slotOf(trips, index)] ?? 0;
}

/**
 * Tells a trip's path with five increments under one key. A path from 0 by way of its trough, up by its drawdown, back to the trough, up
 * to its peak and on to its result has the same sum, peak, trough and drawdown as the marks it stands for, for a drawdown is never
 * larger than the way from trough to peak nor smaller than either end's fall.
 */
function pushPath(drawdowns: DrawdownWindow, entryAt: number, path: DrawdownRun): void {
  pushIncrement(drawdowns, entryAt, path.trough);
  pushIncrement(drawdowns, entryAt, path.drawdown);
  pushIncrement(drawdowns, entryAt, -path.drawdown);
  pushIncrement(drawdowns, entryAt, path.peak - path.trough);
  pushIncrement(drawdowns, entryAt, path.sum - path.peak);
}
