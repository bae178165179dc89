import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runCommand } from '../../tests/support/command-scene.ts';
import { temporaryFolder } from '../../tests/support/csv-bars.ts';
import { openPaperDesk } from '../../tests/support/paper-desk.ts';
import { registerSchedule } from './schedule-command.ts';

interface Listed {
  readonly name: string;
  readonly [field: string]: unknown;
}

async function rowsOf(folder: string): Promise<{ readonly rows: readonly Listed[]; readonly work: string }> {
  const { code, result, work } = await runCommand(registerSchedule, ['schedule', '--data-dir', folder, '--json']);
  assert.equal(code, 0, work);
  return { rows: JSON.parse(result).rows, work };
}

test('where no run is, everything that recurs is listed and nothing has been yet', async (t) => {
  const folder = temporaryFolder(t);
  const { rows, work } = await rowsOf(folder);
  assert.match(work, /holds no run/);
  assert.deepEqual(
    rows.map(({ name, runsAs, kind, cadence, clock }) => [name, runsAs, kind, cadence, clock]),
    [
      ['nightly-replay', 'job', 'replay.verify', 'daily 02:30 UTC', 'event'],
      ['journal-chain', 'job', 'journal.verify', 'daily 03:10 UTC', 'event'],
      ['record-retention', 'housekeeping', null, 'daily 04:00 UTC', 'wall'],
      ['policy-snapshot', 'housekeeping', null, 'every 300 s', 'wall'],
      ['store-memory', 'housekeeping', null, 'every 60 s', 'wall'],
      ['stream-trim', 'housekeeping', null, 'every 60 s', 'wall'],
      ['health-snapshot', 'housekeeping', null, 'every 60 s', 'wall'],
    ],
  );
  for (const { lastDueAt, nextDueAt } of rows) assert.ok(lastDueAt === null && Number(nextDueAt) > Date.now());
});

test('a run tells which slot was the last, what came of it, and when the next is due', async (t) => {
  const folder = temporaryFolder(t);
  const desk = openPaperDesk(folder);
  await desk.warmUp();
  const dueAt = desk.at - 1_000;
  const job = { jobId: 'nightly-replay.1', kind: 'replay.verify' };
  desk.request((at) => ({ type: 'job.requested', at, ...job, input: {}, requestedBy: 'nightly-replay', dueAt }));
  const { at } = desk;
  const rowNow = async (): Promise<Listed | undefined> => (await rowsOf(folder)).rows[0];
  assert.partialDeepStrictEqual(await rowNow(), { lastDueAt: dueAt, lastOutcome: 'open' });
  const result = { isProven: false, problem: 'the first difference is event 7' };
  desk.request((now) => ({ type: 'job.completed', at: now, ...job, result, attempts: 1 }));
  await desk.stop();
  const row = await rowNow();
  assert.partialDeepStrictEqual(row, { lastDueAt: dueAt, lastOutcome: 'refuted' });
  const next = new Date(Number(row?.['nextDueAt']));
  assert.ok(next.getTime() > at && next.getTime() - at <= 86_400_000);
  assert.equal(next.toISOString().slice(11), '02:30:00.000Z');
  const { result: text } = await runCommand(registerSchedule, ['schedule', '--data-dir', folder]);
  assert.match(text, /^nightly-replay +job +replay\.verify +daily 02:30 UTC +2026-\d\d-\d\d \S+ +refuted +2026-/m);
});
