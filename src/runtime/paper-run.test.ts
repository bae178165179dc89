import assert from 'node:assert/strict';
import { cpSync, mkdtempSync, readdirSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { after, before, test } from 'node:test';
import { FolderLockedError, LOCK_NAME } from '#adapters/journal/folder-lock.ts';
import { listSnapshots } from '#adapters/journal/snapshot-files.ts';
import type { Event } from '#domain/events.ts';
import { decisionsHash } from '#engine/decision-hash.ts';
import { paperOptions } from '../../tests/support/paper-desk.ts';
import { type PaperOptions, PaperRun } from './paper-run.ts';
import { recordedEvents, replayRun } from './read-run.ts';
import { journalFolder, RunError, readManifest, snapshotFolder } from './run-folder.ts';

const minuteMs = 60_000;
const startAt = Date.UTC(2026, 0, 5);
/** The walk goes live after four hours and ends after a day. */
const liveAt = startAt + 240 * minuteMs;
const untilAt = startAt + 1_440 * minuteMs;

const root = mkdtempSync(join(tmpdir(), 'tradewind-paper-run-'));
after(() => rmSync(root, { recursive: true }));
let folders = 0;
function newFolder(): string {
  folders += 1;
  return join(root, `${folders}`);
}

function open(folder: string, changes: Partial<PaperOptions> = {}): PaperRun {
  return PaperRun.open({ ...paperOptions(folder), ...changes });
}

/** What a run has come to. */
interface Standing {
  readonly hash: string;
  readonly sequence: number;
  readonly balance: number;
  readonly at: number;
}

function standing({ engine: { state } }: PaperRun): Standing {
  return { hash: decisionsHash(state.hash), sequence: state.sequence, balance: state.account.balance, at: state.at };
}

/** Lets the market run to its end and stops in order. */
async function finish(run: PaperRun): Promise<Standing> {
  await run.warmUp();
  await new Promise<void>((done) => run.start(done));
  await run.stop();
  assert.equal(run.failure, undefined);
  return standing(run);
}

/** Stops in order between two slices of the loop, somewhere after the desk went live and before the market ends. */
async function stopMidway(folder: string): Promise<PaperRun> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const run = open(folder, { onEvent: ({ at }) => (at > liveAt ? resolve() : undefined) });
  await run.warmUp();
  run.start(() => undefined);
  await promise;
  await run.stop();
  assert.ok(run.at > liveAt && run.at < untilAt, new Date(run.at).toISOString());
  return run;
}

/** A run that breaks down in the middle of a step, right after the event was journalled. */
async function breakDown(run: PaperRun): Promise<void> {
  await run.warmUp();
  await new Promise<void>((done) => run.start(done));
  assert.equal(run.failure?.message, 'broken');
  await run.stop();
}

function breakingAt(isBreaking: (event: Event) => boolean): Partial<PaperOptions> {
  return {
    onEvent: (event) => {
      if (isBreaking(event)) throw new Error('broken');
    },
  };
}

const isLateOrder =
  (afterAt: number) =>
  ({ type, at }: Event): boolean =>
    type === 'order.submitted' && at > afterAt;

/** A copy as it would be found after a crash: the lock belongs to a process that no longer runs, so it is left out. */
function copyOf(folder: string): string {
  const copy = newFolder();
  cpSync(folder, copy, { recursive: true, filter: (path) => !basename(path).startsWith(LOCK_NAME) });
  return copy;
}

function removeNewestSnapshot(folder: string): void {
  const [newest] = listSnapshots(snapshotFolder(folder));
  assert.ok(newest !== undefined);
  rmSync(join(snapshotFolder(folder), newest.name));
}

function typesIn(folder: string): string[] {
  return [...recordedEvents(folder)].map(({ event }) => event.type);
}

/** How often a run entered a position after a time. */
function entriesAfter(folder: string, after: number): number {
  const isEntry = ({ event }: { readonly event: Event }): boolean =>
    event.type === 'order.submitted' && event.order.purpose === 'entry' && event.at > after;
  return [...recordedEvents(folder)].filter(isEntry).length;
}

/** The run that nothing interrupts, and one that was stopped in between. */
const wholeFolder = newFolder();
const midway = newFolder();
let whole: Standing;
let midwayRun: PaperRun;
let midwayStanding: Standing;
before(async () => {
  whole = await finish(open(wholeFolder));
  midwayRun = await stopMidway(midway);
  midwayStanding = standing(midwayRun);
});

