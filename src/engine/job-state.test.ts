import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { EventByType } from '#domain/events.ts';
import { createJobState, openJob, settleJob } from './job-state.ts';

type Requested = EventByType['job.requested'];

const requested = (jobId: string, changes: Partial<Requested> = {}): Requested => ({
  ...{ type: 'job.requested', at: 10, jobId, kind: 'backtest', input: { data: 'bars' }, requestedBy: 'ann' },
  ...changes,
});
const completed = (jobId: string, at = 20): EventByType['job.completed'] => ({
  ...{ type: 'job.completed', at, jobId, kind: 'backtest', result: { pnl: 1 }, attempts: 2 },
});

test('a requested job is open until it has ended, and its end is the last of its kind', () => {
  const jobs = createJobState();
  openJob(jobs, requested('a'));
  assert.deepEqual(jobs.openById, {
    a: { kind: 'backtest', input: { data: 'bars' }, requestedBy: 'ann', requestedAt: 10 },
  });
  settleJob(jobs, completed('a'));
  assert.deepEqual(jobs.openById, {});
  assert.deepEqual(jobs.lastByKind, {
    backtest: { jobId: 'a', at: 20, outcome: 'completed', attempts: 2, reason: '', result: { pnl: 1 } },
  });
});

test('an end that is told twice, or of a job nobody asked for, changes nothing', () => {
  const jobs = createJobState();
  openJob(jobs, requested('a'));
  settleJob(jobs, completed('a'));
  const before = structuredClone(jobs);
  settleJob(jobs, completed('a', 30));
  settleJob(jobs, completed('b', 30));
  assert.deepEqual(jobs, before);
});

test('failed and canceled jobs have no result', () => {
  const jobs = createJobState();
  openJob(jobs, requested('a'));
  settleJob(jobs, { type: 'job.failed', at: 20, jobId: 'a', kind: 'backtest', reason: 'no data', attempts: 2 });
  assert.partialDeepStrictEqual(jobs.lastByKind['backtest'], { outcome: 'failed', reason: 'no data', result: {} });
  openJob(jobs, requested('b'));
  settleJob(jobs, { type: 'job.canceled', at: 21, jobId: 'b', kind: 'backtest', attempts: 0 });
  assert.partialDeepStrictEqual(jobs.lastByKind['backtest'], { outcome: 'canceled', reason: '', attempts: 0 });
});

test('a schedule remembers its last slot and what became of it', () => {
  const jobs = createJobState();
  openJob(jobs, requested('n.1', { requestedBy: 'nightly', dueAt: 7 }));
  assert.deepEqual(jobs.slotBySchedule, { nightly: { dueAt: 7, jobId: 'n.1', outcome: 'open', settledAt: null } });
  settleJob(jobs, completed('n.1'));
  assert.deepEqual(jobs.slotBySchedule, {
    nightly: { dueAt: 7, jobId: 'n.1', outcome: 'completed', settledAt: 20 },
  });
});

test('at most 64 jobs are open; a request beyond is not taken', () => {
  const jobs = createJobState();
  for (let count = 0; count < 65; count += 1) openJob(jobs, requested(`a${count}`));
  assert.equal(Object.keys(jobs.openById).length, 64);
  assert.equal(jobs.openById['a64'], undefined);
});

test('at most 64 kinds and schedules are remembered, the newest', () => {
  const jobs = createJobState();
  for (let count = 0; count < 65; count += 1) {
    openJob(jobs, requested(`a${count}`, { kind: `k${count}`, requestedBy: `s${count}`, dueAt: count }));
    settleJob(jobs, { ...completed(`a${count}`), kind: `k${count}` });
  }
  assert.deepEqual([Object.keys(jobs.lastByKind).length, Object.keys(jobs.slotBySchedule).length], [64, 64]);
  assert.deepEqual([jobs.lastByKind['k0'], jobs.slotBySchedule['s0']], [undefined, undefined]);
});
