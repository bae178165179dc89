import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { compareEntryIds } from './entry-id.ts';
import { FileStreamEntries, idOf } from './file-stream-entries.ts';
import { openStreamTables } from './file-stream-tables.ts';

function opened(): FileStreamEntries {
  return new FileStreamEntries(openStreamTables(':memory:', false));
}

function entry(text: string, ...streams: readonly string[]): Parameters<FileStreamEntries['append']>[0][number] {
  return { streams, text, onlyFor: null };
}

test('an entry lies under one id in all of its streams, and ids only grow, whatever the clock does', () => {
  const entries = opened();
  entries.append([entry('one', 'type', 'domain'), entry('two', 'domain')], 1_000.7);
  entries.append([entry('three', 'type', 'domain')], 900);
  entries.append([entry('four', 'type')], 1_001);
  const [type, domain] = ['type', 'domain'].map((name) => entries.find(name)?.id ?? 0);
  assert.deepEqual(entries.after(type ?? 0, '0-0', 10), [
    { id: '1000-0', text: 'one' },
    { id: '1000-2', text: 'three' },
    { id: '1001-0', text: 'four' },
  ]);
  assert.deepEqual(entries.after(domain ?? 0, '1000-0', 1), [{ id: '1000-1', text: 'two' }]);
  assert.deepEqual({ ...entries.find('type') }, { id: type, lastMs: 1_001, lastCount: 0 });
  assert.deepEqual({ ...entries.find('domain') }, { id: domain, lastMs: 1_000, lastCount: 2 });
});

test('streams are listed once they were written, and dead letters apart', () => {
  const entries = opened();
  entries.make('made');
  entries.append([entry('letter', 'dead')], 1_000, true);
  entries.append([entry('one', 'b'), entry('two', 'a')], 1_000);
  assert.deepEqual(entries.names(false), ['a', 'b']);
  assert.deepEqual(entries.names(true), ['dead']);
});

test('a wipe leaves dead letters and the clock', () => {
  const entries = opened();
  entries.append([entry('letter', 'dead')], 1_000, true);
  entries.append([entry('one', 'a')], 1_000);
  entries.wipe();
  assert.equal(entries.find('a'), undefined);
  assert.equal(entries.length(entries.find('dead')?.id ?? 0), 1);
  entries.append([entry('one', 'a')], 1_000);
  assert.equal(entries.idAt(entries.find('a')?.id ?? 0, 0), '1000-2');
});

test('an entry is removed once', () => {
  const entries = opened();
  entries.append([entry('one', 'a'), entry('two', 'a')], 1_000);
  const streamId = entries.find('a')?.id ?? 0;
  assert.equal(entries.remove(streamId, '1000-0'), true);
  assert.equal(entries.remove(streamId, '1000-0'), false);
  assert.equal(entries.length(streamId), 1);
});

test('counting, finding and dropping agree with a plain list of ids', () => {
  const step = fc.record({ now: fc.integer({ min: 1, max: 20 }), count: fc.integer({ min: 1, max: 4 }) });
  const asked = fc.record({ ms: fc.nat(22), count: fc.nat(6) });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 12 }), fc.array(asked, { maxLength: 6 }), (steps, ids) => {
      const entries = opened();
      const streamId = entries.make('a').id;
      for (const { now, count } of steps) entries.append(new Array(count).fill(entry('x', 'a', 'b')), now);
      let list = entries.after(streamId, '0-0', 1_000).map(({ id }) => id);
      assert.equal(
        list.length,
        steps.reduce((sum, { count }) => sum + count, 0),
      );
      assert.deepEqual(list, list.toSorted(compareEntryIds));
      assert.equal(new Set(list).size, list.length);
      for (const row of ids) {
        const id = idOf(row);
        const before = list.filter((one) => compareEntryIds(one, id) < 0).length;
        assert.equal(entries.countBefore(streamId, id), before);
        assert.equal(entries.idAt(streamId, before), list[before]);
        assert.equal(entries.dropBefore(streamId, id), before);
        list = list.slice(before);
        assert.equal(entries.length(streamId), list.length);
      }
    }),
    { numRuns: 60 },
  );
});
