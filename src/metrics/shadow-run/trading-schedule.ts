import { differenceOf } from '#base/flat-intervals.ts';
import { type CalendarDocument, sessionsOf } from '#domain/calendar.ts';
import type { Instrument } from '#domain/instrument.ts';
import { buildInstrumentSchedule, type InstrumentSchedule } from '#domain/instrument-schedule.ts';

/**
 * When a desk may trade an instrument: its sessions, or the whole trading week as if it were one session where session trading is off
 * (FX desk specification c).
 */
export function tradingSchedule(
  calendar: CalendarDocument,
  instrument: Instrument,
  isSessionTrading: boolean,
): InstrumentSchedule {
  if (isSessionTrading) {
    return buildInstrumentSchedule(calendar, sessionsOf([instrument.baseCurrency, instrument.quoteCurrency]));
  }
  return {
    calendarVersion: calendar.version,
    unionIntervals: Float64Array.from(calendar.weeks),
    openIntervals: Float64Array.from(differenceOf(calendar.weeks, calendar.breaks)),
  };
}
