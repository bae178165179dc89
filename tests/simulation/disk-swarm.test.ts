import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import fc from 'fast-check';
import { JournalWriteError } from '#adapters/journal/journal-errors.ts';
import { verifyJournal } from '#adapters/journal/journal-info.ts';
import type { Event } from '#domain/events.ts';
import { decisionsHash } from '#engine/decision-hash.ts';
import { operate } from '#runtime/operate.ts';
import { recordedEvents, replayRun } from '#runtime/read-run.ts';
import { journalFolder } from '#runtime/run-folder.ts';
import { crashedCopy, type DrivenDesk, driveDesk, walkLiveAt } from '../support/driven-desk.ts';
import { type DiskFailure, diskGone, type FailingDisk, failingDisk } from '../support/failing-disk.ts';

const minuteMs = 60_000;
/** From here on the desk holds three positions and trades every few minutes. */
const noonAt = walkLiveAt + 12 * 60 * minuteMs;
const lifetimes = 12;
/** A number that fails once stays here. */
const seed = 20_260_105;

const root = mkdtempSync(join(tmpdir(), 'tradewind-disk-swarm-'));
const opened: DrivenDesk[] = [];
after(async () => {
  await Promise.allSettled(opened.map(({ run }) => run.stop()));
  rmSync(root, { recursive: true });
});
let folders = 0;
function newFolder(): string {
  folders += 1;
  return join(root, `${folders}`);
}

/** One life of the desk, from a start to a stop or a crash. */
interface Life {
  /** Events after which the disk fails, and how many later it is back. */
  readonly failsAfter: number;
  readonly backAfter: number;
  readonly failure: DiskFailure;
  readonly minutes: number;
  readonly ends: 'stop' | 'crash';
  /** Whether the disk works again before the next start is tried. */
  readonly isBackAtStart: boolean;
}

const failure = fc.constantFrom<DiskFailure>(
  { write: 'ENOSPC' },
  { write: 'EIO' },
  { sync: 'EIO' },
  { write: 'ENOSPC', reserve: 'ENOSPC' },
  { sync: 'EIO', reserve: 'ENOSPC' },
  diskGone,
);
const life: fc.Arbitrary<Life> = fc.record({
  failsAfter: fc.integer({ min: 0, max: 400 }),
  backAfter: fc.oneof(fc.integer({ min: 1, max: 300 }), fc.constant(Infinity)),
  failure,
  minutes: fc.integer({ min: 1, max: 45 }),
  ends: fc.constantFrom('stop', 'crash'),
  isBackAtStart: fc.boolean(),
});

/** Opens the desk; one that finds the disk still failing is opened again once it works. */
function open(folder: string, disk: FailingDisk, onEvent: (event: Event) => void): DrivenDesk {
  const start = (): DrivenDesk => driveDesk(folder, { files: disk.operations, onEvent });
  try {
    return start();
  } catch (error) {
    assert.ok(error instanceof JournalWriteError, String(error));
    disk.fail({});
    return start();
  }
}

/** Lives one life and returns the folder in which the next one goes on. Ids that the venue took as entries are added to `entered`. */
async function live(folder: string, disk: FailingDisk, plan: Life, entered: Set<string>): Promise<string> {
  let seen = -1;
  const count = (): void => {
    if (seen < 0) return;
    seen += 1;
    if (seen === plan.failsAfter + 1) disk.fail(plan.failure);
    if (seen === plan.failsAfter + 1 + plan.backAfter) disk.fail({});
  };
  const desk = open(folder, disk, count);
  opened.push(desk);
  // Whoever starts the desk looks at the disk first.
  disk.fail({});
  release(desk);
  seen = 0;
  await desk.runTo(desk.run.at + plan.minutes * minuteMs);
  assert.equal(desk.run.failure, undefined);
  requireOrder(desk.events);
  for (const id of entriesTaken(desk.events)) entered.add(id);
  const next = plan.ends === 'crash' ? crashedCopy(folder, newFolder()) : folder;
  await desk.run.stop().catch((error: unknown) => assert.ok(error instanceof JournalWriteError, String(error)));
  if (plan.isBackAtStart) disk.fail({});
  return next;
}

function release({ run }: DrivenDesk): void {
  const desk = { engine: run.engine, request: run.request.bind(run), status: () => '' };
  // A desk that has opened in its reserve keeps its entries held for all of that life.
  if (run.journal.problem !== undefined) return;
  operate(desk, { command: 'kill.release', actor: 'ann', reason: 'looked at the disk' });
}

/** No order reaches the venue twice, and no entry is decided while the switch is engaged. */
function requireOrder(events: readonly Event[]): void {
  const taken = new Set<string>();
  let isEngaged = false;
  for (const event of events) {
    if (event.type === 'kill.engaged') isEngaged = true;
    if (event.type === 'kill.released') isEngaged = false;
    if (event.type === 'order.submitted')
      assert.ok(event.order.isReduceOnly || !isEngaged, 'an entry after the switch');
    if (event.type === 'order.rejected') assert.notEqual(event.code, 'DUPLICATE_ID');
    if (event.type !== 'order.accepted' || event.child !== null) continue;
    assert.equal(taken.has(event.clientOrderId), false, `'${event.clientOrderId}' was taken twice`);
    taken.add(event.clientOrderId);
  }
}

function entriesTaken(events: readonly Event[]): string[] {
  const ids = new Set(
    events.flatMap((event) =>
      event.type === 'order.submitted' && !event.order.isReduceOnly ? [event.order.clientOrderId] : [],
    ),
  );
  return events.flatMap((event) =>
    event.type === 'order.accepted' && event.child === null && ids.has(event.clientOrderId)
      ? [event.clientOrderId]
      : [],
  );
}

const noonFolder = newFolder();
before(async () => {
  const desk = driveDesk(noonFolder);
  await desk.runTo(noonAt);
  await desk.run.stop();
});

test('whenever the disk fails and returns, the run is whole, every entry was durable, and none was sent twice', async () => {
  const problems = new Set<string>();
  let entries = 0;
  const lives = fc.array(life, { minLength: 1, maxLength: 3 });
  const property = fc.asyncProperty(lives, async (plans) => {
    const disk = failingDisk();
    const entered = new Set<string>();
    let folder = crashedCopy(noonFolder, newFolder());
    for (const plan of plans) folder = await live(folder, disk, plan, entered);
    disk.fail({});
    const last = driveDesk(folder, { files: disk.operations });
    opened.push(last);
    release(last);
    await last.runTo(last.run.at + 30 * minuteMs);
    for (const desk of opened) for (const problem of desk.problems) problems.add(problem);
    await last.run.stop();
    requireOrder(last.events);
    const { state } = last.run.engine;
    assert.equal(verifyJournal(journalFolder(folder)), state.sequence);
    const { result, engine } = replayRun(folder);
    assert.deepEqual([result.difference, result.decisionsHash], [undefined, decisionsHash(state.hash)]);
    assert.deepEqual(engine.state.positions, state.positions);
    const recorded = [...recordedEvents(folder)].map(({ event }) => event);
    requireOrder(recorded);
    const known = new Set(
      recorded.flatMap((event) => (event.type === 'order.submitted' ? [event.order.clientOrderId] : [])),
    );
    for (const id of entered) assert.ok(known.has(id), `the entry '${id}' was sent and is not in the journal`);
    entries += entered.size;
  });
  await fc.assert(property, { numRuns: lifetimes, seed });
  // Otherwise the disk failed where nothing happened.
  assert.ok(entries > 20, `${entries} entries`);
  assert.ok(problems.size >= 3, [...problems].join());
});
