import assert from 'node:assert/strict';
import { cpSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { openJournal } from '#adapters/journal/file-journal.ts';
import { listSnapshots, writeSnapshot } from '#adapters/journal/snapshot-files.ts';
import { type EventByType, originOf } from '#domain/events.ts';
import { decisionsHash } from '#engine/decision-hash.ts';
import { createEngine, type Engine } from '#engine/engine.ts';
import { createReplay, replayEvent, unshown } from '#engine/replay.ts';
import { modules } from '#modules/index.ts';
import { walkBacktest, walkFromAt, walkUntilAt } from '../../tests/support/walk-backtest.ts';
import type { BacktestResult } from './backtest.ts';
import { engineBefore, type RecordedEvent, recordedEvents, replayRun, stateOf } from './read-run.ts';
import { journalFolder, RunError, readManifest, snapshotFolder } from './run-folder.ts';

const minuteMs = 60_000;
const root = mkdtempSync(join(tmpdir(), 'tradewind-read-run-'));
after(() => rmSync(root, { recursive: true }));

const run = join(root, 'run');
let result: BacktestResult;
let recorded: readonly RecordedEvent[];
before(async () => {
  result = await walkBacktest({ folder: run });
  recorded = [...recordedEvents(run)];
});

/** A folder like that of the run, with a journal of these entries instead. */
async function folderWith(name: string, entries: readonly unknown[]): Promise<string> {
  const folder = join(root, name);
  mkdirSync(folder);
  cpSync(join(run, 'run.json'), join(folder, 'run.json'));
  const journal = openJournal(journalFolder(folder), { runId: readManifest(run).runId, sync: 'none' });
  for (const entry of entries) journal.append(entry);
  await journal.close();
  return folder;
}

function isDecided({ event }: RecordedEvent): boolean {
  return event.type === 'module.decided';
}

/** The engine decided anew up to the last whole step at or before a time, and the sequence number it has come to. */
function decidedUpTo(at: number): { readonly engine: Engine; readonly sequence: number } {
  const replay = createReplay(createEngine(modules));
  for (const { sequence, event } of recorded) {
    if (event.at > at && unshown(replay).length === 0) break;
    assert.equal(replayEvent(replay, event, sequence), undefined);
  }
  return { engine: replay.engine, sequence: replay.events };
}

async function keepSnapshot(folder: string, at: number): Promise<number> {
  const { engine, sequence } = decidedUpTo(at);
  const value = { runId: readManifest(run).runId, state: engine.state };
  await writeSnapshot(snapshotFolder(folder), { sequence, chainHash: '', codeVersion: 'test', value });
  return sequence;
}

test('a journal is decided anew to the very events and the hash of the summary', () => {
  const { result: proof, engine } = replayRun(run);
  assert.equal(proof.difference, undefined);
  assert.equal(proof.decisionsHash, result.summary.decisionsHash);
  assert.equal(proof.runId, result.summary.runId);
  assert.equal(proof.events, recorded.length);
  assert.equal(proof.inputs, recorded.filter(({ event }) => originOf(event.type) === 'input').length);
  assert.ok(proof.inputs < proof.events);
  assert.equal(engine.state.counts.decisions, result.summary.decisions);
});

test('one decision that was changed in a journal is shown, as it is recorded and as it is decided', async () => {
  const place = recorded.findIndex((entry) => isDecided(entry) && entry.event.at > walkFromAt + 600 * minuteMs);
  const original = recorded[place]?.event;
  assert.ok(original?.type === 'module.decided');
  const changed: EventByType['module.decided'] = { ...original, reason: 'another reason' };
  const events = recorded.map(({ event }) => event);
  const folder = await folderWith('changed', events.with(place, changed));
  const { result: proof } = replayRun(folder);
  assert.deepEqual(proof.difference, { sequence: place + 1, recorded: changed, decided: original });
  assert.equal(proof.events, place + 1);
});

test('an input that was changed is shown where a decision first differs', async () => {
  const place = recorded.findIndex(({ event }) => event.type === 'order.filled');
  const original = recorded[place]?.event;
  assert.ok(original?.type === 'order.filled');
  const events = recorded.map(({ event }) => event);
  const folder = await folderWith('moved', events.with(place, { ...original, price: original.price + 500 }));
  const { difference } = replayRun(folder).result;
  assert.ok(difference !== undefined && difference.sequence > place + 1);
  assert.deepEqual(difference.recorded, recorded[difference.sequence - 1]?.event);
  assert.notDeepEqual(difference.decided, difference.recorded);
});

test('a decision that was left out is missed', async () => {
  const place = recorded.findIndex(isDecided);
  const folder = await folderWith('left-out', recorded.map(({ event }) => event).toSpliced(place, 1));
  const { difference } = replayRun(folder).result;
  assert.equal(difference?.sequence, place + 1);
  assert.deepEqual(difference?.decided, recorded[place]?.event);
});

test('a journal that ends within a step lacks the first event that is not shown', async () => {
  const place = recorded.findLastIndex(isDecided);
  const folder = await folderWith(
    'cut',
    recorded.slice(0, place).map(({ event }) => event),
  );
  const { difference } = replayRun(folder).result;
  assert.deepEqual(difference, { sequence: place + 1, recorded: undefined, decided: recorded[place]?.event });
});

test('a reader may begin at any sequence number', () => {
  assert.deepEqual(
    recorded.map(({ sequence }) => sequence),
    recorded.map((_, index) => index + 1),
  );
  assert.deepEqual([...recordedEvents(run, 1_000)], recorded.slice(999));
  assert.deepEqual([...recordedEvents(run, recorded.length + 1)], []);
});

test('an entry that is no event is refused by its number, and so is a first entry that is malformed', async () => {
  const first = recorded[0]?.event;
  const strange = await folderWith('strange', [first, { type: 'moon.risen', at: 1 }]);
  assert.throws(() => replayRun(strange), {
    name: 'RunError',
    message: "journal entry 2 is of the unknown type 'moon.risen'",
  });
  const number = await folderWith('number', [first, 5]);
  assert.throws(() => replayRun(number), /journal entry 2 is of the unknown type 'undefined'/);
  const malformed = await folderWith('malformed', [{ ...first, seed: 'seven' }]);
  assert.throws(() => replayRun(malformed), /seed/);
});

test('a folder without a run is refused', () => {
  assert.throws(() => replayRun(join(root, 'nowhere')), RunError);
});

test('the engine of a time comes from the newest snapshot before it, and from the beginning where there is none', async () => {
  const folder = join(root, 'snapshots');
  cpSync(run, folder, { recursive: true });
  rmSync(snapshotFolder(folder), { recursive: true });
  const [firstAt, secondAt] = [walkFromAt + 500 * minuteMs, walkFromAt + 1_500 * minuteMs];
  const first = await keepSnapshot(folder, firstAt);
  const second = await keepSnapshot(folder, secondAt);
  assert.deepEqual(
    listSnapshots(snapshotFolder(folder)).map(({ sequence }) => sequence),
    [second, first],
  );
  const rows: readonly (readonly [at: number, fromSequence: number, stateAt: number])[] = [
    [walkUntilAt, second + 1, secondAt],
    [secondAt + 1, second + 1, secondAt],
    // A snapshot of the very time may hold its decision already.
    [secondAt, first + 1, firstAt],
    [firstAt + 1, first + 1, firstAt],
    [firstAt, 1, 0],
    [0, 1, 0],
  ];
  for (const [at, fromSequence, stateAt] of rows) {
    const found = engineBefore(folder, at);
    assert.equal(found.fromSequence, fromSequence, `at ${at}`);
    assert.equal(found.engine.state.at, stateAt, `at ${at}`);
    assert.equal(found.engine.state.sequence, fromSequence - 1, `at ${at}`);
  }
});

test('from a snapshot on the rest of the run is decided to the same hash', async () => {
  const folder = join(root, 'from-snapshot');
  cpSync(run, folder, { recursive: true });
  rmSync(snapshotFolder(folder), { recursive: true });
  await keepSnapshot(folder, walkFromAt + 1_000 * minuteMs);
  const { engine, fromSequence } = engineBefore(folder, walkUntilAt);
  assert.ok(fromSequence > 1);
  const replay = createReplay(engine);
  for (const { sequence, event } of recordedEvents(folder, fromSequence))
    assert.equal(replayEvent(replay, event, sequence), undefined);
  assert.equal(decisionsHash(engine.state.hash), result.summary.decisionsHash);
});

test('the snapshot that a backtest leaves is before its last decision', () => {
  const { engine, fromSequence } = engineBefore(run, Number.MAX_SAFE_INTEGER);
  assert.equal(engine.state.at, walkUntilAt);
  assert.equal(engine.state.counts.decisions, result.summary.decisions - 1);
  const rest = recorded.slice(fromSequence - 1).map(({ event }) => event.type);
  assert.ok(rest.includes('time.ticked'));
});

test('a snapshot without an engine is refused', () => {
  for (const value of [undefined, null, 5, {}]) assert.throws(() => stateOf(value), RunError);
});
