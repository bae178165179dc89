import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { type TestContext, test } from 'node:test';
import { deadLetterStreamOf, streamNamesOf } from '#domain/bus/envelope.ts';
import { HandClock } from '../../../tests/support/hand-clock.ts';
import { FileStreams } from './file-streams.ts';
import type { DeadLetter, OutgoingEntry } from './stream-driver.ts';

function pathOf(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'tradewind-streams-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  return join(folder, 'streams.sqlite');
}

const { type: stream, domain } = streamNamesOf('order.filled');
const letters = deadLetterStreamOf('order.filled');
const positionAt = (sequence: number) => ({ runId: 'run', version: 1, sequence, at: 1, state: '{}' });
const entry = (text: string): OutgoingEntry => ({ typeStream: stream, domainStream: domain, text });
const one = { group: 'monitoring', consumer: 'one' };
const two = { group: 'monitoring', consumer: 'two' };

async function publish(driver: FileStreams, ...texts: readonly string[]): Promise<void> {
  const from = await driver.position('bus');
  await driver.publish({ name: 'bus', entries: texts.map(entry), from, to: positionAt((from?.sequence ?? 0) + 1) });
}

async function textsOf(delivered: Promise<readonly { readonly text: string }[]>): Promise<string[]> {
  return (await delivered).map(({ text }) => text);
}

const letterOf = (text: string): DeadLetter => ({
  text,
  error: 'broken',
  attempts: 4,
  handler: 'monitoring/one',
  group: 'monitoring',
  stream,
  entryId: '1-0',
  at: 5,
});

test('everything is there again after the file was closed and opened', async (t) => {
  const path = pathOf(t);
  const clock = new HandClock(1_000_000);
  const first = new FileStreams(path, clock);
  await first.ensureGroup('monitoring', [stream]);
  await publish(first, 'a', 'b', 'c', 'd');
  const read = await first.openReader().read({ ...one, streams: [stream], count: 3, blockMs: 0 });
  await first.settle({
    group: 'monitoring',
    acknowledged: read.slice(0, 1),
    processedIds: ['id of a'],
    letters: [{ stream: letters, letter: letterOf('dead') }],
    at: clock.now(),
  });
  const dropped = { stream, group: 'slow', fromId: '1-0', toId: '2-0', count: 2, at: 7 };
  await first.dropBefore(stream, '0-0', [dropped]);
  await first.keepPatterns('monitoring', 'order.*');
  await first.close();

  await clock.pass(60_000);
  const again = new FileStreams(path, clock);
  t.after(() => again.close());
  assert.deepEqual(await again.position('bus'), positionAt(1));
  assert.deepEqual(await again.streams(), [domain, stream].sort());
  assert.deepEqual(await again.describe(stream), {
    stream,
    length: 4,
    lastId: '1000000-3',
    groups: [{ name: 'monitoring', floorId: '1000000-1', pending: 2, consumers: 1, idleMs: 60_000 }],
  });
  assert.deepEqual(await again.handledSince('monitoring', ['id of a', 'id of b'], 1_000_000), [true, false]);
  assert.deepEqual(await again.deadLetterStreams(), [letters]);
  const [stored] = await again.deadLetters(letters, '0-0', 10);
  assert.deepEqual(stored, { id: '1000000-4', letter: letterOf('dead') });
  assert.deepEqual(await again.droppedRecords(10), [dropped]);
  assert.equal(await again.keepPatterns('monitoring', 'order.*'), 'order.*');

  assert.deepEqual(await textsOf(again.claimIdle({ ...two, stream, minIdleMs: 60_001, count: 10 })), []);
  assert.deepEqual(await again.claimIdle({ ...two, stream, minIdleMs: 60_000, count: 1 }), [
    { stream, id: '1000000-1', text: 'b', onlyFor: null, deliveries: 2 },
  ]);
  assert.deepEqual(await textsOf(again.readOwn({ ...one, stream, afterId: '0-0', count: 10 })), ['c']);
  assert.deepEqual(await textsOf(again.openReader().read({ ...one, streams: [stream], count: 10, blockMs: 0 })), ['d']);
  assert.equal(await again.reviveDeadLetter(letters, stored), true);
  assert.equal(await again.reviveDeadLetter(letters, stored), false);
  const [revived] = await again.openReader().read({ ...one, streams: [stream], count: 10, blockMs: 0 });
  assert.deepEqual(revived, { stream, id: '1060000-0', text: 'dead', onlyFor: 'monitoring', deliveries: 1 });
});

test('a stale writer writes nothing, whichever process it is', async (t) => {
  const path = pathOf(t);
  const clock = new HandClock();
  const [desk, other] = [new FileStreams(path, clock), new FileStreams(path, clock)];
  await publish(desk, 'a');
  const stale = { name: 'bus', entries: [entry('b')], from: undefined, to: positionAt(2) };
  await assert.rejects(other.publish(stale), { name: 'StaleWriterError', code: 'stale' });
  await publish(other, 'b');
  await assert.rejects(desk.publish({ ...stale, from: positionAt(1) }), { code: 'stale' });
  assert.deepEqual(await desk.position('bus'), positionAt(2));
  assert.equal((await desk.describe(stream)).length, 2);
  await desk.close();
  await other.close();
});

