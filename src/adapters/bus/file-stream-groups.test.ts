import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FileStreamEntries } from './file-stream-entries.ts';
import { type FileGroup, FileStreamGroups } from './file-stream-groups.ts';
import { openStreamTables } from './file-stream-tables.ts';

interface Scene {
  readonly entries: FileStreamEntries;
  readonly groups: FileStreamGroups;
  readonly streamId: number;
  /** As it stands now. */
  group(): FileGroup;
}

/** A group on a stream of five entries, `1000-0` to `1000-4`. */
function opened(): Scene {
  const database = openStreamTables(':memory:', false);
  const entries = new FileStreamEntries(database);
  const groups = new FileStreamGroups(database);
  entries.append(
    ['a', 'b', 'c', 'd', 'e'].map((text) => ({ streams: ['s'], text, onlyFor: text === 'b' ? 'other' : null })),
    1_000,
  );
  const streamId = entries.make('s').id;
  groups.make(streamId, 'monitoring');
  const group = (): FileGroup => {
    const found = groups.find('s', 'monitoring');
    assert.ok(found !== undefined);
    return found;
  };
  return { entries, groups, streamId, group };
}

const texts = (delivered: readonly { readonly text: string }[]): string => delivered.map(({ text }) => text).join('');

test('each entry is handed out once, in order, and goes to its consumer again with a higher count', () => {
  const { groups, group } = opened();
  const one = { consumer: 'one', now: 1_000, count: 2 };
  assert.deepEqual(groups.deliver(group(), one), [
    { stream: 's', id: '1000-0', text: 'a', onlyFor: null, deliveries: 1 },
    { stream: 's', id: '1000-1', text: 'b', onlyFor: 'other', deliveries: 1 },
  ]);
  assert.equal(texts(groups.deliver(group(), { ...one, consumer: 'two', count: 10 })), 'cde');
  assert.deepEqual(groups.deliver(group(), one), []);
  assert.deepEqual(
    groups.deliverOwn(group(), '1000-0', one).map(({ text, deliveries }) => ({ text, deliveries })),
    [{ text: 'b', deliveries: 2 }],
  );
  assert.equal(texts(groups.deliverOwn(group(), '0-0', { ...one, consumer: 'two' })), 'cd');
});

test('making a group again leaves it where it is', () => {
  const { groups, group, streamId } = opened();
  groups.deliver(group(), { consumer: 'one', now: 1_000, count: 2 });
  groups.make(streamId, 'monitoring');
  assert.equal(groups.reports(streamId, 1_000)[0]?.pending, 2);
});

test('idle entries are taken over, and those that were touched by their holder are not', () => {
  const { groups, group } = opened();
  const heir = { consumer: 'two', now: 5_000, count: 10 };
  groups.deliver(group(), { consumer: 'one', now: 1_000, count: 3 });
  groups.touch(group(), '1000-1', { consumer: 'one', now: 4_000 });
  groups.touch(group(), '1000-2', { consumer: 'two', now: 4_000 });
  assert.deepEqual(groups.deliverIdle(group(), 999, heir), []);
  assert.equal(texts(groups.deliverIdle(group(), 3_999, heir)), 'ac');
  assert.equal(texts(groups.deliverOwn(group(), '0-0', { ...heir, consumer: 'one' })), 'b');
  assert.equal(texts(groups.deliverIdle(group(), 5_000, { ...heir, count: 1 })), 'a');
});

test('what is held before an id is told by holder', () => {
  const { groups, group } = opened();
  groups.deliver(group(), { consumer: 'one', now: 1_000, count: 1 });
  groups.deliver(group(), { consumer: 'two', now: 1_000, count: 3 });
  const asking = { consumer: 'two', count: 10 };
  assert.equal(texts(groups.heldBefore(group(), '1000-3', asking, false)), 'a');
  assert.equal(texts(groups.heldBefore(group(), '1000-3', asking, true)), 'abc');
  assert.equal(texts(groups.heldBefore(group(), '1000-3', { ...asking, count: 2 }, true)), 'ab');
  groups.acknowledge(group(), '1000-0');
  assert.deepEqual(groups.heldBefore(group(), '1000-3', asking, false), []);
});

test('a report names the floor, what is pending and the last sign of a consumer', () => {
  const { groups, group, streamId } = opened();
  const fresh = { name: 'monitoring', floorId: '0-1', pending: 0, consumers: 0, idleMs: null };
  assert.deepEqual(groups.reports(streamId, 1_000), [fresh]);
  groups.deliver(group(), { consumer: 'one', now: 1_000, count: 2 });
  groups.deliver(group(), { consumer: 'two', now: 2_000, count: 1 });
  groups.acknowledge(group(), '1000-0');
  const report = { name: 'monitoring', floorId: '1000-1', pending: 2, consumers: 2, idleMs: 500 };
  assert.deepEqual(groups.reports(streamId, 2_500), [report]);
  groups.acknowledge(group(), '1000-1');
  groups.acknowledge(group(), '1000-2');
  assert.equal(groups.reports(streamId, 2_500)[0]?.floorId, '1000-3');
});

test('a sign of a consumer is written again after ten seconds, or where the clock was set back by as much', () => {
  const { groups, group, streamId } = opened();
  const idleAfter = (now: number): number | null | undefined => {
    groups.deliver(group(), { consumer: 'one', now, count: 10 });
    return groups.reports(streamId, now)[0]?.idleMs;
  };
  assert.deepEqual([100_000, 109_999, 110_000, 115_000, 99_000].map(idleAfter), [0, 9_999, 0, 5_000, 0]);
});

test('consumers without a sign for thirty days are forgotten when another joins, unless they hold something', () => {
  const { groups, group, streamId } = opened();
  groups.deliver(group(), { consumer: 'holder', now: 1_000, count: 1 });
  groups.deliver(group(), { consumer: 'silent', now: 1_000, count: 0 });
  groups.deliver(group(), { consumer: 'third', now: 1_000 + 30 * 86_400_000, count: 0 });
  assert.equal(groups.reports(streamId, 1_000)[0]?.consumers, 3);
  groups.deliver(group(), { consumer: 'fourth', now: 1_001 + 30 * 86_400_000, count: 0 });
  assert.equal(groups.reports(streamId, 1_000)[0]?.consumers, 3);
});

test('deliveries of entries that are dropped are gone with them', () => {
  const { entries, groups, group, streamId } = opened();
  groups.deliver(group(), { consumer: 'one', now: 1_000, count: 3 });
  entries.dropBefore(streamId, '1000-2');
  assert.equal(texts(groups.deliverOwn(group(), '0-0', { consumer: 'one', now: 1_000, count: 10 })), 'c');
  assert.equal(groups.reports(streamId, 1_000)[0]?.pending, 1);
});
