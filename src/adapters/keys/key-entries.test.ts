import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isOver, KeyEntries } from './key-entries.ts';
import { openKeyTables } from './key-tables.ts';

function open() {
  const database = openKeyTables(':memory:', false);
  const put = database.prepare("INSERT INTO entry VALUES (?, ?, 'list', ?, ?, 1, 0, NULL)");
  const item = database.prepare("INSERT INTO item VALUES (?, 0, 'v')");
  const lives = [null, 10, 20, 30, 40];
  for (const [id, expiresAt] of lives.entries()) {
    put.run(id, `k${id}`, id % 2 === 0 ? 'mirror' : 'other', expiresAt);
    item.run(id);
  }
  const left = (): unknown[] => [
    database
      .prepare('SELECT id FROM entry ORDER BY id')
      .all()
      .map((row) => row['id']),
    database
      .prepare('SELECT entryId FROM item ORDER BY entryId')
      .all()
      .map((row) => row['entryId']),
  ];
  return { database, entries: new KeyEntries(database), left };
}

test('a life is over at its end', () => {
  assert.ok(!isOver({ expiresAt: 10 }, 9));
  assert.ok(isOver({ expiresAt: 10 }, 10));
  assert.ok(!isOver({ expiresAt: null }, Number.MAX_SAFE_INTEGER));
  const { database, entries } = open();
  assert.equal(entries.findLiving('k1', 10), undefined);
  assert.equal(entries.findLiving('k1', 9)?.id, 1);
  assert.equal(entries.find('absent'), undefined);
  database.close();
});

test('the oldest of those whose life is over are purged with what they hold, so many at most', () => {
  const { database, entries, left } = open();
  entries.purge(35, 2);
  assert.deepEqual(left(), [
    [0, 3, 4],
    [0, 3, 4],
  ]);
  entries.purge(35, 2);
  assert.deepEqual(left(), [
    [0, 4],
    [0, 4],
  ]);
  database.close();
});

test('what one projection owns is removed, and a failure takes everything back', () => {
  const { database, entries, left } = open();
  const removeAndFail = (): void => {
    entries.transaction(() => {
      entries.removeOwned('mirror');
      throw new Error('no');
    });
  };
  assert.throws(removeAndFail, /no/);
  assert.equal(database.isTransaction, false);
  assert.deepEqual((left()[0] as unknown[]).length, 5);
  entries.transaction(() => entries.removeOwned('mirror'));
  assert.deepEqual(left(), [
    [1, 3],
    [1, 3],
  ]);
  database.close();
});
