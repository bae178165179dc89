/** Granularities that are made of minutes, by name; days and longer depend on the calendar. */
const minutesByName: Readonly<Record<string, number>> = {
  M1: 1,
  M2: 2,
  M4: 4,
  M5: 5,
  M10: 10,
  M15: 15,
  M30: 30,
  H1: 60,
  H2: 120,
  H3: 180,
  H4: 240,
  H6: 360,
  H8: 480,
  H12: 720,
  D: 1_440,
  W: 10_080,
  M: 43_200,
};
const minuteMs = 60_000;
const hourMs = 3_600_000;
const dayMs = 86_400_000;
const weekdays = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];

export interface Alignment {
  /** Hour at which a day begins, in the zone. */
  readonly dailyHour: number;
  readonly zone: string;
  readonly weekday: string;
}

/** The venue's own alignment where a client tells none. */
export const usualAlignment: Alignment = { dailyHour: 17, zone: 'America/New_York', weekday: 'Friday' };

/** Where the candle that holds an instant begins, and where it ends. */
export interface CandleSpan {
  readonly startAt: number;
  readonly endAt: number;
}

/** About how long a granularity is; undefined for one that is not made here, seconds included. */
export function granularityMs(name: string): number | undefined {
  const minutes = Object.hasOwn(minutesByName, name) ? minutesByName[name] : undefined;
  return minutes === undefined ? undefined : minutes * minuteMs;
}

export function isZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en-US', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}

export function isWeekday(name: string): boolean {
  return weekdays.includes(name);
}

/** Candles up to an hour lie on the grid of the clock; longer ones are counted from the hour at which the day begins. */
export function spanOf(name: string, at: number, alignment: Alignment): CandleSpan {
  const lengthMs = granularityMs(name) ?? minuteMs;
  if (lengthMs <= hourMs) {
    const startAt = Math.floor(at / lengthMs) * lengthMs;
    return { startAt, endAt: startAt + lengthMs };
  }
  const day = dayOf(at, alignment);
  if (lengthMs < dayMs) {
    const startAt = day.startAt + Math.floor((at - day.startAt) / lengthMs) * lengthMs;
    return { startAt, endAt: Math.min(day.endAt, startAt + lengthMs) };
  }
  if (name === 'D') return day;
  return name === 'W' ? weekOf(at, alignment) : monthOf(at, alignment);
}

function dayOf(at: number, alignment: Alignment): CandleSpan {
  const local = Math.floor((at + offsetAt(alignment.zone, at) - alignment.dailyHour * hourMs) / dayMs);
  const startAt = instantOfDay(local, alignment);
  if (startAt > at) return { startAt: instantOfDay(local - 1, alignment), endAt: startAt };
  const endAt = instantOfDay(local + 1, alignment);
  return endAt > at ? { startAt, endAt } : { startAt: endAt, endAt: instantOfDay(local + 2, alignment) };
}

function weekOf(at: number, alignment: Alignment): CandleSpan {
  const day = localDay(at, alignment);
  const first = weekdays.indexOf(alignment.weekday);
  // The epoch was a Thursday.
  const back = (((day + 4 - first) % 7) + 7) % 7;
  return { startAt: instantOfDay(day - back, alignment), endAt: instantOfDay(day - back + 7, alignment) };
}

function monthOf(at: number, alignment: Alignment): CandleSpan {
  // A trading day belongs to the date on which it ends.
  const date = new Date((localDay(at, alignment) + 1) * dayMs);
  const first = (month: number): number => Date.UTC(date.getUTCFullYear(), month, 1) / dayMs - 1;
  const month = date.getUTCMonth();
  return { startAt: instantOfDay(first(month), alignment), endAt: instantOfDay(first(month + 1), alignment) };
}

function localDay(at: number, alignment: Alignment): number {
  const { startAt } = dayOf(at, alignment);
  return Math.floor((startAt + offsetAt(alignment.zone, startAt)) / dayMs);
}

/** The instant at which the day of a number begins in the zone. */
function instantOfDay(day: number, { dailyHour, zone }: Alignment): number {
  const local = day * dayMs + dailyHour * hourMs;
  const near = local - offsetAt(zone, local);
  return local - offsetAt(zone, near);
}

const offsets = new Map<string, number>();
const offsetsMax = 100_000;

/** How far the zone's clock is ahead, looked up once an hour. */
function offsetAt(zone: string, at: number): number {
  const hour = Math.floor(at / hourMs);
  const key = `${zone} ${hour}`;
  const known = offsets.get(key);
  if (known !== undefined) return known;
  if (offsets.size > offsetsMax) offsets.clear();
  const offset = lookUpOffset(zone, hour * hourMs);
  offsets.set(key, offset);
  return offset;
}

const formats = new Map<string, Intl.DateTimeFormat>();

function lookUpOffset(zone: string, at: number): number {
  const format = formats.get(zone) ?? createFormat(zone);
  formats.set(zone, format);
  const parts = Object.fromEntries(format.formatToParts(at).map(({ type, value }) => [type, Number(value)]));
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0 } = parts;
  return Date.UTC(year, month - 1, day, hour % 24, minute) - at;
}

function createFormat(zone: string): Intl.DateTimeFormat {
  return new Intl.DateTimeFormat('en-US', {
    timeZone: zone,
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    hourCycle: 'h23',
  });
}
