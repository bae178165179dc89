import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { JobRequest } from '#domain/job.ts';
import { isCanceledIn, queuedData, readProgress, readQueued, readSettled } from './queue-messages.ts';
import type { QueuedJob } from './queue-parts.ts';

const request: JobRequest = {
  ...{ jobId: 'a.1', kind: 'act', timeLimitMs: 5, attemptsMax: 2, retryDelayMs: 3 },
  input: { text: '\u0000', list: [1, -0] },
};

function jobOf(fields: Partial<QueuedJob>): QueuedJob {
  return {
    ...{
      id: 'a.1',
      name: 'act',
      data: queuedData(request),
      attemptsMade: 2,
      returnvalue: null,
      failedReason: 'broken',
    },
    getState: async () => 'active',
    updateData: async () => undefined,
    updateProgress: async () => undefined,
    moveToWait: async () => undefined,
    ...fields,
  };
}

test('a request comes out of the queue as it went in', () => {
  assert.deepEqual(readQueued(jobOf({})), {
    request: { ...request, input: { text: '\u0000', list: [1, 0] } },
    isCanceled: false,
  });
});

test('what another version put into the queue is refused', () => {
  assert.throws(() => readQueued(jobOf({ data: { kind: 'act' } })));
  assert.throws(() => readQueued(jobOf({ data: { ...queuedData(request), inputText: '[1]' } })));
  assert.throws(() => readQueued(jobOf({ data: { ...queuedData(request), inputText: '{' } })));
});

test('a settled job is read from what its worker left', () => {
  const job = { jobId: 'a.1', kind: 'act', attempts: 2 };
  const settledBy = (returnvalue: unknown) => readSettled(jobOf({ returnvalue }), 'act', 'completed');
  assert.deepEqual(settledBy({ type: 'completed', resultText: '{"x":1}' }), {
    ...job,
    type: 'completed',
    result: { x: 1 },
  });
  assert.deepEqual(settledBy({ type: 'canceled' }), { ...job, type: 'canceled' });
  assert.deepEqual(settledBy('x'), { ...job, type: 'failed', reason: 'its worker left an answer of another version' });
  assert.deepEqual(readSettled(jobOf({}), 'act', 'failed'), { ...job, type: 'failed', reason: 'broken' });
});

test('progress is a fraction and a note, anything else is none', () => {
  assert.deepEqual(readProgress({ fraction: 0.5, note: 'half' }), { fraction: 0.5, note: 'half' });
  for (const value of [0.5, { fraction: 2, note: '' }, { fraction: 1 }]) assert.equal(readProgress(value), undefined);
});

test('the mark of a canceled job is seen in its data', () => {
  const data = queuedData(request);
  assert.deepEqual([data, { ...data, isCanceled: true }, null].map(isCanceledIn), [false, true, false]);
});
