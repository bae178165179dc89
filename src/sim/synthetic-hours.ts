import { boundaryRank, isInside } from '#base/flat-intervals.ts';
import { type CalendarDocument, isMarketOpen, type SessionName, sessionNames } from '#domain/calendar.ts';

const minuteMs = 60_000;

/** What each session adds to the pace of the market while it is open. */
const paceBySession: Readonly<Record<SessionName, number>> = { tokyo: 0.25, london: 0.45, newYork: 0.45, sydney: 0.15 };
const restingPace = 0.45;
/** Brings the mean square of the pace over a trading week with the default hours near to one. */
const paceScale = 1.1;

/** The pace of the market, about one on average: highest while London and New York are both open. One without a calendar. */
export function marketActivity(calendar: CalendarDocument | null, at: number): number {
  if (calendar === null) return 1;
  let pace = restingPace;
  for (const name of sessionNames) if (isInside(calendar.sessions[name], at)) pace += paceBySession[name];
  return pace * paceScale;
}

/**
 * The start of the first minute at or after an instant in which the market trades; undefined where the calendar knows of none.
 * A minute is open when its start is.
 */
export function nextOpenMinute(calendar: CalendarDocument | null, at: number): number | undefined {
  let minuteAt = Math.ceil(at / minuteMs) * minuteMs;
  if (calendar === null) return minuteAt;
  const boundaries = calendar.weeks.length + calendar.breaks.length;
  for (let jumps = 0; jumps <= boundaries; jumps += 1) {
    if (isMarketOpen(calendar, minuteAt)) return minuteAt;
    const opensAt = nextBoundary(calendar, minuteAt);
    if (opensAt === undefined) return undefined;
    minuteAt = Math.ceil(opensAt / minuteMs) * minuteMs;
  }
  return undefined;
}

/** Outside a week the next boundary of the weeks, inside a break its end. */
function nextBoundary(calendar: CalendarDocument, at: number): number | undefined {
  const rank = boundaryRank(calendar.weeks, at);
  if (rank % 2 === 0) return calendar.weeks[rank];
  return calendar.breaks[boundaryRank(calendar.breaks, at)];
}
