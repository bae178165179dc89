import { DateTime, IANAZone } from 'luxon';

/** Days since 1 January 1970 of a calendar date, whatever the zone. */
export type DayNumber = number;

/** Turns a local date and minute of the day into an instant in milliseconds UTC. Minutes may pass the end of the day. */
export type ZoneClock = (day: DayNumber, minute: number) => number;

const dayMs = 86_400_000;
const minuteMs = 60_000;

/**
 * The clock of one zone. One luxon look-up a day is kept: where the offset is the same on both sides of a date, it holds all through it;
 * only around a change of offset is luxon asked for the single time, and it moves a time the change skips forward.
 * The cache grows with the days asked for and goes with the clock.
 * @throws RangeError for an unknown zone.
 */
export function createZoneClock(zoneName: string): ZoneClock {
  if (!IANAZone.isValidZone(zoneName)) throw new RangeError(`time zone: expected an IANA name, found "${zoneName}"`);
  const zone = IANAZone.create(zoneName);
  const offsetByDay = new Map<DayNumber, number>();

  function offsetMinutesAt(day: DayNumber): number {
    const known = offsetByDay.get(day);
    if (known !== undefined) return known;
    const offset = zone.offset(day * dayMs);
    offsetByDay.set(day, offset);
    return offset;
  }

  return (day, minute) => {
    const localDay = day + Math.floor(minute / 1440);
    const offsetBefore = offsetMinutesAt(localDay - 1);
    if (offsetBefore === offsetMinutesAt(localDay + 2)) return day * dayMs + (minute - offsetBefore) * minuteMs;
    const date = new Date(localDay * dayMs);
    const minuteOfDay = minute - (localDay - day) * 1440;
    return DateTime.fromObject(
      {
        year: date.getUTCFullYear(),
        month: date.getUTCMonth() + 1,
        day: date.getUTCDate(),
        hour: Math.floor(minuteOfDay / 60),
        minute: minuteOfDay % 60,
      },
      { zone },
    ).toMillis();
  };
}
