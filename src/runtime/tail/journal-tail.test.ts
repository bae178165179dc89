import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { openPaperDesk } from '../../../tests/support/paper-desk.ts';
import { type RecordedEvent, recordedEvents } from '../read-run.ts';
import { folderTail } from './folder-tail.ts';
import { JournalTail } from './journal-tail.ts';
import type { TailSource } from './tail-source.ts';

const now = { max: 1_000, waitMs: 0 };

function tick(sequence: number): RecordedEvent {
  return { sequence, event: { type: 'time.ticked', at: sequence } };
}

test('an entry is shown once it is durable, not before', async () => {
  const tail = new JournalTail({ folder: 'unused', runId: 'run-1', durableSequence: 0 });
  for (const { sequence, event } of [tick(1), tick(2), tick(3)]) tail.append(sequence, event);
  assert.deepEqual(await tail.read(1, now), { entries: [], lastSequence: 0 });
  tail.advance(2);
  assert.deepEqual(await tail.read(1, now), { entries: [tick(1), tick(2)], lastSequence: 2 });
  assert.deepEqual(await tail.read(3, now), { entries: [], lastSequence: 2 });
  assert.deepEqual(await tail.head(), { runId: 'run-1', lastSequence: 2 });
  tail.advance(1);
  assert.equal(tail.durableSequence, 2);
});

test('a follower that waits is woken by what becomes durable', async () => {
  const tail = new JournalTail({ folder: 'unused', runId: 'run-1', durableSequence: 0 });
  tail.append(1, tick(1).event);
  const reading = tail.read(1, { max: 10, waitMs: 60_000 });
  tail.advance(1);
  assert.deepEqual((await reading).entries, [tick(1)]);
  assert.deepEqual((await tail.read(2, { max: 10, waitMs: 1 })).entries, []);
});

test('a gap in the tail is a mistake of ours', () => {
  const tail = new JournalTail({ folder: 'unused', runId: 'run-1', durableSequence: 0 });
  tail.append(1, tick(1).event);
  assert.throws(() => tail.append(3, tick(3).event), /goes on with 3/);
});

async function all(source: TailSource, max: number): Promise<RecordedEvent[]> {
  const read: RecordedEvent[] = [];
  for (;;) {
    const { entries } = await source.read(read.length + 1, { max, waitMs: 0 });
    if (entries.length === 0) return read;
    read.push(...entries);
  }
}

test('what memory no longer holds is read from the journal, without a gap', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'tradewind-tail-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const desk = openPaperDesk(folder);
  await desk.warmUp();
  await desk.stop();
  const recorded = [...recordedEvents(folder)];
  assert.ok(recorded.length > 500, 'the run has entries');
  const { runId } = await folderTail(folder).head();
  for (const heldMax of [1, 100, 100_000]) {
    const tail = new JournalTail({ folder, runId, durableSequence: 0, heldMax });
    for (const { sequence, event } of recorded) tail.append(sequence, event);
    tail.advance(recorded.length);
    for (const max of [7, 333]) assert.deepEqual(await all(tail, max), recorded, `${heldMax} held, read by ${max}`);
  }
  assert.deepEqual(await all(folderTail(folder), 100), recorded);
});

test('the tail of a running desk is its journal', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'tradewind-tail-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const desk = openPaperDesk(folder);
  await desk.warmUp();
  const before = await all(desk.tail, 1_000);
  desk.request((at) => ({ type: 'kill.engaged', at, actor: 'test', reason: 'to see it' }));
  const after = await all(desk.tail, 1_000);
  assert.ok(after.length > before.length);
  assert.ok(after.some(({ event }) => event.type === 'kill.engaged'));
  await desk.stop();
  const reopened = openPaperDesk(folder);
  assert.deepEqual((await all(reopened.tail, 1_000)).slice(0, after.length), after);
  await reopened.stop();
  assert.deepEqual((await all(folderTail(folder), 1_000)).slice(0, after.length), after);
});
