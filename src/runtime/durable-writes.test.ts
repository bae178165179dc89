import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { type FileJournal, openJournal } from '#adapters/journal/file-journal.ts';
import type { Event } from '#domain/events.ts';
import type { Command, JournalPort, VenuePort } from '#engine/ports.ts';
import { createDeskFixture, type DeskFixture } from '../../tests/support/desk-fixture.ts';
import { type DiskFailure, diskGone, failingDisk } from '../../tests/support/failing-disk.ts';
import { orderRequest } from '../../tests/support/venue-scene.ts';
import { DurableWrites } from './durable-writes.ts';
import { readPolicySnapshot } from './policies/policy-snapshot-files.ts';
import { updatePolicy } from './policies/policy-store.ts';
import { journalFolder } from './run-folder.ts';
import { sealableFiles } from './sealable-files.ts';
import { JournalTail } from './tail/journal-tail.ts';

interface Scene {
  readonly folder: string;
  readonly fixture: DeskFixture;
  readonly journal: FileJournal;
  readonly writes: DurableWrites;
  readonly entries: JournalPort;
  readonly tail: JournalTail;
  readonly told: string[];
  /** At every advance of the tail: how far it goes, how far the journal is durable, and the policies' version that is on the disk. */
  readonly advances: (readonly [number, number, number])[];
  fail(failure: DiskFailure): void;
  /** Steps an input and appends what it caused. */
  put(event: Event): void;
}

function scene(t: TestContext): Scene {
  const folder = mkdtempSync(join(tmpdir(), 'tradewind-durable-writes-'));
  mkdirSync(journalFolder(folder));
  const disk = failingDisk();
  const files = sealableFiles(disk.operations);
  const journal = openJournal(journalFolder(folder), { runId: 'run', operations: files.operations });
  const fixture = createDeskFixture([]);
  const tail = new JournalTail({ folder, runId: 'run', durableSequence: 0 });
  const advances: (readonly [number, number, number])[] = [];
  const told: string[] = [];
  const watched: Pick<JournalTail, 'append' | 'advance' | 'durableSequence'> = {
    get durableSequence() {
      return tail.durableSequence;
    },
    append: (sequence, event) => tail.append(sequence, event),
    advance: (sequence) => {
      advances.push([sequence, journal.durableSequence, readPolicySnapshot(folder).snapshot.meta.version]);
      tail.advance(sequence);
    },
  };
  const onProblem = (problem: string): void => void told.push(problem);
  const { engine } = fixture;
  const writes = new DurableWrites({ folder, journal, engine, tail: watched, onProblem, seal: files.seal });
  const entries = writes.entries(journal);
  const put = (event: Event): void => {
    for (const produced of fixture.send(event)) entries.append(produced);
  };
  t.after(async () => {
    await journal.close().catch(() => undefined);
    rmSync(folder, { recursive: true });
  });
  return { folder, fixture, journal, writes, entries, tail, told, advances, fail: disk.fail, put };
}

function changeLeverage({ fixture, put }: Scene, maximumLeverage: number): void {
  const { engine } = fixture;
  updatePolicy(
    { engine, request: (input) => put(input(fixture.at)) },
    {
      key: 'limits/fx',
      content: { type: 'changes', changes: { maximumLeverage } },
      expectedVersion: engine.state.policies['limits/fx']?.version ?? 0,
      actor: 'ann',
      reason: 'calm',
    },
  );
}

function leverageOnDisk({ folder }: Scene): unknown {
  return readPolicySnapshot(folder).snapshot.documents['limits/fx']?.document['maximumLeverage'];
}

test('a follower never sees a change of policy before the journal and the snapshot have it', async (t) => {
  const here = scene(t);
  for (const [leverage, sequence] of [
    [20, 1],
    [10, 2],
  ] as const) {
    changeLeverage(here, leverage);
    assert.equal(here.tail.durableSequence, sequence - 1);
    assert.notEqual(leverageOnDisk(here), leverage);
    assert.equal(here.writes.make(), true);
    assert.equal(leverageOnDisk(here), leverage);
  }
  // Four documents made the desk; each of the two changes is on the disk when the tail comes to it.
  const before = here.advances.map(([, , version]) => version);
  assert.deepEqual(
    here.advances.map(([to, durable]) => [to, durable]),
    [
      [1, 1],
      [2, 2],
    ],
  );
  assert.equal((before[1] ?? 0) - (before[0] ?? 0), 1);
  const { entries } = await here.tail.read(1, { max: 10, waitMs: 0 });
  assert.deepEqual(
    entries.map(({ event }) => event.type),
    ['policy.changed', 'policy.changed'],
  );
});

test('what is written aside is shown in the same order', async (t) => {
  const here = scene(t);
  changeLeverage(here, 20);
  await here.writes.makeAside();
  assert.deepEqual([here.tail.durableSequence, leverageOnDisk(here)], [1, 20]);
});

