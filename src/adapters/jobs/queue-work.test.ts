import assert from 'node:assert/strict';
import { test } from 'node:test';
import { UnrecoverableError, WaitingError } from 'bullmq';
import type { JobRequest } from '#domain/job.ts';
import type { JobRunner } from './job-engine.ts';
import { queuedData } from './queue-messages.ts';
import type { Processor, QueuedJob, QueueEnd, QueueParts } from './queue-parts.ts';
import { openQueueWork } from './queue-work.ts';
import { WorkerLostError } from './worker-lost-error.ts';

const request: JobRequest = {
  jobId: 'a.1',
  kind: 'act',
  input: {},
  timeLimitMs: 60_000,
  attemptsMax: 2,
  retryDelayMs: 0,
};
const times = { lockMs: 1_000, stalledCheckMs: 500, lossesMax: 1, concurrency: 1, cancelCheckMs: 2, graceMs: 5 };

/** One job in a queue of plain data, done by a worker under test; what the queue's library would do with it is left to the contract suite. */
async function processed(
  run: JobRunner,
  fields: Partial<QueuedJob> = {},
  onBegin?: (job: { data: object }, close: () => Promise<void>) => void,
): Promise<{ readonly answer: unknown; readonly moved: string[] }> {
  const moved: string[] = [];
  const held = { data: queuedData(request) as object };
  const job: QueuedJob = {
    ...{ id: 'a.1', name: 'act', attemptsMade: 0, returnvalue: null, failedReason: '' },
    get data() {
      return held.data;
    },
    getState: async () => 'active',
    updateData: async () => undefined,
    updateProgress: async () => undefined,
    moveToWait: async (token) => void moved.push(token ?? ''),
    ...fields,
  };
  const queue: QueueEnd = {
    add: async () => undefined,
    getJob: async () => job,
    remove: async () => 1,
    waitUntilReady: async () => undefined,
    close: async () => undefined,
  };
  const worker: { act?: Processor; ended: Promise<unknown> } = { ended: Promise.resolve() };
  const parts: QueueParts = {
    letGo: () => undefined,
    queue: () => queue,
    events: () => queue,
    worker: (act) => {
      worker.act = act;
      const close = async (): Promise<void> => void (await worker.ended);
      return { waitUntilReady: async () => undefined, close };
    },
  };
  const work = await openQueueWork(parts, queue, run, { ...times, onProblem: assert.ifError });
  assert.ok(worker.act !== undefined);
  const answer = worker.act(job, 'token').catch((error: unknown) => error);
  worker.ended = answer;
  onBegin?.(held, () => work.close(1));
  return { answer: await answer, moved };
}

const endless: JobRunner = (_kind, _input, { signal }) =>
  new Promise((_, fail) => signal.addEventListener('abort', () => fail(new Error('stopped'))));

test('a result is left as text', async () => {
  const { answer } = await processed(async () => ({ value: 1 }));
  assert.deepEqual(answer, { type: 'completed', resultText: '{"value":1}' });
});

test('a failure may be tried again, a refused result and a job of another version may not', async () => {
  const failure = await processed(() => Promise.reject(new Error('no luck')));
  assert.ok(failure.answer instanceof Error && !(failure.answer instanceof UnrecoverableError));
  assert.equal(failure.answer.message, 'no luck');
  assert.ok((await processed(async () => 7)).answer instanceof UnrecoverableError);
  const strange = await processed(async () => ({}), { data: { strange: true } });
  assert.ok(strange.answer instanceof UnrecoverableError);
  assert.equal(strange.answer.message, 'the queue holds a job of another version');
});

test('a thread that is gone is a failure that may be tried again', async () => {
  const { answer } = await processed(() => Promise.reject(new WorkerLostError('its thread is gone')));
  assert.ok(answer instanceof Error && !(answer instanceof UnrecoverableError));
});

test('a mark that was set before, or is set meanwhile, ends the job as canceled', async () => {
  const marked = { ...queuedData(request), isCanceled: true };
  assert.deepEqual((await processed(endless, { data: marked })).answer, { type: 'canceled' });
  const later = await processed(endless, {}, (held) => {
    held.data = marked;
  });
  assert.deepEqual(later.answer, { type: 'canceled' });
});

test('a job that is not done when its worker leaves goes back to the queue', async () => {
  const { answer, moved } = await processed(endless, {}, (_held, close) => void close());
  assert.ok(answer instanceof WaitingError);
  assert.deepEqual(moved, ['token']);
});
