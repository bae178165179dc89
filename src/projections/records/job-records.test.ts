import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Event } from '#domain/events.ts';
import type { RecordChange } from '#domain/records/record-change.ts';
import { traceIdOf } from '#domain/trace.ts';
import { createTraceState, traceEvent } from '#projections/trace-fold.ts';
import { recordsProjection } from './records-projection.ts';

const at = 1_700_000_000_000;
const requested: Event = {
  type: 'job.requested',
  at,
  jobId: 'chain.1',
  kind: 'journal.verify',
  input: { folder: '/data' },
  requestedBy: 'journal-chain',
};

/** The rows of jobs that events lead to. */
function rowsOf(...events: readonly Event[]): RecordChange['row'][] {
  const trace = createTraceState('run-1');
  const state = recordsProjection.initial();
  const rows: RecordChange['row'][] = [];
  for (const [place, event] of events.entries()) {
    recordsProjection.project(state, traceEvent(trace, place + 1, event), ({ table, row }) => {
      if (table === 'job_runs') rows.push(row);
    });
  }
  return rows;
}

test('a job has one row, from its request to its end', () => {
  const [first, last] = rowsOf(requested, {
    type: 'job.completed',
    at: at + 5_000,
    jobId: 'chain.1',
    kind: 'journal.verify',
    result: { isProven: true },
    attempts: 2,
  });
  const row = {
    job_id: 'chain.1',
    kind: 'journal.verify',
    status: 'requested',
    attempts: 0,
    parameters: '{"folder":"/data"}',
    result: null,
    problem: null,
    worker: null,
    queued_at: at,
    started_at: null,
    ended_at: null,
    trace_id: traceIdOf({ runId: 'run-1', sequence: 1, traceparent: null }),
  };
  assert.deepEqual(first, row);
  assert.deepEqual(last, {
    ...row,
    status: 'completed',
    attempts: 2,
    result: '{"isProven":true}',
    ended_at: at + 5_000,
  });
});

test('a failure says why, and a cancellation has no reason', () => {
  const end = { at: at + 1, jobId: 'chain.1', kind: 'journal.verify', attempts: 1 } as const;
  const failed = rowsOf(requested, { type: 'job.failed', reason: 'no such folder', ...end }).at(-1);
  assert.deepEqual([failed?.['status'], failed?.['problem']], ['failed', 'no such folder']);
  const canceled = rowsOf(requested, { type: 'job.canceled', ...end }).at(-1);
  assert.deepEqual([canceled?.['status'], canceled?.['problem']], ['canceled', null]);
});

test('an end without a request is the end of a job that is known no more', () => {
  assert.deepEqual(rowsOf({ type: 'job.canceled', at, jobId: 'other', kind: 'x', attempts: 0 }), []);
});
