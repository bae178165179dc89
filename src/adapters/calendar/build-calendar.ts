import { createHash } from 'node:crypto';
import { createZoneClock, type DayNumber, type ZoneClock } from '#adapters/calendar/zone-clock.ts';
import { assert } from '#base/assert.ts';
import { appendInterval, differenceOf, intersectionOf, isFlatIntervals, unionOf } from '#base/flat-intervals.ts';
import { type CalendarDocument, type SessionName, sessionNames } from '#domain/calendar.ts';
import {
  dailyBreakHours,
  parseSessionHours,
  type SessionHours,
  type SessionPreset,
  type SessionSpec,
  sessionHoursByPreset,
  tradingWeek,
} from '#domain/session-hours.ts';

export interface CalendarRequest {
  /** Span of the calendar, milliseconds UTC, half-open. */
  readonly fromAt: number;
  readonly untilAt: number;
  /** `always` is a market without hours: one week over the whole span, no breaks, and every session as long as it. */
  readonly preset: SessionPreset | 'always';
  /** Hours that replace the preset's; without Z or a zone they are in the preset's zone for that session. */
  readonly hours?: Partial<Record<SessionName, SessionSpec>>;
  /**
   * ISO dates on which the whole market stays closed. The trading day turns at 17:00 in New York, so a date is closed from 17:00 on its
   * eve until 17:00. None by default.
   */
  readonly holidays?: readonly string[];
  /** Further closures such as an early close: flat pairs of start and end, milliseconds UTC, ascending. */
  readonly closures?: readonly number[];
}

const dayMs = 86_400_000;
const spanDaysMax = 100 * 366;

/**
 * Builds the calendar that the core loads as data. The same request gives the same document and version, as long as the zone rules agree.
 * Sessions and breaks are given inside trading weeks only, and all intervals inside the span.
 * @throws RangeError for a bad span, bad hours, an unknown zone, a bad date or bad closures.
 */
export function buildCalendar(request: CalendarRequest): CalendarDocument {
  const span = daysOf(request);
  if (request.preset === 'always') return alwaysOpen(request);
  const { preset } = request;
  const clocks = createClocks();
  const within = (intervals: readonly number[]): number[] =>
    intersectionOf(intervals, [request.fromAt, request.untilAt]);
  const closed = unionOf(holidayIntervals(request.holidays ?? [], clocks(tradingWeek.zone)), closuresOf(request));
  const weeks = within(differenceOf(weekIntervals(span, clocks(tradingWeek.zone)), closed));
  const daily = (hours: SessionHours): number[] =>
    intersectionOf(dailyIntervals(span, hours, clocks(hours.zone)), weeks);
  const session = (name: SessionName): number[] => daily(hoursOf(request, preset, name));
  const content = {
    fromAt: request.fromAt,
    untilAt: request.untilAt,
    sessions: {
      tokyo: session('tokyo'),
      london: session('london'),
      newYork: session('newYork'),
      sydney: session('sydney'),
    },
    breaks: daily(dailyBreakHours),
    weeks,
  };
  return { version: versionOf(content), ...content };
}

interface DaySpan {
  readonly firstDay: DayNumber;
  readonly lastDay: DayNumber;
}

/** Days whose intervals can reach into the span: a trading week lasts under six days, and a zone is under a day from UTC. */
function daysOf({ fromAt, untilAt }: CalendarRequest): DaySpan {
  if (!Number.isSafeInteger(fromAt) || !Number.isSafeInteger(untilAt) || fromAt >= untilAt) {
    throw new RangeError(
      `calendar span: expected integer milliseconds, start before end, found ${fromAt} and ${untilAt}`,
    );
  }
  if (untilAt - fromAt > spanDaysMax * dayMs) {
    throw new RangeError(`calendar span: expected at most ${spanDaysMax} days, found ${(untilAt - fromAt) / dayMs}`);
  }
  return { firstDay: Math.floor(fromAt / dayMs) - 7, lastDay: Math.floor(untilAt / dayMs) + 1 };
}

