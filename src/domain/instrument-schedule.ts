import { boundaryRank, differenceOf, intersectionOf, intervalEndAt, isInside, unionOf } from '#base/flat-intervals.ts';
import {
  type CalendarDocument,
  closedSession,
  type InstrumentSession,
  type SessionName,
  sessionUntil,
} from '#domain/calendar.ts';

/**
 * One instrument's opening hours worked out beforehand, so that a decision costs two searches. Flat half-open intervals, milliseconds UTC:
 * `unionIntervals` are the contiguous unions of its sessions inside trading weeks, `openIntervals` the same without the daily breaks.
 * Plain data; stale once a calendar of another version is loaded.
 */
export interface InstrumentSchedule {
  readonly calendarVersion: string;
  readonly unionIntervals: Float64Array;
  readonly openIntervals: Float64Array;
}

/** Works out the schedule of an instrument that trades in the named sessions. Without names it is never open. */
export function buildInstrumentSchedule(calendar: CalendarDocument, names: readonly SessionName[]): InstrumentSchedule {
  const sessions = names.reduce<number[]>((union, name) => unionOf(union, calendar.sessions[name]), []);
  const unions = intersectionOf(sessions, calendar.weeks);
  return {
    calendarVersion: calendar.version,
    unionIntervals: Float64Array.from(unions),
    openIntervals: Float64Array.from(differenceOf(unions, calendar.breaks)),
  };
}

/**
 * The instrument's session at an instant, with the meaning of the calendar's own lookup. Where the calendar ends inside a union, its end
 * counts as the close, which errs toward leaving early.
 */
export function scheduledSession(schedule: InstrumentSchedule, at: number): InstrumentSession {
  const endAt = intervalEndAt(schedule.unionIntervals, at);
  if (endAt === undefined) return closedSession;
  return sessionUntil({ at, endAt, isOpen: isInside(schedule.openIntervals, at) });
}

/** The instant itself while the instrument is open, else the next one at which it opens; undefined where the calendar knows of none. */
export function nextOpenAt(schedule: InstrumentSchedule, at: number): number | undefined {
  const rank = boundaryRank(schedule.openIntervals, at);
  return rank % 2 === 1 ? at : schedule.openIntervals[rank];
}
