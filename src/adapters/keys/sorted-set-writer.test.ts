import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { openKeyTables } from './key-tables.ts';
import { type SortedSet, SortedSetWriter } from './sorted-set-writer.ts';

interface Added {
  readonly score: number;
  readonly member: string;
  readonly replacesScore: boolean;
  readonly keep: number | null;
}

const added = fc.record({
  score: fc.integer({ min: 0, max: 12 }),
  member: fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f'),
  replacesScore: fc.boolean(),
  keep: fc.constantFrom(null, 1, 2, 3, 4),
});

function open() {
  const database = openKeyTables(':memory:', false);
  const writer = new SortedSetWriter(database);
  const read = (): string[] => {
    const rows = database.prepare('SELECT score, member FROM member WHERE entryId = 1 ORDER BY score, member').all();
    return rows.map((row) => `${row['score']}:${row['member']}`);
  };
  const change = (rest: Added) => ({ type: 'add' as const, key: 'k', ttlMs: null, ...rest });
  return { database, writer, read, change };
}

/** The slow obvious way: every change is made in full before the next one. */
function slowly(changes: readonly Added[]): string[] {
  let members: { score: number; member: string }[] = [];
  for (const { score, member, replacesScore, keep } of changes) {
    members = members.filter((kept) => kept.member !== member && !(replacesScore && kept.score === score));
    members.push({ score, member });
    members.sort((left, right) => left.score - right.score || (left.member < right.member ? -1 : 1));
    if (keep !== null) members = members.slice(-keep);
  }
  return members.map(({ score, member }) => `${score}:${member}`);
}

test('a trim that is put off leaves the same members as one after each change', () => {
  fc.assert(
    fc.property(fc.array(fc.array(added, { maxLength: 10 }), { maxLength: 4 }), (batches) => {
      const { database, writer, read, change } = open();
      let size = 0;
      for (const batch of batches) {
        const set: SortedSet = writer.open(1, size);
        for (const one of batch) writer.add(set, change(one));
        writer.trim(set);
        size = set.size;
      }
      assert.deepEqual(read(), slowly(batches.flat()));
      assert.equal(size, read().length);
      database.close();
    }),
    { numRuns: 400 },
  );
});

test('ascending members wait for the end of the batch to be trimmed', () => {
  const { database, writer, read, change } = open();
  const set = writer.open(1, 0);
  for (let score = 1; score <= 6; score += 1) {
    writer.add(set, change({ score, member: `m${score}`, replacesScore: true, keep: 2 }));
  }
  assert.equal(read().length, 6);
  writer.trim(set);
  assert.deepEqual(read(), ['5:m5', '6:m6']);
  writer.drop(set, 5);
  assert.deepEqual([read(), set.size], [['6:m6'], 1]);
  database.close();
});