test('an empty folder becomes a new run that has not moved', async () => {
  const folder = newFolder();
  const run = open(folder);
  assert.deepEqual(run.opened, { isNew: true, recoveredEvents: 0, notices: [] });
  assert.equal(run.at, startAt);
  assert.equal(run.engine.state.isWarm, false);
  assert.equal(run.engine.state.kill.isEngaged, false);
  const { runId, codeVersion, ...manifest } = readManifest(folder);
  assert.equal(runId, run.engine.state.runId);
  assert.match(codeVersion, /^[0-9a-f]{16}$/);
  assert.deepEqual(manifest, {
    format: 1,
    kind: 'paper',
    desk: 'fx',
    seed: 1,
    market: 'walk',
    instruments: ['EUR_USD', 'GBP_USD', 'USD_JPY'],
    startAt,
    startBalance: 100_000,
    dataHash: 'walk',
  });
  await run.stop();
});

test('a run may begin with the kill switch engaged', async () => {
  const run = open(newFolder(), { releasesKill: false });
  assert.equal(run.engine.state.kill.isEngaged, true);
  await run.stop();
});

test('the warm-up takes in the history without deciding, and a second one does nothing', async () => {
  const told: number[] = [];
  const run = open(newFolder(), { onProgress: (_, done) => void told.push(done) });
  await run.warmUp();
  assert.equal(run.at, liveAt);
  assert.equal(run.engine.state.isWarm, true);
  assert.equal(run.engine.state.counts.bars, 3 * 240);
  assert.equal(run.engine.state.counts.decisions, 0);
  assert.equal(told.at(-1), liveAt - startAt);
  const warm = standing(run);
  await run.warmUp();
  assert.deepEqual(standing(run), warm);
  await run.stop();
});

test('a warm-up that is told to stop leaves the desk cold', async () => {
  const run = open(newFolder());
  await run.warmUp(AbortSignal.abort());
  assert.equal(run.engine.state.isWarm, false);
  assert.equal(run.at, startAt);
  await run.stop();
});

test('a run trades to the end of its market, and its journal is decided anew to the same hash', () => {
  const { result, engine } = replayRun(wholeFolder);
  assert.equal(result.difference, undefined);
  assert.equal(result.decisionsHash, whole.hash);
  assert.equal(result.events, whole.sequence);
  assert.equal(engine.state.counts.bars, 3 * 1_440);
  assert.ok(engine.state.counts.roundTrips > 20);
  assert.equal(whole.at, untilAt);
});

test('to stop leaves a snapshot of the last event, and to open again recovers nothing', async () => {
  assert.deepEqual(
    listSnapshots(snapshotFolder(midway)).map((snapshot) => snapshot.sequence),
    [midwayStanding.sequence],
  );
  const again = open(copyOf(midway));
  assert.deepEqual(again.opened, { isNew: false, recoveredEvents: 0, notices: [] });
  assert.deepEqual(standing(again), midwayStanding);
  assert.deepEqual(again.engine.state, midwayRun.engine.state);
  await again.stop();
});

test('a run that was stopped and opened again ends like one that nothing interrupted, and an older snapshot is enough', async () => {
  const folder = copyOf(midway);
  assert.deepEqual(await finish(open(folder)), whole);
  assert.equal(listSnapshots(snapshotFolder(folder)).length, 2);
  removeNewestSnapshot(folder);
  const again = open(folder);
  assert.equal(again.opened.recoveredEvents, whole.sequence - midwayStanding.sequence);
  assert.deepEqual(standing(again), whole);
  await again.stop();
});

test('without its snapshot a run is decided anew from the journal and stands where it stood', async () => {
  const folder = copyOf(midway);
  removeNewestSnapshot(folder);
  const shown: Event[] = [];
  const again = open(folder, { onEvent: (event) => void shown.push(event) });
  assert.deepEqual(again.opened, { isNew: false, recoveredEvents: midwayStanding.sequence, notices: [] });
  assert.equal(shown.length, midwayStanding.sequence);
  assert.deepEqual(again.engine.state, midwayRun.engine.state);
  assert.deepEqual(await finish(again), whole);
});

test('a damaged snapshot is passed over with a notice', async () => {
  const folder = copyOf(midway);
  const [newest] = listSnapshots(snapshotFolder(folder));
  assert.ok(newest !== undefined);
  writeFileSync(join(snapshotFolder(folder), newest.name), 'rust');
  const again = open(folder);
  assert.deepEqual(again.opened.notices, [
    `snapshot '${newest.name}' was passed over: expected a snapshot, found only 4 bytes`,
  ]);
  assert.equal(again.opened.recoveredEvents, midwayStanding.sequence);
  await again.stop();
});

