import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { EventByType } from '#domain/events.ts';
import { createJobState, openJob, settleJob } from '#engine/job-state.ts';
import type { ScheduleRow } from './schedule-table.ts';
import { lastDueAt, nextDueAt, type ScheduledState, schedulerTick } from './scheduler.ts';

const dayMs = 86_400_000;
const midnight = Date.UTC(2026, 0, 14);
const minute = (count: number): number => midnight + count * 60_000;

const nightly: ScheduleRow = {
  ...{ name: 'nightly', runsAs: 'job', kind: 'journal.verify', every: { dailyAtUtc: '02:30' } },
  ...{ input: { folder: 'data' }, enabledFor: ['live', 'paper'], meaning: 'a night’s work' },
};

/** A desk that has been warm since a time. */
function deskSince(schedulesFromAt: number, kind: ScheduledState['kind'] = 'paper') {
  return { runId: 'r1', kind, isWarm: true, jobs: { ...createJobState(), schedulesFromAt } };
}

function settle(state: ReturnType<typeof deskSince>, { jobId, kind }: { jobId: string; kind: string }): void {
  settleJob(state.jobs, { type: 'job.completed', at: 0, jobId, kind, result: {}, attempts: 1 });
}

test('slots lie on the grid of the cadence', () => {
  assert.equal(lastDueAt({ dailyAtUtc: '02:30' }, minute(150)), minute(150));
  assert.equal(lastDueAt({ dailyAtUtc: '02:30' }, minute(150) - 1), minute(150) - dayMs);
  assert.equal(nextDueAt({ dailyAtUtc: '02:30' }, minute(150)), minute(150) + dayMs);
  assert.equal(lastDueAt({ everyMs: 60_000 }, minute(3) + 59_999), minute(3));
  assert.equal(nextDueAt({ everyMs: 60_000 }, minute(3) + 59_999), minute(4));
});

test('a cadence that is none stops the start', () => {
  for (const every of [{ everyMs: 0 }, { everyMs: 0.5 }, { dailyAtUtc: '24:00' }, { dailyAtUtc: '2:30' }])
    assert.throws(() => lastDueAt(every, 0), { name: 'AssertionError' });
});

test('a slot is requested at the first tick at or after it, under an id that names it', () => {
  const state = deskSince(minute(0));
  assert.deepEqual(schedulerTick(state, minute(149), [nightly]), []);
  assert.deepEqual(schedulerTick(state, minute(150) + 30_000, [nightly]), [
    {
      ...{ type: 'job.requested', at: minute(150) + 30_000, jobId: `nightly.${minute(150)}.r1` },
      ...{ kind: 'journal.verify', input: { folder: 'data' }, requestedBy: 'nightly', dueAt: minute(150) },
    },
  ]);
});

test('a slot before the desk went live is over', () => {
  assert.deepEqual(schedulerTick(deskSince(minute(150)), minute(1_000), [nightly]), []);
});

test('history, backtests and other kinds of run do not schedule', () => {
  assert.deepEqual(schedulerTick({ ...deskSince(0), isWarm: false }, minute(200), [nightly]), []);
  assert.deepEqual(schedulerTick(deskSince(0, 'backtest'), minute(200), [nightly]), []);
  const liveOnly: ScheduleRow = { ...nightly, enabledFor: ['live'] };
  assert.deepEqual(schedulerTick(deskSince(0), minute(200), [liveOnly]), []);
  assert.equal(schedulerTick(deskSince(0, 'live'), minute(200), [liveOnly]).length, 1);
});

test('housekeeping is no job', () => {
  const care: ScheduleRow = { name: 'care', runsAs: 'housekeeping', every: { everyMs: 1 }, meaning: 'care' };
  assert.deepEqual(schedulerTick(deskSince(0), minute(200), [care]), []);
});

test('while a job of the schedule is open no other is requested, and then the newest slot is', () => {
  const state = deskSince(minute(0));
  const [first] = schedulerTick(state, minute(150), [nightly]);
  assert.ok(first !== undefined);
  openJob(state.jobs, first);
  for (const days of [1, 2, 3]) assert.deepEqual(schedulerTick(state, minute(150) + days * dayMs, [nightly]), []);
  settle(state, first);
  const [next, ...rest] = schedulerTick(state, minute(160) + 3 * dayMs, [nightly]);
  assert.equal(next?.dueAt, minute(150) + 3 * dayMs);
  assert.deepEqual(rest, []);
});

test('no more is requested than may be open', () => {
  const state = deskSince(0);
  const rows = Array.from({ length: 70 }, (_, count): ScheduleRow => ({ ...nightly, name: `n${count}` }));
  const first = schedulerTick(state, minute(200), rows);
  assert.equal(first.length, 64);
  for (const event of first) openJob(state.jobs, event);
  assert.deepEqual(schedulerTick(state, minute(200), rows), []);
  settle(state, first[0] as EventByType['job.requested']);
  assert.deepEqual(
    schedulerTick(state, minute(200), rows).map(({ requestedBy }) => requestedBy),
    ['n64'],
  );
});

/** Time passes; the process dies between two ticks or between a request and its journal; a job ends. */
const happening = fc.oneof(
  fc.record({ what: fc.constant('tick' as const), afterMs: fc.integer({ min: 0, max: 40 * 60_000 }) }),
  fc.record({ what: fc.constant('gap' as const), afterMs: fc.integer({ min: 0, max: 3 * dayMs }) }),
  fc.record({ what: fc.constant('crash' as const), afterMs: fc.integer({ min: 0, max: 60 * 60_000 }) }),
  fc.record({ what: fc.constant('end' as const), afterMs: fc.constant(0) }),
);

test('over restarts and gaps no slot is requested twice, and after every tick the newest slot has been or waits for a job', () => {
  const rows: readonly ScheduleRow[] = [nightly, { ...nightly, name: 'hourly', every: { everyMs: 3_600_000 } }];
  fc.assert(
    fc.property(fc.array(happening, { maxLength: 60 }), (happenings) => {
      let state = deskSince(midnight);
      let at = midnight;
      const seen = new Set<string>();
      for (const { what, afterMs } of happenings) {
        at += afterMs;
        if (what === 'end') {
          for (const [jobId, { kind }] of Object.entries(state.jobs.openById)) settle(state, { jobId, kind });
          continue;
        }
        const due = schedulerTick(state, at, rows);
        // A crash before the journal leaves no trace: only what the state holds is known after it.
        state = structuredClone(state);
        if (what === 'crash') continue;
        for (const event of due) {
          assert.ok(!seen.has(event.jobId), `'${event.jobId}' is requested twice`);
          seen.add(event.jobId);
          openJob(state.jobs, event);
        }
        assert.deepEqual(schedulerTick(state, at, rows), []);
        for (const { name, every } of rows) {
          const slot = state.jobs.slotBySchedule[name];
          const newest = lastDueAt(every, at);
          const isMet = newest <= midnight || slot?.dueAt === newest;
          assert.ok(isMet || state.jobs.openById[slot?.jobId ?? ''] !== undefined, `'${name}' has lost a slot`);
        }
      }
    }),
  );
});
