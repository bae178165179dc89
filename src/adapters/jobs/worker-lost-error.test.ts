import assert from 'node:assert/strict';
import { test } from 'node:test';
import { WorkerLostError } from './worker-lost-error.ts';

test('a lost worker is told apart from a job that failed', () => {
  const error = new WorkerLostError('its thread is gone');
  assert.deepEqual([error.name, error.message], ['WorkerLostError', 'its thread is gone']);
  assert.ok(error instanceof Error);
});
