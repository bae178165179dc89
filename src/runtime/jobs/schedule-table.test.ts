import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isJobKind } from '#domain/job.ts';
import { scheduleTable } from './schedule-table.ts';
import { lastDueAt, nextDueAt } from './scheduler.ts';

const table = scheduleTable('data/synthetic');

test('every recurring thing has a name of its own and a cadence that can be met', () => {
  assert.equal(new Set(table.map(({ name }) => name)).size, table.length);
  const at = Date.UTC(2026, 0, 14, 12);
  for (const { name, every, meaning } of table) {
    assert.match(name, /^[a-z]+(?:-[a-z]+)+$/);
    assert.ok(lastDueAt(every, at) <= at && nextDueAt(every, at) > at, name);
    assert.notEqual(meaning, '');
  }
});

test('jobs of the schedule are of known kinds and go to the folder of the run', () => {
  const jobs = table.flatMap((row) => (row.runsAs === 'job' ? [row] : []));
  assert.deepEqual(
    jobs.map(({ name, kind, every }) => [name, kind, every]),
    [
      ['nightly-replay', 'replay.verify', { dailyAtUtc: '02:30' }],
      ['journal-chain', 'journal.verify', { dailyAtUtc: '03:10' }],
    ],
  );
  for (const { kind, input } of jobs) assert.ok(isJobKind(kind) && input['folder'] === 'data/synthetic');
});

test('records are pruned daily, policies kept every five minutes, stores and health seen to every minute', () => {
  const care = table.filter(({ runsAs }) => runsAs === 'housekeeping').map(({ name, every }) => [name, every]);
  assert.deepEqual(Object.fromEntries(care), {
    'record-retention': { dailyAtUtc: '04:00' },
    'policy-snapshot': { everyMs: 300_000 },
    'store-memory': { everyMs: 60_000 },
    'stream-trim': { everyMs: 60_000 },
    'health-snapshot': { everyMs: 60_000 },
  });
});
