import type { Event } from '#domain/events.ts';
import type { View } from './state.ts';

/** The time of the earliest deadline that the desk has set itself, or infinity. */
export function nextDeadlineAt(view: View): number {
  let earliest = Infinity;
  for (const { deadlineAt, venueStopDueAt } of Object.values(view.protections))
    earliest = Math.min(earliest, deadlineAt ?? Infinity, venueStopDueAt ?? Infinity);
  return earliest;
}

/** The earliest deadline that is due at a time, as the event that the loop hands in; undefined while none is. */
export function dueDeadline(view: View, at: number): Event | undefined {
  const earliest = nextDeadlineAt(view);
  if (earliest > at) return undefined;
  for (const instrument of view.instrumentIds) {
    const protection = view.protections[instrument];
    if (protection?.deadlineAt !== earliest && protection?.venueStopDueAt !== earliest) continue;
    const kind = protection.venueStopDueAt === earliest ? 'venueStop' : 'protection';
    return { type: 'deadline.reached', at: Math.max(earliest, view.at), kind, instrument };
  }
  return undefined;
}
