import type { EventByType } from '#domain/events.ts';
import type { RecordChange } from '#domain/records/record-change.ts';
import { type RecordRow, recordOf } from '#domain/records/record-tables.ts';
import { traceIdOf } from '#domain/trace.ts';
import type { TailEntry } from '#projections/tail-entry.ts';
import type { RecordsState } from './records-state.ts';

/** Alerts that stand at once and are remembered at most; beyond that the oldest is never seen cleared. */
export const openAlertsMax = 1_000;

/** An alert raised again while it stands tells its newest reason in the row it has. */
export function recordAlert(
  state: RecordsState,
  { at, name, reason }: EventByType['alert.raised'],
  { sequence, root }: TailEntry,
  change: (change: RecordChange) => void,
): void {
  const standing = state.alerts[name];
  const row: RecordRow<'alerts'> =
    standing === undefined
      ? { sequence, name, reason, raised_at: at, cleared_at: null, trace_id: traceIdOf(root) }
      : { ...standing, reason };
  state.alerts[name] = row;
  change(recordOf('alerts', row));
  const names = Object.keys(state.alerts);
  if (names.length > openAlertsMax && names[0] !== undefined) delete state.alerts[names[0]];
}

export function recordClearing(
  state: RecordsState,
  { at, name }: EventByType['alert.cleared'],
  _entry: TailEntry,
  change: (change: RecordChange) => void,
): void {
  const standing = state.alerts[name];
  if (standing === undefined) return;
  delete state.alerts[name];
  change(recordOf('alerts', { ...standing, cleared_at: at }));
}

/** A close-out at the venue engages the switch as an operator does. */
export function recordKill(
  _state: RecordsState,
  event: EventByType['kill.engaged' | 'kill.released' | 'account.closedOut'],
  { sequence, root }: TailEntry,
  change: (change: RecordChange) => void,
): void {
  change(
    recordOf('kill_switch', {
      sequence,
      at: event.at,
      is_engaged: event.type !== 'kill.released',
      actor: 'actor' in event ? event.actor : 'venue',
      reason: event.reason,
      trace_id: traceIdOf(root),
    }),
  );
}
