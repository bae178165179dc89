import assert from 'node:assert/strict';
import { test } from 'node:test';
import { dateIndexes } from './0003-date-indexes.ts';

test('what the migration makes it takes away, the last first', () => {
  const made = dateIndexes.up.map((sql) => /^create index (\w+)/.exec(sql)?.[1]);
  const taken = dateIndexes.down.map((sql) => /^drop index (\w+)$/.exec(sql)?.[1]);
  assert.deepEqual(taken, made.toReversed());
  assert.ok(!made.includes(undefined));
});
