import assert from 'node:assert/strict';
import { test } from 'node:test';
import { migrationList } from './migration-list.ts';

test('migrations are numbered from one without a gap, and each has a way back', () => {
  assert.deepEqual(
    migrationList.map(({ number }) => number),
    migrationList.map((_, index) => index + 1),
  );
  assert.equal(new Set(migrationList.map(({ name }) => name)).size, migrationList.length);
  for (const { up, down } of migrationList) assert.ok(up.length > 0 && down.length === up.length);
});
