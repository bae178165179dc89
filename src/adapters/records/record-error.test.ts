import assert from 'node:assert/strict';
import { test } from 'node:test';
import { RecordError } from './record-error.ts';

test('a record error says why the database failed', () => {
  const error = new RecordError('newer', 'a newer version wrote it');
  assert.equal(error.code, 'newer');
  assert.equal(error.name, 'RecordError');
  assert.equal(error.message, 'a newer version wrote it');
  assert.ok(error instanceof Error);
});
