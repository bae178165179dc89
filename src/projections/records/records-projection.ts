import type { EventByType, EventType } from '#domain/events.ts';
import type { AuditRecord } from '#domain/records/audit-record.ts';
import type { RecordChange } from '#domain/records/record-change.ts';
import { recordOf } from '#domain/records/record-tables.ts';
import { auditProjection } from '#projections/audit/audit-projection.ts';
import type { Projection } from '#projections/projection.ts';
import type { TailEntry } from '#projections/tail-entry.ts';
import { recordDecision, recordEvaluation } from './decision-records.ts';
import { recordJobEnd, recordRequest } from './job-records.ts';
import { recordOrder } from './order-records.ts';
import { recordPolicy, recordRefusal, recordRun } from './policy-records.ts';
import { recordFill, recordReport, recordRoundTrip } from './position-records.ts';
import { createRecordsState, learnFigures, type RecordsState } from './records-state.ts';
import { recordAlert, recordClearing, recordKill } from './safety-records.ts';

type Change = (change: RecordChange) => void;

/** The journal as tables: orders, fills, positions, round trips, decisions, policies, alerts, jobs, and the audit log's own words. */
export const recordsProjection: Projection<RecordsState, RecordChange> = {
  name: 'records',
  version: 1,
  initial: createRecordsState,
  project: (state, entry, change) => {
    learnFigures(state, entry.event);
    const recorder = recorders[entry.event.type] as Recorder<EventType> | undefined;
    recorder?.(state, entry.event, entry, change);
    recordAudit(state, entry, change);
  },
};

type Recorder<T extends EventType> = (
  state: RecordsState,
  event: EventByType[T],
  entry: TailEntry,
  change: Change,
) => void;

/** How each event is recorded; what is not here leaves no row but the audit log's. */
const recorders: { readonly [T in EventType]?: Recorder<T> } = {
  'run.started': recordRun,
  'policy.changed': recordPolicy,
  'policy.refused': recordRefusal,
  'order.submitted': recordOrder,
  'order.accepted': recordOrder,
  'order.rejected': recordOrder,
  'order.canceled': recordOrder,
  'order.expired': recordOrder,
  'order.amended': recordOrder,
  'order.filled': recordFill,
  'venue.reconciled': recordReport,
  'roundTrip.closed': recordRoundTrip,
  'module.decided': recordDecision,
  'directive.issued': recordDecision,
  'order.denied': recordDecision,
  'evaluation.completed': recordEvaluation,
  'alert.raised': recordAlert,
  'alert.cleared': recordClearing,
  'kill.engaged': recordKill,
  'kill.released': recordKill,
  'account.closedOut': recordKill,
  'job.requested': recordRequest,
  'job.completed': recordJobEnd,
  'job.failed': recordJobEnd,
  'job.canceled': recordJobEnd,
};

/** What the audit log says of the event, in its order. */
function recordAudit(state: RecordsState, entry: TailEntry, change: Change): void {
  let ordinal = 0;
  auditProjection.project(state.audit, entry, (told) => {
    change(auditRecord(told, ordinal));
    ordinal += 1;
  });
}

function auditRecord({ sequence, at, kind, actor, action, ...rest }: AuditRecord, ordinal: number): RecordChange {
  const { target, reason, outcome, traceId } = rest;
  return recordOf('audit', {
    sequence,
    ordinal,
    at,
    kind,
    actor,
    action,
    target,
    reason,
    outcome,
    trace_id: traceId,
  });
}
