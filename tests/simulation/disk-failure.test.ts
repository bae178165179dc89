import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { LOCK_NAME } from '#adapters/journal/folder-lock.ts';
import { verifyJournal } from '#adapters/journal/journal-info.ts';
import { isReserveInUse } from '#adapters/journal/reserve-file.ts';
import { listSnapshots } from '#adapters/journal/snapshot-files.ts';
import type { Event, EventByType } from '#domain/events.ts';
import { decisionsHash } from '#engine/decision-hash.ts';
import type { EngineState } from '#engine/state.ts';
import { type OperatedDesk, operate } from '#runtime/operate.ts';
import type { PaperOptions, PaperRun } from '#runtime/paper-run.ts';
import { recordedEvents, replayRun } from '#runtime/read-run.ts';
import { journalFolder, snapshotFolder } from '#runtime/run-folder.ts';
import { type DrivenDesk, driveDesk, walkLiveAt, walkStartAt } from '../support/driven-desk.ts';
import { type DiskFailure, diskGone, failingDisk } from '../support/failing-disk.ts';

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
/** Twelve hours into its day the desk holds three positions. */
const noonAt = walkLiveAt + 12 * hourMs;
const endAt = walkStartAt + 1_440 * minuteMs;
const author = { actor: 'ann', reason: 'storm' };

const root = mkdtempSync(join(tmpdir(), 'tradewind-disk-failure-'));
after(async () => {
  // A test that failed has left its desk running.
  await Promise.allSettled(opened.map(({ run }) => run.stop()));
  rmSync(root, { recursive: true });
});
let folders = 0;
function newFolder(): string {
  folders += 1;
  return join(root, `${folders}`);
}

const opened: DrivenDesk[] = [];
function drive(folder: string, changes: Partial<PaperOptions> = {}): DrivenDesk {
  const desk = driveDesk(folder, changes);
  opened.push(desk);
  return desk;
}

type Order = EventByType['order.submitted']['order'];

function ordersIn(events: readonly Event[]): Order[] {
  return events.flatMap((event) => (event.type === 'order.submitted' ? [event.order] : []));
}

function entriesIn(events: readonly Event[]): Order[] {
  return ordersIn(events).filter((order) => !order.isReduceOnly);
}

/** Ids of orders that the venue has seen: it answers every one with an acceptance, or with a refusal of its own. */
function seenByVenue(events: readonly Event[]): Set<string> {
  const ids = events.flatMap((event) => {
    if (event.type === 'order.accepted' && event.child === null) return [event.clientOrderId];
    return event.type === 'order.rejected' && event.code !== 'NOT_DURABLE' ? [event.clientOrderId] : [];
  });
  return new Set(ids);
}

function held({ positions }: Pick<EngineState, 'positions'>): Record<string, number> {
  const open = Object.entries(positions).filter(([, position]) => position.signedQuantity !== 0);
  return Object.fromEntries(open.map(([id, position]) => [id, position.signedQuantity]));
}

function standing({ engine: { state } }: PaperRun): readonly unknown[] {
  return [decisionsHash(state.hash), state.sequence, state.account.balance, held(state)];
}

function operated({ run }: DrivenDesk): OperatedDesk {
  return { engine: run.engine, request: (input) => run.request(input), status: () => 'all is well' };
}

function flatten(desk: DrivenDesk): void {
  assert.equal(operate(operated(desk), { command: 'kill.engage', flatten: true, ...author }).isDone, true);
}

/** The chain is unbroken, holds what the run says, and is decided anew without a difference. */
function requireWhole(folder: string, { engine }: PaperRun): void {
  assert.equal(verifyJournal(journalFolder(folder)), engine.state.sequence);
  const { result, engine: again } = replayRun(folder);
  assert.equal(result.difference, undefined);
  assert.equal(result.decisionsHash, decisionsHash(engine.state.hash));
  assert.deepEqual(again.state.positions, engine.state.positions);
  const ids = ordersIn([...recordedEvents(folder)].map(({ event }) => event)).map((order) => order.clientOrderId);
  assert.equal(new Set(ids).size, ids.length);
}

/** The day that nothing interrupts. */
let untroubled: readonly unknown[];
before(async () => {
  const desk = drive(newFolder());
  await desk.runTo(endAt);
  await desk.run.stop();
  untroubled = standing(desk.run);
});

