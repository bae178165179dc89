import assert from 'node:assert/strict';
import { cpSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { openJournal } from '#adapters/journal/file-journal.ts';
import { writeSnapshot } from '#adapters/journal/snapshot-files.ts';
import { originOf } from '#domain/events.ts';
import { createEngine } from '#engine/engine.ts';
import { createReplay, replayEvent, unshown } from '#engine/replay.ts';
import { modules } from '#modules/index.ts';
import { temporaryFolder } from '../../../tests/support/csv-bars.ts';
import { jobContext } from '../../../tests/support/job-context.ts';
import { openPaperDesk } from '../../../tests/support/paper-desk.ts';
import { walkBacktest } from '../../../tests/support/walk-backtest.ts';
import { recordedEvents } from '../read-run.ts';
import { journalFolder, readManifest, snapshotFolder } from '../run-folder.ts';
import { verifyReplayJob } from './verify-replay.ts';

const eventsMax = 1_000_000;

/** A run's folder with these events for a journal. */
async function folderWith(run: string, name: string, events: readonly object[]): Promise<string> {
  const folder = join(run, '..', name);
  mkdirSync(folder);
  cpSync(join(run, 'run.json'), join(folder, 'run.json'));
  const journal = openJournal(journalFolder(folder), { runId: readManifest(run).runId, sync: 'none' });
  for (const event of events) journal.append(event);
  await journal.close();
  return folder;
}

/** Leaves snapshots after the first whole step at or after each of some numbers of events. Returns their sequence numbers. */
async function keepSnapshots(folder: string, after: readonly number[]): Promise<number[]> {
  const kept: number[] = [];
  const replay = createReplay(createEngine(modules));
  for (const { sequence, event } of recordedEvents(folder)) {
    replayEvent(replay, event, sequence);
    if (sequence < (after[kept.length] ?? Infinity) || unshown(replay).length > 0) continue;
    const value = { runId: readManifest(folder).runId, state: replay.engine.state };
    await writeSnapshot(snapshotFolder(folder), { sequence, chainHash: '', codeVersion: 'test', value });
    kept.push(sequence);
  }
  return kept;
}

test('a journal is proven as a whole, or from a snapshot on where it is longer than may be', async (t) => {
  const folder = join(temporaryFolder(t), 'run');
  const { summary } = await walkBacktest({ folder });
  const events = [...recordedEvents(folder)].length;
  const told: string[] = [];
  const { runId, decisionsHash } = summary;
  assert.partialDeepStrictEqual(await verifyReplayJob({ folder, eventsMax }, jobContext(told)), {
    ...{ runId, isProven: true, problem: null, decisionsHash },
    ...{ fromSequence: 1, untilSequence: events, isWhole: true, events },
  });
  assert.equal(told.length, Math.floor(events / 5_000));
  const [first, second] = await keepSnapshots(
    folder,
    [0.4, 0.6, 0.8].map((share) => Math.floor(events * share)),
  );
  assert.ok(first !== undefined && second !== undefined && first < second);
  assert.partialDeepStrictEqual(await verifyReplayJob({ folder, eventsMax: events - first - 1 }, jobContext()), {
    ...{ isProven: true, isWhole: false, decisionsHash },
    ...{ fromSequence: second + 1, untilSequence: events, events: events - second },
  });
  assert.partialDeepStrictEqual(await verifyReplayJob({ folder, eventsMax: 3 }, jobContext()), {
    ...{ isProven: true, isWhole: false, fromSequence: 1, untilSequence: 3 },
  });
});

test('a decision that is not the recorded one refutes the journal', async (t) => {
  const run = join(temporaryFolder(t), 'run');
  await walkBacktest({ folder: run });
  const events = [...recordedEvents(run)].map(({ event }) => event);
  const place = events.findIndex((event) => event.type === 'order.submitted');
  const changed = events[place];
  assert.ok(changed?.type === 'order.submitted');
  const other = { ...changed, order: { ...changed.order, quantity: changed.order.quantity + 1 } };
  const folder = await folderWith(run, 'changed', events.with(place, other));
  assert.partialDeepStrictEqual(await verifyReplayJob({ folder, eventsMax }, jobContext()), {
    isProven: false,
    problem: `the first difference is event ${place + 1}: recorded 'order.submitted', decided 'order.submitted'`,
  });
});

test('a last input whose consequences are not written yet is no difference', async (t) => {
  const run = join(temporaryFolder(t), 'run');
  await walkBacktest({ folder: run });
  const events = [...recordedEvents(run)].map(({ event }) => event);
  const place = events.findLastIndex((event) => originOf(event.type) !== 'input');
  const folder = await folderWith(run, 'cut', events.slice(0, place));
  assert.partialDeepStrictEqual(await verifyReplayJob({ folder, eventsMax }, jobContext()), {
    ...{ isProven: true, isWhole: true, untilSequence: place },
  });
});

test('the journal of a desk that runs is proven as far as it reaches', async (t) => {
  const folder = join(temporaryFolder(t), 'run');
  const desk = openPaperDesk(folder);
  await desk.warmUp();
  const { sequence } = desk.engine.state;
  const result = await verifyReplayJob({ folder, eventsMax }, jobContext());
  await desk.stop();
  assert.partialDeepStrictEqual(result, { isProven: true, isWhole: true, untilSequence: sequence });
});

test('a job that is to stop does so at its next progress', async (t) => {
  const folder = join(temporaryFolder(t), 'run');
  await walkBacktest({ folder });
  const signal = AbortSignal.abort(new Error('stopped'));
  assert.throws(() => verifyReplayJob({ folder, eventsMax }, jobContext([], signal)), { message: 'stopped' });
});
