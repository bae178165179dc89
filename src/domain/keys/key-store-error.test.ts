import assert from 'node:assert/strict';
import { test } from 'node:test';
import { KeyStoreError } from './key-store-error.ts';

test('a key store error says why the store failed', () => {
  const error = new KeyStoreError('unknown', 'the connection ended');
  assert.equal(error.code, 'unknown');
  assert.equal(error.name, 'KeyStoreError');
  assert.equal(error.message, 'the connection ended');
  assert.ok(error instanceof Error);
});
