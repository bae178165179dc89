import assert from 'node:assert/strict';
import { test } from 'node:test';
import { workTables } from './0002-work-tables.ts';

test('what the migration makes it takes away, the last first', () => {
  const made = workTables.up.map((sql) => /^create table (\w+)/.exec(sql)?.[1]);
  const taken = workTables.down.map((sql) => /^drop table (\w+)$/.exec(sql)?.[1]);
  assert.deepEqual(taken, made.toReversed());
  assert.ok(!made.includes(undefined));
});
