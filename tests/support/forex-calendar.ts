import { buildCalendar } from '#adapters/calendar/build-calendar.ts';
import type { CalendarDocument } from '#domain/calendar.ts';

/** The true opening hours of a span, for tests of rooms that may not build calendars themselves. */
export function forexCalendar(fromAt: number, untilAt: number): CalendarDocument {
  return buildCalendar({ fromAt, untilAt, preset: 'local' });
}