test('a flush aside that fails goes on in the reserve', async (t) => {
  const here = scene(t);
  here.fail({ sync: 'EIO' });
  changeLeverage(here, 20);
  await here.writes.makeAside();
  assert.deepEqual([here.journal.durableSequence, here.tail.durableSequence, leverageOnDisk(here)], [1, 1, 20]);
  assert.match(here.writes.problem ?? '', /a sync failed \(EIO\)/);
});

test('what nothing keeps is neither in the snapshot nor shown', async (t) => {
  const here = scene(t);
  here.fail(diskGone);
  changeLeverage(here, 20);
  assert.equal(here.writes.make(), false);
  await here.writes.makeAside();
  assert.deepEqual([here.writes.isDurable, here.tail.durableSequence, here.advances], [false, 0, []]);
  assert.equal(readPolicySnapshot(here.folder).source, 'defaults');
});

test('a snapshot of the policies that cannot be written is told, and the tail goes on', (t) => {
  const here = scene(t);
  writeFileSync(join(here.folder, 'policies'), '');
  changeLeverage(here, 20);
  assert.equal(here.writes.make(), true);
  assert.equal(here.tail.durableSequence, 1);
  assert.match(here.told.join(), /^the policy snapshot was not written: /);
});

test('the last change of the switch is known by its sequence', (t) => {
  const here = scene(t);
  assert.equal(here.writes.switchSequence, 0);
  const { at } = here.fixture;
  here.put({ type: 'time.ticked', at });
  here.put({ type: 'kill.engaged', at, actor: 'ann', reason: 'storm' });
  assert.equal(here.writes.switchSequence, here.journal.lastSequence);
  here.put({ type: 'kill.released', at, actor: 'ann', reason: 'calm' });
  const released = here.journal.lastSequence;
  here.put({ type: 'time.ticked', at: at + 30_000 });
  assert.ok(here.journal.lastSequence > released);
  assert.equal(here.writes.switchSequence, released);
});

test('a run that is opened again counts from what it found', async (t) => {
  const here = scene(t);
  here.put({ type: 'time.ticked', at: here.fixture.at });
  const { folder, journal, fixture, tail } = here;
  const again = new DurableWrites({
    ...{ folder, journal, engine: fixture.engine, tail, onProblem: undefined },
    seal: () => undefined,
  });
  assert.equal(again.switchSequence, journal.lastSequence);
});

const entry: Command = { type: 'order.submitted', at: 5, order: orderRequest({ clientOrderId: 'in' }) };
const reducing: readonly Command[] = [
  {
    type: 'order.submitted',
    at: 5,
    order: orderRequest({ clientOrderId: 'out', isReduceOnly: true, purpose: 'exit' }),
  },
  { type: 'order.cancelRequested', at: 5, clientOrderId: 'in', reason: '' },
  { type: 'order.amendRequested', at: 5, clientOrderId: 'stop', stopPrice: 1, limitPrice: null, reason: '' },
];

/** The end of a line to a venue, which writes down what comes out. */
function lineTo(sent: Command[]): VenuePort {
  return {
    send: (command) => void sent.push(command),
    observe: () => undefined,
    poll: () => undefined,
    report: () => ({ balance: 0, positions: [], openOrderIds: [] }),
  };
}

test('with its intent durable everything is sent', (t) => {
  const here = scene(t);
  const sent: Command[] = [];
  const venue = here.writes.venue(lineTo(sent));
  for (const command of [entry, ...reducing]) {
    here.entries.append(command);
    here.writes.make();
    venue.send(command);
  }
  assert.deepEqual(sent, [entry, ...reducing]);
  assert.deepEqual(here.writes.takeRefusals(6), []);
});

test('with the reserve open everything is sent', (t) => {
  const here = scene(t);
  const sent: Command[] = [];
  here.fail({ write: 'ENOSPC' });
  here.entries.append(entry);
  assert.equal(here.writes.make(), true);
  here.writes.venue(lineTo(sent)).send(entry);
  assert.deepEqual(sent, [entry]);
});

test('without a durable intent an increase is refused once and for all, and reductions are sent', async (t) => {
  const here = scene(t);
  const sent: Command[] = [];
  const venue = here.writes.venue(lineTo(sent));
  here.fail(diskGone);
  for (const command of [entry, ...reducing]) {
    here.entries.append(command);
    assert.equal(here.writes.make(), false);
    venue.send(command);
  }
  assert.deepEqual(sent, reducing);
  assert.deepEqual(here.writes.takeRefusals(6), [
    {
      type: 'order.rejected',
      at: 6,
      clientOrderId: 'in',
      code: 'NOT_DURABLE',
      reason: 'the order was not sent: the journal is not durable: a write failed (EIO)',
    },
  ]);
  assert.deepEqual(here.writes.takeRefusals(6), []);
  // The disk is back, but the journal must not say that the order was sent.
  here.fail({});
  assert.equal(here.writes.make(), false);
  assert.equal(here.journal.durableSequence, 0);
  await assert.rejects(here.journal.close(), { name: 'JournalWriteError' });
});
