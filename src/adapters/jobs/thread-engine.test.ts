import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { JobRequest, JobSettled } from '#domain/job.ts';
import type { JobRunner } from './job-engine.ts';
import { runnerOf } from './runner-of.ts';
import { ThreadEngine } from './thread-engine.ts';
import { WorkerLostError } from './worker-lost-error.ts';

const requestOf = (jobId: string, changes: Partial<JobRequest> = {}): JobRequest => ({
  ...{ jobId, kind: 'act', input: {}, timeLimitMs: 60_000, attemptsMax: 1, retryDelayMs: 0 },
  ...changes,
});

/** An engine, and a wait for the next job to settle. */
function engineWith(): { readonly engine: ThreadEngine; settled(): Promise<JobSettled> } {
  const engine = new ThreadEngine({ graceMs: 5 });
  const settled: JobSettled[] = [];
  const waiting: ((end: JobSettled) => void)[] = [];
  engine.onSettled((end) => {
    const next = waiting.shift();
    if (next === undefined) settled.push(end);
    else next(end);
  });
  return {
    engine,
    settled: () => {
      const first = settled.shift();
      return first === undefined ? new Promise((done) => waiting.push(done)) : Promise.resolve(first);
    },
  };
}

test('a job that outlives more workers than it may fails', async () => {
  const { engine, settled } = engineWith();
  let losses = 0;
  const lost: JobRunner = () => {
    losses += 1;
    return Promise.reject(new WorkerLostError('its thread is gone'));
  };
  await engine.work(lost, { concurrency: 1 });
  await engine.submit(requestOf('a'));
  const reason = 'it lost its worker 4 times, the last time because its thread is gone';
  assert.deepEqual(await settled(), { jobId: 'a', kind: 'act', attempts: 0, type: 'failed', reason });
  assert.equal(losses, 4);
  await engine.close();
});

test('jobs are begun in the order they came, so many at once', async () => {
  const { engine, settled } = engineWith();
  const begun: string[] = [];
  const open: (() => void)[] = [];
  const run: JobRunner = (_kind, _input, { jobId }) => {
    begun.push(jobId);
    return new Promise((done) => open.push(() => done({})));
  };
  for (const id of ['a', 'b', 'c']) await engine.submit(requestOf(id));
  await engine.work(run, { concurrency: 2 });
  assert.deepEqual(begun, ['a', 'b']);
  open[0]?.();
  assert.equal((await settled()).jobId, 'a');
  assert.deepEqual(begun, ['a', 'b', 'c']);
  await engine.close();
});

test('a job that waits for its next attempt can be canceled', async () => {
  const { engine, settled } = engineWith();
  let attempts = 0;
  const run = runnerOf({
    act: () => {
      attempts += 1;
      if (attempts === 1) setImmediate(() => void engine.cancel('a'));
      throw new Error('no');
    },
  });
  await engine.work(run, { concurrency: 1 });
  await engine.submit(requestOf('a', { attemptsMax: 2, retryDelayMs: 60_000 }));
  assert.deepEqual(await settled(), { jobId: 'a', kind: 'act', attempts: 1, type: 'canceled' });
  await engine.close();
});

test('of settled jobs that nobody forgets, the newest 256 are remembered', async () => {
  const { engine, settled } = engineWith();
  const begun: string[] = [];
  await engine.work(runnerOf({ act: (_input, { jobId }) => ({ begun: begun.push(jobId) }) }), { concurrency: 1 });
  for (let count = 0; count < 257; count += 1) {
    await engine.submit(requestOf(`a${count}`));
    await settled();
  }
  await engine.submit(requestOf('a1'));
  await settled();
  assert.equal(begun.length, 257);
  await engine.submit(requestOf('a0'));
  await settled();
  assert.equal(begun.length, 258);
  await engine.close();
});

test('an unknown or settled job is canceled in vain', async () => {
  const { engine, settled } = engineWith();
  await engine.cancel('nobody');
  await engine.work(runnerOf({ act: () => ({}) }), { concurrency: 1 });
  await engine.submit(requestOf('a'));
  await settled();
  await engine.cancel('a');
  await engine.submit(requestOf('a'));
  assert.equal((await settled()).type, 'completed');
  await engine.close();
});
