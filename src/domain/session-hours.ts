import { z } from 'zod';
import type { SessionName } from '#domain/calendar.ts';

/** A daily window in one time zone, in minutes of the local day, half-open. An end at or before the start lies on the next day. */
export interface SessionHours {
  readonly startMinute: number;
  readonly endMinute: number;
  /** IANA name of the zone. */
  readonly zone: string;
}

/** How hours may be written: times are "HH:MM", or "HH:MMZ" for UTC. Objects may name an IANA zone of their own. */
export type SessionSpec =
  | string
  | readonly [string, string]
  | { readonly start: string; readonly end: string; readonly zone?: string }
  | { readonly open: string; readonly close: string; readonly zone?: string };

export type SessionPreset = 'local' | 'utc';

/**
 * `local` are the default hours in exchange-local time, so that they follow each place's summer time. `utc` are the fixed hours of FX desk
 * specification c, which know no summer time.
 */
export const sessionHoursByPreset: Readonly<Record<SessionPreset, Readonly<Record<SessionName, SessionHours>>>> = {
  local: {
    tokyo: { startMinute: 8 * 60, endMinute: 16 * 60, zone: 'Asia/Tokyo' },
    london: { startMinute: 8 * 60, endMinute: 16 * 60, zone: 'Europe/London' },
    newYork: { startMinute: 8 * 60, endMinute: 17 * 60, zone: 'America/New_York' },
    sydney: { startMinute: 7 * 60, endMinute: 15 * 60, zone: 'Australia/Sydney' },
  },
  utc: {
    tokyo: { startMinute: 23 * 60, endMinute: 7 * 60, zone: 'UTC' },
    london: { startMinute: 7 * 60, endMinute: 15 * 60, zone: 'UTC' },
    newYork: { startMinute: 12 * 60, endMinute: 21 * 60, zone: 'UTC' },
    sydney: { startMinute: 21 * 60, endMinute: 5 * 60, zone: 'UTC' },
  },
};

/** The daily break, in which the venue halts trading and refuses orders. */
export const dailyBreakHours: SessionHours = {
  startMinute: 16 * 60 + 58,
  endMinute: 17 * 60 + 3,
  zone: 'America/New_York',
};

/** The trading week: it opens and closes at one local time, on Sunday and on Friday; the trading day turns at that time too. */
export const tradingWeek = { openWeekday: 0, closeWeekday: 5, minute: 17 * 60, zone: 'America/New_York' } as const;

/**
 * Reads hours from any accepted form: ["HH:MM", "HH:MM"], "HH:MM,HH:MM", {start, end} or {open, close}. Times without Z are of `zone`,
 * unless the object names its own. "24:00" may stand as an end.
 * @throws RangeError that says what was expected and what was found.
 */
export function parseSessionHours(spec: unknown, zone: string): SessionHours {
  const bounds = boundsOf(spec);
  const start = parseTime(bounds.start, spec);
  const end = parseTime(bounds.end, spec);
  if (start.minute === fullDayMinutes) refuse('a start before "24:00"', spec);
  if (start.minute === end.minute) refuse('an end that differs from the start', spec);
  if (start.isUtc !== end.isUtc) refuse('both times with Z or both without', spec);
  if (start.isUtc && bounds.zone !== undefined) refuse('either Z or a zone, not both', spec);
  return { startMinute: start.minute, endMinute: end.minute, zone: start.isUtc ? 'UTC' : (bounds.zone ?? zone) };
}

const fullDayMinutes = 24 * 60;

const forms = '"HH:MM,HH:MM", ["HH:MM", "HH:MM"], {start, end} or {open, close}';

const zoneName = z.string().min(1).exactOptional();

const boundsSchema = z.union([
  z.strictObject({ start: z.string(), end: z.string(), zone: zoneName }),
  z
    .strictObject({ open: z.string(), close: z.string(), zone: zoneName })
    .transform(({ open, close, ...own }) => ({ start: open, end: close, ...own })),
  z.tuple([z.string(), z.string()]).transform(([start, end]) => ({ start, end })),
]);

interface Bounds {
  readonly start: string;
  readonly end: string;
  readonly zone?: string;
}

function boundsOf(spec: unknown): Bounds {
  const parsed = boundsSchema.safeParse(typeof spec === 'string' ? spec.split(',') : spec);
  return parsed.success ? parsed.data : refuse(forms, spec);
}

interface LocalTime {
  readonly minute: number;
  readonly isUtc: boolean;
}

function parseTime(text: string, spec: unknown): LocalTime {
  const match = /^([01]\d|2[0-3]|24(?=:00)):([0-5]\d)(Z?)$/.exec(text.trim());
  if (match === null) return refuse('times from "00:00" to "24:00", written "HH:MM" or "HH:MMZ"', spec);
  return { minute: Number(match[1]) * 60 + Number(match[2]), isUtc: match[3] === 'Z' };
}

function refuse(expected: string, spec: unknown): never {
  throw new RangeError(`session hours: expected ${expected}, found ${JSON.stringify(spec)}`);
}