function alwaysOpen({ fromAt, untilAt, closures, ...request }: CalendarRequest): CalendarDocument {
  const closed = closuresOf({ fromAt, untilAt, closures: closures ?? [], ...request });
  const weeks = differenceOf([fromAt, untilAt], closed);
  const sessions = { tokyo: weeks, london: weeks, newYork: weeks, sydney: weeks };
  const content = { fromAt, untilAt, sessions, breaks: [], weeks };
  return { version: versionOf(content), ...content };
}

function hoursOf(request: CalendarRequest, preset: SessionPreset, name: SessionName): SessionHours {
  const usual = sessionHoursByPreset[preset][name];
  const own = request.hours?.[name];
  return own === undefined ? usual : parseSessionHours(own, usual.zone);
}

/** One clock a zone, so that sessions of one zone share its kept offsets. */
function createClocks(): (zone: string) => ZoneClock {
  const clockByZone = new Map<string, ZoneClock>();
  return (zone) => {
    const clock = clockByZone.get(zone) ?? createZoneClock(zone);
    clockByZone.set(zone, clock);
    return clock;
  };
}

function dailyIntervals({ firstDay, lastDay }: DaySpan, hours: SessionHours, clock: ZoneClock): number[] {
  const endMinute = hours.endMinute > hours.startMinute ? hours.endMinute : hours.endMinute + 1440;
  const intervals: number[] = [];
  for (let day = firstDay; day <= lastDay; day += 1) {
    appendInterval(intervals, clock(day, hours.startMinute), clock(day, endMinute));
  }
  return intervals;
}

function weekIntervals({ firstDay, lastDay }: DaySpan, clock: ZoneClock): number[] {
  const lengthDays = tradingWeek.closeWeekday - tradingWeek.openWeekday;
  const intervals: number[] = [];
  for (let day = firstDay; day <= lastDay; day += 1) {
    if (weekdayOf(day) !== tradingWeek.openWeekday) continue;
    appendInterval(intervals, clock(day, tradingWeek.minute), clock(day + lengthDays, tradingWeek.minute));
  }
  return intervals;
}

/** Sunday is 0. Day 0, 1 January 1970, was a Thursday. */
function weekdayOf(day: DayNumber): number {
  return (((day + 4) % 7) + 7) % 7;
}

function holidayIntervals(dates: readonly string[], clock: ZoneClock): number[] {
  const days = dates.map(dayOf).sort((one, other) => one - other);
  const intervals: number[] = [];
  for (const day of days) {
    appendInterval(intervals, clock(day - 1, tradingWeek.minute), clock(day, tradingWeek.minute));
  }
  return intervals;
}

function dayOf(date: string): DayNumber {
  const at = /^\d{4}-\d{2}-\d{2}$/.test(date) ? Date.parse(date) : NaN;
  // The parser of dates may roll 30 February over into March, so the text must come back unchanged.
  if (Number.isNaN(at) || new Date(at).toISOString().slice(0, 10) !== date) {
    throw new RangeError(`holiday: expected an ISO date such as "2026-12-25", found "${date}"`);
  }
  return at / dayMs;
}

function closuresOf({ closures = [] }: CalendarRequest): readonly number[] {
  if (!closures.every(Number.isSafeInteger) || !isFlatIntervals(closures)) {
    throw new RangeError(
      `closures: expected ascending pairs of integer milliseconds, found ${JSON.stringify(closures)}`,
    );
  }
  return closures;
}

function versionOf(content: Omit<CalendarDocument, 'version'>): string {
  for (const name of sessionNames)
    assert(isFlatIntervals(content.sessions[name]), `intervals of '${name}' are out of order`);
  assert(isFlatIntervals(content.weeks) && isFlatIntervals(content.breaks), 'intervals of the week are out of order');
  return createHash('sha256').update(JSON.stringify(content)).digest('hex');
}
