import type { EvaluationSummary } from '#domain/events.ts';
import type { DrawdownRun } from '#metrics/drawdown-window.ts';
import type { ShadowRun } from './shadow-run.ts';
import { firstTripAt, slotOf, sumsBefore, type TripLedger } from './trip-ledger.ts';

const DAY_MS = 86_400_000;
const CALMAR_CAP = 100;
const DRAWDOWN_MIN = 1e-9;

/** From which round trips a summary is made: those entered at or after `fromAt` and before `untilAt`. */
export interface Slice {
  readonly fromAt: number;
  readonly untilAt: number;
}

/**
 * The last `days` days of a run. Round trips belong to it by the instant of their entry (FX desk specification h.4), so a longer span
 * never has fewer of them. The trip that is still open counts with its marks in the drawdown and with nothing else.
 */
export function sliceSummary(run: ShadowRun, days: number, at: number): EvaluationSummary {
  return summaryBetween(run, { fromAt: at - days * DAY_MS, untilAt: Number.POSITIVE_INFINITY });
}

/**
 * Any slice of a run. Sums are differences of two running sums; the drawdown joins the paths of the slice's trips one after the other,
 * which is what lets a slice end before the present.
 */
export function summaryBetween(run: ShadowRun, slice: Slice): EvaluationSummary {
  const { trips } = run;
  const first = firstTripAt(trips, slice.fromAt);
  const end = Math.max(first, firstTripAt(trips, slice.untilAt));
  let path: DrawdownRun = { sum: 0, peak: 0, trough: 0, drawdown: 0 };
  for (let index = first; index < end; index += 1) extend(path, trips, index);
  if (run.sign !== 0 && run.tripEntryAt >= slice.fromAt && run.tripEntryAt < slice.untilAt)
    path = joined(path, run.path);
  return summaryOf(trips, first, end, path.drawdown);
}

/** The summary of trips `first` to `end − 1`, whose drawdown the caller has worked out. */
export function summaryOf(trips: TripLedger, first: number, end: number, maxDrawdown: number): EvaluationSummary {
  const before = sumsBefore(trips, first);
  const after = sumsBefore(trips, end);
  const count = end - first;
  const pnlTotal = count === 0 ? 0 : after.profit - before.profit;
  return {
    trades: count,
    winRate: count === 0 ? 0 : (after.wins - before.wins) / count,
    pnlTotal,
    maxDrawdown,
    calmar: count === 0 ? 0 : calmarOf(pnlTotal, maxDrawdown),
  };
}

/** Profit over drawdown, not annualised, within ±100 (FX desk specification d.1). */
export function calmarOf(pnlTotal: number, maxDrawdown: number): number {
  return Math.max(-CALMAR_CAP, Math.min(CALMAR_CAP, pnlTotal / Math.max(maxDrawdown, DRAWDOWN_MIN)));
}

/** Drawdown of one path followed by another. */
export function joinedDrawdown(earlier: Readonly<DrawdownRun>, later: Readonly<DrawdownRun>): number {
  return Math.max(earlier.drawdown, later.drawdown, earlier.peak - (earlier.sum + later.trough));
}

function joined(earlier: Readonly<DrawdownRun>, later: Readonly<DrawdownRun>): DrawdownRun {
  return { ...earlier, drawdown: joinedDrawdown(earlier, later) };
}

/** Follows a path with that of one trip, in place: slices may have thousands. */
function extend(path: DrawdownRun, trips: TripLedger, index: number): void {
  const slot = slotOf(trips, index);
  const lowest = path.sum + (trips.trough[slot] ?? 0);
  path.drawdown = Math.max(path.drawdown, trips.drawdown[slot] ?? 0, path.peak - lowest);
  path.peak = Math.max(path.peak, path.sum + (trips.peak[slot] ?? 0));
  path.trough = Math.min(path.trough, lowest);
  path.sum += trips.profit[slot] ?? 0;
}