test('a desk that breaks down within a step leaves no snapshot, and the next start completes the step', async () => {
  const folder = newFolder();
  const isBreaking = isLateOrder(liveAt + 120 * minuteMs);
  await breakDown(open(folder, breakingAt(isBreaking)));
  assert.deepEqual(listSnapshots(snapshotFolder(folder)), []);
  const types = typesIn(folder);
  assert.equal(types.at(-1), 'order.submitted');
  const again = open(folder);
  assert.equal(again.opened.recoveredEvents, types.length);
  assert.deepEqual(await finish(again), whole);
});

test('a journal whose end was torn is mended with a notice, and what was lost is decided anew', async () => {
  const folder = copyOf(midway);
  removeNewestSnapshot(folder);
  const segments = readdirSync(journalFolder(folder)).filter((name) => name.startsWith('segment-'));
  const path = join(journalFolder(folder), segments.sort().at(-1) ?? '');
  truncateSync(path, statSync(path).size - 5);
  const again = open(folder);
  assert.equal(again.opened.notices.length, 1);
  assert.match(again.opened.notices[0] ?? '', /^the journal was mended at opening: /);
  assert.ok(again.opened.recoveredEvents < midwayStanding.sequence, `${again.opened.recoveredEvents} recovered`);
  assert.deepEqual(await finish(again), whole);
});

test('an engaged kill switch stands in the journal where it was engaged, and is recovered there', async () => {
  const folder = copyOf(midway);
  const desk = open(folder);
  const { at: askedAt, sequence } = standing(desk);
  desk.request((at) => ({ type: 'kill.engaged', at, actor: 'ann', reason: 'storm' }));
  // The desk crashes with the request durable; the next one goes on with the market and breaks down half an hour later.
  const crashed = copyOf(folder);
  await desk.stop();
  await breakDown(
    open(
      crashed,
      breakingAt(({ at }) => at > askedAt + 30 * minuteMs),
    ),
  );
  removeNewestSnapshot(crashed);
  const events = [...recordedEvents(crashed)].map(({ event }) => event);
  assert.deepEqual(events[sequence], { type: 'kill.engaged', at: askedAt, actor: 'ann', reason: 'storm' });
  assert.ok(events.length > sequence + 100);
  const again = open(crashed);
  assert.equal(again.opened.recoveredEvents, events.length);
  assert.deepEqual(again.engine.state.kill, { isEngaged: true, actor: 'ann', reason: 'storm', at: askedAt });
  const ended = await finish(again);
  assert.notEqual(ended.hash, whole.hash);
  const { result } = replayRun(crashed);
  assert.deepEqual([result.difference, result.decisionsHash], [undefined, ended.hash]);
  assert.equal(entriesAfter(wholeFolder, askedAt) > 0, true);
  assert.equal(entriesAfter(crashed, askedAt), 0);
});

test('a folder with another run is refused with what it holds and what was asked for', async () => {
  const folder = newFolder();
  await open(folder).stop();
  const { market } = paperOptions(folder);
  const rows: readonly (readonly [Partial<PaperOptions>, string])[] = [
    [{ seed: 8 }, "seed '1', asked for '8'"],
    [{ startBalance: 5 }, "start balance '100000', asked for '5'"],
    [{ market: { ...market, name: 'synthetic' } }, "market 'walk', asked for 'synthetic'"],
    [{ market: { ...market, dataHash: 'other' } }, "data 'walk', asked for 'other'"],
  ];
  for (const [changes, expected] of rows) {
    assert.throws(() => open(folder, changes), {
      name: 'RunError',
      message: `'${folder}' holds a run with ${expected}: choose another --data-dir`,
    });
  }
  // A refusal leaves the folder free and as it was.
  const again = open(folder);
  assert.deepEqual(again.opened, { isNew: false, recoveredEvents: 0, notices: [] });
  await again.stop();
});

test('a folder that a desk holds is refused to a second one until the first has stopped', async () => {
  const folder = newFolder();
  const run = open(folder);
  assert.throws(
    () => open(folder),
    (error) => {
      assert.ok(error instanceof FolderLockedError);
      assert.equal(error.pid, process.pid);
      return true;
    },
  );
  await run.stop();
  await open(folder).stop();
});

test('a policy that the run did not have is added with a notice', async () => {
  const folder = newFolder();
  const { policies } = paperOptions(folder);
  await open(folder, { policies: policies.filter(({ key }) => key !== 'slope-exit/fx') }).stop();
  const again = open(folder);
  assert.deepEqual(again.opened.notices, [
    "policy 'slope-exit/fx' was added: this version reads it and the run did not have it",
  ]);
  assert.ok(again.engine.state.policies['slope-exit/fx'] !== undefined);
  await again.stop();
});

test('a configuration without a desk is refused, and the folder is free again', async () => {
  const folder = newFolder();
  assert.throws(() => open(folder, { policies: [] }), RunError);
  const run = open(folder);
  assert.equal(run.opened.isNew, true);
  await run.stop();
});
