import assert from 'node:assert/strict';
import { test } from 'node:test';
import { StaleWriterError } from './stale-writer-error.ts';

test('a stale writer is told what was expected and what was found', () => {
  const error = new StaleWriterError('mirror', { runId: 'a', sequence: 5 }, { runId: 'a', sequence: 7 });
  assert.equal(error.code, 'stale');
  assert.equal(error.name, 'StaleWriterError');
  assert.equal(
    error.message,
    "'mirror' has another writer: expected sequence '5' of run 'a', found sequence '7' of run 'a'",
  );
  assert.match(new StaleWriterError('mirror', undefined, undefined).message, /expected no position, found no position/);
});
