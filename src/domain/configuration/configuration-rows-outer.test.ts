import assert from 'node:assert/strict';
import { test } from 'node:test';
import { configurationRowsOuter } from './configuration-rows-outer.ts';

test('nothing reads any of these yet, but for names without effect', () => {
  const read = configurationRowsOuter.filter(({ kind, readAt }) => kind !== 'legacy' && readAt !== 'planned');
  assert.deepEqual(read, []);
});