test('a reader that waits is woken by its own process at once, and hears of another within a quarter of a second', async (t) => {
  const path = pathOf(t);
  const clock = new HandClock();
  const [desk, other] = [new FileStreams(path, clock), new FileStreams(path, clock)];
  await desk.ensureGroup('monitoring', [stream]);
  const reader = desk.openReader();
  const read = () => textsOf(reader.read({ ...one, streams: [stream], count: 10, blockMs: 5_000 }));
  const woken = read();
  await publish(desk, 'a');
  assert.deepEqual(await woken, ['a']);
  const later = read();
  await publish(other, 'b');
  await clock.pass(250);
  assert.deepEqual(await later, ['b']);
  const waiting = read();
  reader.close();
  assert.deepEqual(await waiting, []);
  assert.deepEqual(await read(), []);
  await desk.close();
  await other.close();
});

test('a consumer that waits for something writes nothing', async (t) => {
  const path = pathOf(t);
  const clock = new HandClock();
  const driver = new FileStreams(path, clock);
  await driver.ensureGroup('monitoring', [stream]);
  const read = () => driver.openReader().read({ ...one, streams: [stream], count: 10, blockMs: 0 });
  await read();
  const size = statSync(`${path}-wal`).size;
  await clock.pass(9_999);
  await read();
  await driver.claimIdle({ ...one, stream, minIdleMs: 0, count: 10 });
  await driver.forgetHandled('monitoring', clock.now());
  await driver.keepPatterns('monitoring', 'order.*');
  const kept = statSync(`${path}-wal`).size;
  await driver.keepPatterns('monitoring', 'order.*');
  assert.deepEqual([kept > size, statSync(`${path}-wal`).size], [true, kept]);
  await driver.close();
});

test('another process that only looks sees everything and changes nothing', async (t) => {
  const path = pathOf(t);
  const clock = new HandClock();
  assert.throws(() => new FileStreams(path, clock, { readOnly: true }), { name: 'BusError', code: 'unreachable' });
  const desk = new FileStreams(path, clock);
  const looking = new FileStreams(path, clock, { readOnly: true });
  await desk.ensureGroup('monitoring', [stream]);
  await publish(desk, 'a', 'b');
  assert.deepEqual(await looking.streams(), [domain, stream].sort());
  assert.deepEqual(await looking.describe(stream), await desk.describe(stream));
  assert.equal(await looking.countBefore(stream, `${clock.now()}-1`), 1);
  assert.equal(await looking.idAt(stream, 1), `${clock.now()}-1`);
  const refusal = { name: 'BusError', code: 'failed', message: /was opened to be read only$/ };
  await assert.rejects(publish(looking, 'c'), refusal);
  await assert.rejects(looking.openReader().read({ ...one, streams: [stream], count: 1, blockMs: 0 }), refusal);
  await assert.rejects(looking.removeDeadLetters(letters, ['1-0']), refusal);
  await desk.close();
  await looking.close();
});

test('streams that nobody has written are empty, and a group that is none is told', async (t) => {
  const driver = new FileStreams(':memory:', new HandClock());
  t.after(() => driver.close());
  assert.deepEqual(await driver.describe('none'), { stream: 'none', length: 0, lastId: '0-0', groups: [] });
  assert.equal(await driver.countBefore('none', '9-0'), 0);
  assert.equal(await driver.idAt('none', 0), undefined);
  assert.equal(await driver.dropBefore('none', '9-0', []), 0);
  assert.deepEqual(await driver.deadLetters('none', '0-0', 1), []);
  assert.equal(await driver.removeDeadLetters('none', ['1-0']), 0);
  await driver.settle({
    group: 'g',
    acknowledged: [{ stream: 'none', id: '1-0' }],
    processedIds: [],
    letters: [],
    at: 1,
  });
  const noGroup = { name: 'BusError', code: 'noGroup' };
  await assert.rejects(driver.readOwn({ ...one, stream, afterId: '0-0', count: 1 }), noGroup);
  await assert.rejects(driver.heldBefore({ ...one, stream, id: '9-0', includesOwn: true }), noGroup);
  await assert.rejects(driver.touch({ ...one, stream, ids: ['1-0'] }), noGroup);
});

test('a read of several streams that lacks one group takes nothing from the others', async (t) => {
  const driver = new FileStreams(':memory:', new HandClock());
  t.after(() => driver.close());
  await driver.ensureGroup('monitoring', [stream]);
  await publish(driver, 'a');
  const reader = driver.openReader();
  await assert.rejects(reader.read({ ...one, streams: [stream, domain], count: 1, blockMs: 0 }), { code: 'noGroup' });
  assert.deepEqual(await textsOf(reader.read({ ...one, streams: [stream], count: 1, blockMs: 0 })), ['a']);
});

test('a file that another process holds is unreachable meanwhile, and a failure of the file is told', async (t) => {
  const path = pathOf(t);
  const driver = new FileStreams(path, new HandClock());
  await publish(driver, 'a');
  const other = new DatabaseSync(path);
  other.exec('BEGIN IMMEDIATE');
  await assert.rejects(publish(driver, 'b'), { name: 'BusError', code: 'unreachable' });
  other.exec('ROLLBACK');
  await publish(driver, 'b');
  other.exec('DROP TABLE entry');
  other.close();
  await assert.rejects(publish(driver, 'c'), { name: 'BusError', code: 'failed', message: /no such table/ });
  assert.deepEqual(await driver.position('bus'), positionAt(2));
  await driver.close();
});

test('a bus that is closed refuses, and closes once', async () => {
  const clock = new HandClock();
  const driver = new FileStreams(':memory:', clock);
  await driver.ensureGroup('monitoring', [stream]);
  const waiting = driver.openReader().read({ ...one, streams: [stream], count: 1, blockMs: 5_000 });
  await driver.close();
  await assert.rejects(waiting, { name: 'BusError', code: 'closed' });
  await assert.rejects(driver.streams(), { code: 'closed' });
  await driver.close();
});
