import assert from 'node:assert/strict';
import { test } from 'node:test';
import { StoreError } from './store-error.ts';

test('a store error says why the store failed', () => {
  const error = new StoreError('unreachable', 'no store answers');
  assert.equal(error.code, 'unreachable');
  assert.equal(error.name, 'StoreError');
  assert.equal(error.message, 'no store answers');
  assert.ok(error instanceof Error);
});