const failures: readonly (readonly [string, DiskFailure, RegExp])[] = [
  ['that is full', { write: 'ENOSPC' }, /ENOSPC/],
  ['that cannot be written', { write: 'EIO' }, /EIO/],
  ['whose sync fails', { sync: 'EIO' }, /EIO/],
];
for (const [what, failure, reason] of failures) {
  test(`a disk ${what} engages the switch in the reserve; reductions go on, and the run is whole afterwards`, async () => {
    const folder = newFolder();
    const disk = failingDisk();
    const desk = drive(folder, { files: disk.operations });
    await desk.runTo(noonAt);
    assert.equal(Object.keys(held(desk.run.engine.state)).length, 3);
    disk.fail(failure);
    await desk.runTo(noonAt + 5 * minuteMs);
    const { state } = desk.run.engine;
    assert.deepEqual([state.kill.isEngaged, state.kill.actor], [true, 'house']);
    assert.match(state.kill.reason, reason);
    assert.deepEqual(desk.problems, [state.kill.reason]);
    const killedAt = desk.events.findIndex((event) => event.type === 'kill.engaged');

    // What is held is reduced and closed by hand.
    const [instrument = ''] = Object.keys(held(state));
    const reduction = { command: 'reduce', instrument, quantity: 1_000, ...author } as const;
    assert.equal(operate(operated(desk), reduction).isDone, true);
    flatten(desk);
    await desk.runTo(noonAt + 8 * minuteMs);
    assert.deepEqual(held(state), {});
    assert.throws(
      () => operate(operated(desk), { command: 'kill.release', ...author }),
      /the kill switch stays engaged/,
    );
    await desk.runTo(noonAt + 2 * hourMs);
    const afterKill = desk.events.slice(killedAt);
    assert.deepEqual(entriesIn(afterKill), []);
    assert.ok(ordersIn(afterKill).every((order) => seenByVenue(afterKill).has(order.clientOrderId)));
    const { lastSequence, durableSequence } = desk.run.journal;
    assert.equal(durableSequence, lastSequence);
    assert.equal(desk.run.failure, undefined);
    await desk.run.stop();
    assert.equal(isReserveInUse(journalFolder(folder)), true);

    disk.fail({});
    const again = drive(folder, { files: disk.operations });
    assert.match(again.run.opened.notices.join(), /reserveApplied/);
    assert.deepEqual(standing(again.run), standing(desk.run));
    assert.deepEqual(again.run.engine.state.kill, state.kill);
    operate(operated(again), { command: 'kill.release', ...author });
    await again.runTo(endAt);
    await again.run.stop();
    assert.ok(entriesIn(again.events).length > 0, 'it trades again once someone says so');
    requireWhole(folder, again.run);
  });
}

test('stops and exits of the desk itself go on while the disk is gone', async () => {
  const disk = failingDisk();
  const desk = drive(newFolder(), { files: disk.operations });
  await desk.runTo(noonAt);
  const roundTrips = desk.run.engine.state.counts.roundTrips;
  disk.fail(diskGone);
  await desk.runTo(endAt);
  const late = desk.events.filter(({ at }) => at > noonAt);
  assert.ok(
    ordersIn(late).some((order) => seenByVenue(late).has(order.clientOrderId)),
    'exits are sent',
  );
  assert.ok(ordersIn(late).every((order) => order.isReduceOnly || !seenByVenue(late).has(order.clientOrderId)));
  assert.deepEqual(held(desk.run.engine.state), {});
  assert.ok(desk.run.engine.state.counts.roundTrips >= roundTrips + 3);
  assert.equal(desk.run.failure, undefined);
  await assert.rejects(desk.run.stop());
});

