import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { JobContext } from './job-engine.ts';
import { runnerOf } from './runner-of.ts';

const context: JobContext = { jobId: 'a', signal: new AbortController().signal, progress: () => undefined };
const run = runnerOf({ double: ({ value }) => ({ value: Number(value) * 2 }) });

test('a kind is done by its function', async () => {
  assert.deepEqual(await run('double', { value: 21 }, context), { value: 42 });
});

test('a kind that is not in the table is refused, whatever objects inherit', async () => {
  await assert.rejects(run('toString', {}, context), {
    message: "expected a kind of job that this worker knows ('double'), found 'toString'",
  });
});
