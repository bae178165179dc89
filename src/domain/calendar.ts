import { z } from 'zod';
import type { DeepReadonly } from '#base/deep-readonly.ts';
import { intervalEndAt, isFlatIntervals, isInside } from '#base/flat-intervals.ts';

/** The four trading sessions, in the order in which lists of them are given. */
export const sessionNames = ['tokyo', 'london', 'newYork', 'sydney'] as const;

export type SessionName = (typeof sessionNames)[number];

const intervalsSchema = z
  .array(z.int())
  .refine(isFlatIntervals, { error: 'expected pairs of start and end in strictly ascending order' });

/**
 * The opening hours as versioned plain data. Instants are integer milliseconds UTC; intervals are half-open and flat: start, end, start, end.
 * `weeks` are the trading weeks with closures cut out, `breaks` the daily breaks inside them, `version` a hash of the content.
 * Nothing is known outside [fromAt, untilAt), so everything is closed there.
 */
export const calendarSchema = z
  .strictObject({
    version: z.string().min(1),
    fromAt: z.int(),
    untilAt: z.int(),
    sessions: z.strictObject({
      tokyo: intervalsSchema,
      london: intervalsSchema,
      newYork: intervalsSchema,
      sydney: intervalsSchema,
    }),
    breaks: intervalsSchema,
    weeks: intervalsSchema,
  })
  .refine((calendar) => calendar.fromAt < calendar.untilAt, { error: "expected 'fromAt' before 'untilAt'" })
  .refine(isWithinSpan, { error: "expected every interval inside 'fromAt' and 'untilAt'" });

export type CalendarDocument = DeepReadonly<z.infer<typeof calendarSchema>>;

/**
 * An instrument's session at one instant. `minutesToClose` counts the minutes, the running one included, to the end of the contiguous
 * union of its sessions or of the trading week, whichever comes first (FX desk specification c: end minute less current minute).
 * It is at least 1 inside the union and 0 outside it. A daily break does not end the union, so inside a break the
 * instrument is closed while the count goes on.
 */
export interface InstrumentSession {
  readonly isOpen: boolean;
  readonly minutesToClose: number;
}

/** Outside every session, and outside the calendar. */
export const closedSession: InstrumentSession = Object.freeze({ isOpen: false, minutesToClose: 0 });

/** Whether the calendar says anything about the instant. */
export function calendarCovers(calendar: CalendarDocument, at: number): boolean {
  return at >= calendar.fromAt && at < calendar.untilAt;
}

/** Whether the instant lies inside a trading week and outside the daily break; false where the calendar does not reach. */
export function isMarketOpen(calendar: CalendarDocument, at: number): boolean {
  return isInside(calendar.weeks, at) && !isInside(calendar.breaks, at);
}

/**
 * The sessions in which an instrument of these currencies trades (FX desk specification c). A currency without a home session adds
 * none, and an instrument without any session is never open.
 */
export function sessionsOf(currencies: readonly string[]): SessionName[] {
  const found = new Set(currencies.map((currency) => sessionByCurrency.get(currency)));
  return sessionNames.filter((name) => found.has(name));
}

const sessionByCurrency: ReadonlyMap<string, SessionName> = new Map([
  ['EUR', 'london'],
  ['GBP', 'london'],
  ['CHF', 'london'],
  ['USD', 'newYork'],
  ['CAD', 'newYork'],
  ['JPY', 'tokyo'],
  ['AUD', 'sydney'],
  ['NZD', 'sydney'],
]);

/**
 * The session of an instrument that trades in the named sessions, asked once. A schedule answers the same faster where the question
 * comes at every decision.
 */
export function instrumentSession(
  calendar: CalendarDocument,
  names: readonly SessionName[],
  at: number,
): InstrumentSession {
  const weekEndAt = intervalEndAt(calendar.weeks, at);
  if (weekEndAt === undefined) return closedSession;
  const endAt = Math.min(weekEndAt, unionEndAt(calendar, names, { at, weekEndAt }));
  return sessionUntil({ at, endAt, isOpen: endAt > at && !isInside(calendar.breaks, at) });
}

/** The session whose union ends at `endAt`; used by every lookup so that all of them round alike. */
export function sessionUntil(moment: { at: number; endAt: number; isOpen: boolean }): InstrumentSession {
  return { isOpen: moment.isOpen, minutesToClose: Math.ceil((moment.endAt - moment.at) / minuteMs) };
}

/**
 * Whether the close is at most `exitMinutes` away, inclusive; false once the session is over. Where a daily break runs into the close,
 * as New York's last two minutes do, orders must go out before the break: only `exitMinutes` above its length leave time for that.
 */
export function isNearClose(session: InstrumentSession, exitMinutes: number): boolean {
  return session.minutesToClose > 0 && session.minutesToClose <= exitMinutes;
}

const minuteMs = 60_000;

/** Follows the sessions from one end to the next while another one holds it; every step moves forward, and the week's end bounds it. */
function unionEndAt(
  calendar: CalendarDocument,
  names: readonly SessionName[],
  moment: { at: number; weekEndAt: number },
): number {
  let endAt = moment.at;
  while (endAt < moment.weekEndAt) {
    const reachedAt = endAt;
    for (const name of names) endAt = Math.max(endAt, intervalEndAt(calendar.sessions[name], reachedAt) ?? reachedAt);
    if (endAt === reachedAt) break;
  }
  return endAt;
}

function isWithinSpan(calendar: { fromAt: number; untilAt: number } & CalendarIntervals): boolean {
  const lists = [calendar.breaks, calendar.weeks, ...sessionNames.map((name) => calendar.sessions[name])];
  return lists.every(
    (list) => (list[0] ?? Infinity) >= calendar.fromAt && (list.at(-1) ?? -Infinity) <= calendar.untilAt,
  );
}

interface CalendarIntervals {
  sessions: Record<SessionName, number[]>;
  breaks: number[];
  weeks: number[];
}
