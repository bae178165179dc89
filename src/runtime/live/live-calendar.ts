import type { View } from '#engine/state.ts';
import type { LiveInput } from './live-desk.ts';
import type { LiveOptions } from './live-options.ts';

const dayMs = 86_400_000;
/** How far a calendar reaches when it is made, and how little of it may be left. */
export const calendarDays = 400;
export const calendarDaysMin = 30;
/** Sessions at its beginning are whole. */
const daysBefore = 14;

/** A desk that runs for long outlives its calendar, and outside of it everything is closed: a new one is told in time. */
export function calendarInputs(
  { calendar, time }: Pick<LiveOptions, 'calendar' | 'time'>,
  view: View,
): readonly LiveInput[] {
  const now = Math.floor(time.now());
  if (view.calendar !== null && view.calendar.untilAt - now > calendarDaysMin * dayMs) return [];
  return [{ type: 'calendar.loaded', calendar: calendar(now - daysBefore * dayMs, now + calendarDays * dayMs) }];
}
