import assert from 'node:assert/strict';
import { test } from 'node:test';
import { missingDatabase, startDatabase } from '../../../tests/support/postgres-process.ts';
import { missingStore, startStore } from '../../../tests/support/store-process.ts';
import { queueAddress } from './queue-address.ts';
import { queueParts } from './queue-parts.ts';

const times = { lockMs: 1_000, stalledCheckMs: 500, lossesMax: 1, concurrency: 1 };

/** What goes in at one end of a queue comes out at the others. */
async function roundTrip(url: string): Promise<void> {
  const problems: unknown[] = [];
  const onProblem = (error: Error): void => void problems.push(error);
  const parts = queueParts(queueAddress(url), 'parts');
  const queue = parts.queue(onProblem);
  const heard: unknown[] = [];
  let hear = (): void => undefined;
  const settled = new Promise<void>((done) => {
    hear = done;
  });
  const events = parts.events({
    settled: (jobId) => {
      heard.push(['settled', jobId]);
      hear();
    },
    progress: (jobId, value) => void heard.push(['progress', jobId, value]),
    problem: onProblem,
  });
  await events.waitUntilReady();
  const worker = parts.worker(
    async (job) => {
      await job.updateProgress({ half: true });
      return { name: job.name, data: job.data };
    },
    times,
    onProblem,
  );
  await queue.add('act', { value: 1 }, { jobId: 'a.1' });
  await settled;
  assert.deepEqual(heard, [
    ['progress', 'a.1', { half: true }],
    ['settled', 'a.1'],
  ]);
  const job = await queue.getJob('a.1');
  assert.deepEqual([await job?.getState(), job?.returnvalue], ['completed', { name: 'act', data: { value: 1 } }]);
  assert.equal(await queue.remove('a.1'), 1);
  assert.equal(await queue.getJob('a.1'), undefined);
  for (const end of [worker, events, queue]) await end.close();
  assert.deepEqual(problems, []);
}

test('a queue on Valkey has three ends', { skip: missingStore }, async (t) => {
  const store = await startStore();
  t.after(() => store.stop());
  await roundTrip(store.url);
});

test('a queue on PostgreSQL has the same three ends', { skip: missingDatabase }, async (t) => {
  const database = await startDatabase();
  t.after(() => database.stop());
  await roundTrip(database.url);
});
