import assert from 'node:assert/strict';
import { test } from 'node:test';
import { JobEngineError } from './job-engine-error.ts';

test('an engine error says why the engine failed', () => {
  const error = new JobEngineError('unreachable', 'no queue answers');
  assert.deepEqual([error.code, error.name, error.message], ['unreachable', 'JobEngineError', 'no queue answers']);
  assert.ok(error instanceof Error);
});