const goneDisks: readonly (readonly [string, DiskFailure])[] = [
  ['gone', diskGone],
  ['full to the reserve', { write: 'ENOSPC', reserve: 'ENOSPC' }],
];
for (const [what, failure] of goneDisks) {
  test(`with the disk ${what} in the very step of an entry, that entry is not sent and the desk closes what it holds`, async () => {
    const folder = newFolder();
    const disk = failingDisk();
    let failedAt = 0;
    const failAtEntry = (event: Event): void => {
      if (event.type !== 'order.submitted' || event.order.isReduceOnly || event.at < noonAt || failedAt > 0) return;
      failedAt = event.at;
      disk.fail(failure);
    };
    const desk = drive(folder, { files: disk.operations, onEvent: failAtEntry });
    await desk.runTo(noonAt + 4 * hourMs);
    assert.ok(failedAt > 0);
    assert.equal(desk.run.failure, undefined);
    const { state } = desk.run.engine;
    assert.equal(state.kill.actor, 'house');
    const late = desk.events.filter(({ at }) => at >= failedAt);
    const refused = late.flatMap((event) => (event.type === 'order.rejected' ? [event] : []));
    assert.ok(refused.length > 0);
    for (const { code, clientOrderId } of refused) {
      assert.equal(code, 'NOT_DURABLE');
      assert.equal(seenByVenue(late).has(clientOrderId), false);
    }
    assert.deepEqual(
      entriesIn(late).map((order) => order.clientOrderId),
      refused.map(({ clientOrderId }) => clientOrderId),
    );
    flatten(desk);
    await desk.runTo(noonAt + 4 * hourMs + 2 * minuteMs);
    assert.deepEqual(held(state), {});

    // A disk that comes back within the run keeps nothing of what was not sent.
    disk.fail({});
    await desk.runTo(noonAt + 5 * hourMs);
    const { lastSequence, durableSequence } = desk.run.journal;
    assert.ok(durableSequence < lastSequence);
    await assert.rejects(desk.run.stop(), { name: 'JournalWriteError' });
    assert.equal(existsSync(join(folder, LOCK_NAME)), false);
    assert.deepEqual(listSnapshots(snapshotFolder(folder)), []);

    // On paper the venue lives in the process: its past ends with the journal's, and both go on from there as if nothing had happened.
    const again = drive(folder, { files: disk.operations });
    assert.equal(again.run.engine.state.kill.isEngaged, false);
    await again.runTo(endAt);
    await again.run.stop();
    requireWhole(folder, again.run);
    assert.deepEqual(standing(again.run), untroubled);
  });
}

test('with the reserve full reductions are sent without a durable intent, and the next start stands where the reserve ends', async () => {
  const folder = newFolder();
  const disk = failingDisk();
  const desk = drive(folder, { files: disk.operations });
  await desk.runTo(noonAt);
  disk.fail({ write: 'ENOSPC' });
  await desk.runTo(noonAt + minuteMs);
  const { state } = desk.run.engine;
  const kept = held(state);
  const [instrument = ''] = Object.keys(kept);
  const before = Math.abs(kept[instrument] ?? 0);
  const { lastSequence } = desk.run.journal;
  // A text longer than the reserve leaves no room for anything.
  const request = {
    command: 'reduce',
    instrument,
    quantity: 1_000,
    actor: 'ann',
    reason: 'x'.repeat(1_100_000),
  } as const;
  assert.equal(operate(operated(desk), request).isDone, true);
  assert.match(desk.run.journal.problem ?? '', /RESERVE_FULL/);
  assert.equal(desk.run.journal.durableSequence, lastSequence);
  await desk.runTo(noonAt + 3 * minuteMs);
  assert.equal(Math.abs(state.positions[instrument]?.signedQuantity ?? 0), before - 1_000);
  flatten(desk);
  await desk.runTo(noonAt + 10 * minuteMs);
  assert.deepEqual(held(state), {});
  assert.equal(desk.run.failure, undefined);
  assert.equal(desk.run.journal.durableSequence, lastSequence);
  await assert.rejects(desk.run.stop(), { code: 'RESERVE_FULL' });

  disk.fail({});
  const again = drive(folder, { files: disk.operations });
  assert.equal(again.run.engine.state.sequence, lastSequence);
  assert.deepEqual(held(again.run.engine.state), kept);
  assert.equal(again.run.engine.state.kill.actor, 'house');
  flatten(again);
  await again.runTo(noonAt + 10 * minuteMs);
  assert.deepEqual(held(again.run.engine.state), {});
  await again.run.stop();
  requireWhole(folder, again.run);
});

const stages: readonly (readonly [string, DiskFailure])[] = [
  ['works', {}],
  ['has its reserve left', { write: 'ENOSPC' }],
  ['is gone', diskGone],
];
for (const [what, failure] of stages) {
  test(`an operator engages the switch and closes everything where the disk ${what}`, async () => {
    const disk = failingDisk();
    const desk = drive(newFolder(), { files: disk.operations });
    await desk.runTo(noonAt);
    disk.fail(failure);
    flatten(desk);
    const { state } = desk.run.engine;
    assert.deepEqual(state.kill, { isEngaged: true, ...author, at: noonAt });
    await desk.runTo(noonAt + 2 * minuteMs);
    assert.deepEqual(held(state), {});
    assert.equal(desk.run.failure, undefined);
    await desk.run.stop().catch(() => undefined);
  });
}

