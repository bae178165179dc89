import type { EventByType } from '#domain/events.ts';
import type { RecordChange } from '#domain/records/record-change.ts';
import { type RecordRow, recordOf } from '#domain/records/record-tables.ts';
import { traceIdOf } from '#domain/trace.ts';
import type { TailEntry } from '#projections/tail-entry.ts';
import type { RecordsState } from './records-state.ts';

type Change = (change: RecordChange) => void;

/** Jobs whose end is waited for at most; the engine allows fewer. */
const openJobsMax = 256;

export function recordRequest(
  state: RecordsState,
  { jobId, kind, input, at }: EventByType['job.requested'],
  { root }: TailEntry,
  change: Change,
): void {
  const row: RecordRow<'job_runs'> = {
    job_id: jobId,
    kind,
    status: 'requested',
    attempts: 0,
    parameters: JSON.stringify(input),
    result: null,
    problem: null,
    worker: null,
    queued_at: at,
    started_at: null,
    ended_at: null,
    trace_id: traceIdOf(root),
  };
  state.jobs[jobId] = row;
  const ids = Object.keys(state.jobs);
  if (ids.length > openJobsMax && ids[0] !== undefined) delete state.jobs[ids[0]];
  change(recordOf('job_runs', row));
}

/** Who worked on it and since when is not in the journal: that belongs to the queue. */
export function recordJobEnd(
  state: RecordsState,
  event: EventByType['job.completed' | 'job.failed' | 'job.canceled'],
  _entry: TailEntry,
  change: Change,
): void {
  const requested = state.jobs[event.jobId];
  if (requested === undefined) return;
  delete state.jobs[event.jobId];
  change(
    recordOf('job_runs', {
      ...requested,
      status: event.type.slice('job.'.length),
      attempts: event.attempts,
      result: event.type === 'job.completed' ? JSON.stringify(event.result) : null,
      problem: event.type === 'job.failed' ? event.reason : null,
      ended_at: event.at,
    }),
  );
}
