import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Redis } from 'ioredis';
import type { JobRequest, JobSettled } from '#domain/job.ts';
import { missingDatabase, startDatabase } from '../../../tests/support/postgres-process.ts';
import { missingStore, startStore } from '../../../tests/support/store-process.ts';
import type { JobEngine } from './job-engine.ts';
import { openQueueEngine } from './queue-engine.ts';
import { runnerOf } from './runner-of.ts';

const request: JobRequest = {
  jobId: 'a.1',
  kind: 'act',
  input: {},
  timeLimitMs: 60_000,
  attemptsMax: 1,
  retryDelayMs: 0,
};
const skip = missingStore;

function nextSettled(engine: JobEngine): Promise<JobSettled> {
  return new Promise((done) => engine.onSettled(done));
}

test('an address of no queue, and a queue that does not answer, are told at the opening', async () => {
  await assert.rejects(openQueueEngine({ url: 'amqp://host' }), { name: 'JobEngineError', code: 'address' });
  await assert.rejects(openQueueEngine({ url: 'redis://127.0.0.1:1', answerWithinMs: 2_000 }), {
    name: 'JobEngineError',
    code: 'unreachable',
  });
});

test('a result that came while nobody listened is told to who submits the job again', { skip }, async (t) => {
  const store = await startStore();
  t.after(() => store.stop());
  const worker = await openQueueEngine({ url: store.url });
  const begun: string[] = [];
  const gone = await openQueueEngine({ url: store.url });
  await gone.submit(request);
  await gone.close();
  const done = nextSettled(worker);
  await worker.submit(request);
  await worker.work(runnerOf({ act: () => ({ begun: begun.push('a.1') }) }), { concurrency: 1 });
  await done;
  const back = await openQueueEngine({ url: store.url });
  const told = nextSettled(back);
  await back.submit(request);
  assert.deepEqual(await told, { jobId: 'a.1', kind: 'act', attempts: 1, type: 'completed', result: { begun: 1 } });
  await back.close();
  await worker.close();
});

test('a job that the store has lost is submitted again', { skip }, async (t) => {
  const store = await startStore();
  t.after(() => store.stop());
  const engine = await openQueueEngine({ url: store.url, lookMs: 50 });
  await engine.submit(request);
  const client = new Redis(store.url);
  await client.flushall();
  client.disconnect();
  const told = nextSettled(engine);
  await engine.work(runnerOf({ act: () => ({ found: true }) }), { concurrency: 1 });
  assert.partialDeepStrictEqual(await told, { type: 'completed', result: { found: true } });
  await engine.close();
});

for (const { store, missing, start } of [
  { store: 'Valkey', missing: missingStore, start: startStore },
  { store: 'PostgreSQL', missing: missingDatabase, start: startDatabase },
]) {
  test(`while ${store} is gone jobs are refused as unreachable, and closing waits for nobody`, {
    skip: missing,
  }, async () => {
    const server = await start();
    const engine = await openQueueEngine({ url: server.url, answerWithinMs: 1_500 });
    await engine.work(runnerOf({ act: () => ({}) }), { concurrency: 1 });
    await server.stop();
    try {
      await assert.rejects(engine.submit(request), { name: 'JobEngineError' });
    } finally {
      await engine.close();
    }
  });
}