test('what must be kept is refused while nothing keeps it, and changes nothing', async () => {
  const disk = failingDisk();
  const desk = drive(newFolder(), { files: disk.operations });
  await desk.runTo(noonAt);
  disk.fail(diskGone);
  await desk.runTo(noonAt + minuteMs);
  const { sequence, policies } = desk.run.engine.state;
  const limits = policies['limits/fx']?.document ?? {};
  const version = (policies['limits/fx']?.version ?? 0) + 1;
  const change = { type: 'policy.changed', key: 'limits/fx', version, schemaVersion: 1, document: limits } as const;
  assert.throws(() => desk.run.request((at) => ({ ...change, at, ...author })), { name: 'JournalWriteError' });
  assert.equal(desk.run.engine.state.sequence, sequence);
  await assert.rejects(desk.run.stop());
});

test('a run that has broken off takes no request that its journal could not place', async () => {
  const folder = newFolder();
  const breakOff = (event: Event): void => {
    if (event.type === 'order.filled' && event.at > noonAt) throw new Error('broken');
  };
  const desk = drive(folder, { onEvent: breakOff });
  await desk.runTo(endAt);
  assert.equal(desk.run.failure?.message, 'broken');
  assert.throws(() => operate(operated(desk), { command: 'kill.engage', flatten: true, ...author }), /broken/);
  await desk.run.stop();
  const again = drive(folder);
  await again.runTo(endAt);
  await again.run.stop();
  assert.deepEqual(standing(again.run), untroubled);
});

test('a disk that fails while history is taken in leaves a desk that is warm and holds its entries', async () => {
  for (const failure of [{ write: 'ENOSPC' }, { sync: 'EIO' }, diskGone]) {
    const folder = newFolder();
    const disk = failingDisk();
    const desk = drive(folder, { files: disk.operations });
    disk.fail(failure);
    await desk.runTo(walkLiveAt + hourMs);
    assert.deepEqual([desk.run.engine.state.isWarm, desk.run.engine.state.kill.actor], [true, 'house']);
    assert.deepEqual(ordersIn(desk.events), []);
    await desk.run.stop().catch(() => undefined);
    disk.fail({});
    const again = drive(folder, { files: disk.operations });
    await again.runTo(walkLiveAt + 2 * hourMs);
    await again.run.stop();
    requireWhole(folder, again.run);
  }
});

test('a desk that finds its disk full at the start opens with the switch engaged', async () => {
  const folder = newFolder();
  const disk = failingDisk();
  disk.fail({ write: 'ENOSPC' });
  const desk = drive(folder, { files: disk.operations });
  assert.equal(desk.run.engine.state.kill.actor, 'house');
  await desk.run.stop();
  const full = (): DrivenDesk => drive(folder, { files: disk.operations });
  assert.throws(full, { name: 'JournalWriteError', code: 'ENOSPC' });
  disk.fail({});
  const again = full();
  assert.equal(again.run.engine.state.kill.actor, 'house');
  await again.run.stop();
  requireWhole(folder, again.run);
});

test('a snapshot that cannot be written is told, and the run stops in order', async () => {
  const folder = newFolder();
  const desk = drive(folder);
  rmSync(snapshotFolder(folder), { recursive: true });
  writeFileSync(snapshotFolder(folder), '');
  await desk.runTo(noonAt);
  await desk.run.stop();
  assert.match(desk.problems.join(), /^the snapshot was not written: /);
  rmSync(snapshotFolder(folder));
  const again = drive(folder);
  assert.equal(again.run.opened.recoveredEvents, desk.run.engine.state.sequence);
  assert.deepEqual(standing(again.run), standing(desk.run));
  await again.run.stop();
  requireWhole(folder, again.run);
});

test('a stop that cannot keep the last entries says so, leaves no snapshot of them and sets the folder free', async () => {
  const folder = newFolder();
  const disk = failingDisk();
  const desk = drive(folder, { files: disk.operations });
  await desk.runTo(noonAt);
  disk.fail(diskGone);
  await desk.runTo(noonAt + minuteMs);
  await assert.rejects(desk.run.stop(), { name: 'JournalWriteError', code: 'EIO' });
  assert.equal(existsSync(join(folder, LOCK_NAME)), false);
  assert.deepEqual(listSnapshots(snapshotFolder(folder)), []);
  disk.fail({});
  const again = drive(folder, { files: disk.operations });
  await again.runTo(endAt);
  await again.run.stop();
  assert.deepEqual(standing(again.run), untroubled);
});
