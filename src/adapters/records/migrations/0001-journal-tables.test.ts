import assert from 'node:assert/strict';
import { test } from 'node:test';
import { journalTables } from './0001-journal-tables.ts';

test('what the migration makes it takes away, the last first', () => {
  const made = journalTables.up.map((sql) => /^create table (\w+)/.exec(sql)?.[1]);
  const taken = journalTables.down.map((sql) => /^drop table (\w+)$/.exec(sql)?.[1]);
  assert.deepEqual(taken, made.toReversed());
  assert.ok(!made.includes(undefined));
});
