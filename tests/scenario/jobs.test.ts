import assert from 'node:assert/strict';
import { test } from 'node:test';
import { play } from './scenario.ts';
import { toldDesk } from './told-desk.ts';

test('given jobs that are asked for, their ends stand in the view and trading goes on as it was', () => {
  const desk = toldDesk([]);
  const job = { jobId: 'nightly.1', kind: 'replay.verify' };
  play(desk, [
    {
      when: 'a schedule asks for a job',
      step: () =>
        desk.tell({
          ...{ type: 'job.requested', at: desk.at(), ...job, input: { folder: 'data' } },
          ...{ requestedBy: 'nightly', dueAt: desk.at() },
        }),
      causes: [['job.requested', job]],
      so: (view) => {
        assert.deepEqual(Object.keys(view.jobs.openById), ['nightly.1']);
        assert.equal(view.jobs.slotBySchedule['nightly']?.outcome, 'open');
      },
    },
    { when: 'a minute passes meanwhile', step: () => desk.minute(), causes: [] },
    {
      when: 'the job comes back',
      step: () => desk.tell({ type: 'job.completed', at: desk.at(), ...job, result: { isProven: true }, attempts: 1 }),
      causes: [['job.completed', { result: { isProven: true } }]],
      so: (view) => {
        assert.deepEqual(view.jobs.openById, {});
        assert.equal(view.jobs.slotBySchedule['nightly']?.outcome, 'completed');
        assert.deepEqual(view.jobs.lastByKind['replay.verify']?.result, { isProven: true });
      },
    },
    {
      when: 'it comes back a second time',
      step: () => desk.tell({ type: 'job.failed', at: desk.at(), ...job, reason: 'late', attempts: 1 }),
      causes: [['job.failed']],
      so: (view) => assert.equal(view.jobs.lastByKind['replay.verify']?.outcome, 'completed'),
    },
  ]);
});

test('given a job that is canceled, nothing is open and nothing came of it', () => {
  const desk = toldDesk([]);
  const job = { jobId: 'b.1', kind: 'backtest' };
  play(desk, [
    {
      when: 'an operator asks for a job',
      step: () => desk.tell({ type: 'job.requested', at: desk.at(), ...job, input: {}, requestedBy: 'ann' }),
      causes: [['job.requested']],
      so: (view) => assert.deepEqual(view.jobs.slotBySchedule, {}),
    },
    {
      when: 'and thinks better of it',
      step: () => desk.tell({ type: 'job.canceled', at: desk.at(), ...job, attempts: 0 }),
      causes: [['job.canceled']],
      so: (view) => {
        assert.deepEqual(view.jobs.openById, {});
        assert.partialDeepStrictEqual(view.jobs.lastByKind['backtest'], { outcome: 'canceled', result: {} });
      },
    },
  ]);
});
