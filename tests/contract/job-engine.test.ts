import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { JobEngine, JobWork } from '#adapters/jobs/job-engine.ts';
import { openQueueEngine } from '#adapters/jobs/queue-engine.ts';
import { ThreadEngine } from '#adapters/jobs/thread-engine.ts';
import { openThreadRunner, type ThreadRunner } from '#adapters/jobs/thread-runner.ts';
import type { JobProgress, JobRequest, JobSettled } from '#domain/job.ts';
import { missingDatabase, startDatabase } from '../support/postgres-process.ts';
import { missingStore, startStore } from '../support/store-process.ts';

const deadlineMs = 15_000;
const kindsFile = new URL('../support/job-kinds.ts', import.meta.url);
const workerFile = fileURLToPath(new URL('../support/job-worker.ts', import.meta.url));

/** Where the queue of one test is kept. */
interface Place {
  open(name: string): Promise<JobEngine>;
  /** Begins work that dies in the middle of a job; undefined where a job takes its worker with it. */
  doomedWorker: ((name: string) => ChildProcess) | undefined;
  close(): Promise<void>;
}

const engines: readonly { title: string; skip: string | false; start(): Promise<Place> }[] = [
  {
    title: 'worker threads',
    skip: false,
    start: async () => ({
      open: async () => new ThreadEngine({ graceMs: 400 }),
      doomedWorker: undefined,
      close: async () => undefined,
    }),
  },
  { title: 'a queue on Valkey', skip: missingStore, start: async () => queuePlace(await startStore()) },
  { title: 'a queue on PostgreSQL', skip: missingDatabase, start: async () => queuePlace(await startDatabase()) },
];

function queuePlace(server: { readonly url: string; stop(): Promise<void> }): Place {
  const { url } = server;
  const times = { lockMs: 600, stalledCheckMs: 300, cancelCheckMs: 50, lookMs: 1_000, graceMs: 400 };
  return {
    open: (name) => openQueueEngine({ url, name, ...times }),
    doomedWorker: (name) =>
      spawn(process.execPath, [workerFile, url, name], { stdio: ['ignore', 'ignore', 'inherit'] }),
    close: () => server.stop(),
  };
}

/** One engine with what it told. */
interface Scene {
  readonly engine: JobEngine;
  readonly name: string;
  readonly settled: JobSettled[];
  readonly progress: JobProgress[];
  work(): Promise<JobWork>;
  request(kind: string, fields?: Partial<JobRequest>): JobRequest;
  /** How often the job was begun, and stopped in order. */
  told(request: JobRequest, word?: string): number;
  ending(request: JobRequest, times?: number): Promise<JobSettled>;
  [Symbol.asyncDispose](): Promise<void>;
}

let scenes = 0;

async function openScene(place: Place, runner: ThreadRunner, folder: string): Promise<Scene> {
  scenes += 1;
  const name = `contract-${scenes}`;
  const engine = await place.open(name);
  const settled: JobSettled[] = [];
  const progress: JobProgress[] = [];
  engine.onSettled((end) => void settled.push(end));
  engine.onProgress((step) => void progress.push(step));
  let jobs = 0;
  return {
    engine,
    name,
    settled,
    progress,
    work: () => engine.work(runner.run, { concurrency: 1 }),
    request: (kind, fields = {}) => {
      jobs += 1;
      const jobId = `${name}.${jobs}`;
      const path = join(folder, jobId);
      const limits = { timeLimitMs: 10_000, attemptsMax: 1, retryDelayMs: 20 };
      return { jobId, kind, ...limits, ...fields, input: { path, ...fields.input } };
    },
    told: ({ input }, word = 'begun') => linesOf(String(input['path'])).filter((line) => line === word).length,
    ending: async ({ jobId }, times = 1) => {
      const ends = (): JobSettled[] => settled.filter((end) => end.jobId === jobId);
      await until(() => ends().length >= times, `'${jobId}' to be settled`);
      return ends().at(-1) as JobSettled;
    },
    [Symbol.asyncDispose]: () => engine.close(),
  };
}

function linesOf(path: string): string[] {
  try {
    return readFileSync(path, 'utf8').split('\n');
  } catch {
    return [];
  }
}

async function until(isSo: () => boolean, what: string): Promise<void> {
  const endAt = performance.now() + deadlineMs;
  while (!isSo()) {
    assert.ok(performance.now() < endAt, `waited in vain for ${what}`);
    await delay(10);
  }
}

for (const { title, skip, start } of engines) {
  describe(`jobs done by ${title}`, { skip }, () => {
    let place: Place;
    let runner: ThreadRunner;
    let folder = '';
    before(async () => {
      folder = mkdtempSync(join(tmpdir(), 'tradewind-jobs-'));
      runner = openThreadRunner({ file: kindsFile, threads: 2, stopGraceMs: 200 });
      place = await start();
    });
    after(async () => {
      await runner.close();
      await place.close();
      rmSync(folder, { recursive: true });
    });
    const scene = (): Promise<Scene> => openScene(place, runner, folder);

    test('a job that is submitted twice is done once, and its result is told as it was', async () => {
      await using desk = await scene();
      const request = desk.request('count');
      await desk.engine.submit(request);
      await desk.engine.submit(request);
      await desk.work();
      const result = { begun: 1, text: 'naïve \u0000 text', nothing: null };
      const { jobId, kind } = request;
      assert.deepEqual(await desk.ending(request), { jobId, kind, attempts: 1, type: 'completed', result });
      assert.equal(desk.told(request), 1);
    });

    test('a settled job that is submitted again is told again and not done again, until it is forgotten', async () => {
      await using desk = await scene();
      await desk.work();
      const request = desk.request('count');
      await desk.engine.submit(request);
      const first = await desk.ending(request);
      await desk.engine.submit(request);
      assert.deepEqual(await desk.ending(request, 2), first);
      assert.equal(desk.told(request), 1);
      await desk.engine.forget(request.jobId);
      await desk.engine.submit(request);
      await desk.ending(request, 3);
      assert.equal(desk.told(request), 2);
    });

    test('progress is told while a job runs', async () => {
      await using desk = await scene();
      await desk.work();
      const request = desk.request('steps');
      await desk.engine.submit(request);
      await desk.ending(request);
      const { jobId } = request;
      assert.deepEqual(desk.progress, [
        { jobId, fraction: 0.25, note: 'a quarter' },
        { jobId, fraction: 0.75, note: 'three quarters' },
      ]);
    });

    test('a waiting job that is canceled never begins', async () => {
      await using desk = await scene();
      const request = desk.request('count');
      await desk.engine.submit(request);
      await desk.engine.cancel(request.jobId);
      assert.equal((await desk.ending(request)).type, 'canceled');
      await desk.work();
      const next = desk.request('count');
      await desk.engine.submit(next);
      await desk.ending(next);
      assert.equal(desk.told(request), 0);
    });

    test('a running job that is canceled is told to stop and ends as canceled', async () => {
      await using desk = await scene();
      await desk.work();
      const request = desk.request('waiting', { attemptsMax: 3 });
      await desk.engine.submit(request);
      await until(() => desk.told(request) === 1, 'the job to begin');
      await desk.engine.cancel(request.jobId);
      assert.equal((await desk.ending(request)).type, 'canceled');
      await until(() => desk.told(request, 'stopped') === 1, 'the job to stop');
      assert.equal(desk.told(request), 1);
    });

    test('a job that failed twice and then succeeds has completed with its third attempt', async () => {
      await using desk = await scene();
      await desk.work();
      const request = desk.request('failing', { attemptsMax: 4, input: { failures: 2 } });
      await desk.engine.submit(request);
      const { jobId, kind } = request;
      assert.deepEqual(await desk.ending(request), {
        ...{ jobId, kind, attempts: 3 },
        type: 'completed',
        result: { begun: 3 },
      });
    });

    test('a job that fails as often as it may has failed, for the last reason', async () => {
      await using desk = await scene();
      await desk.work();
      const request = desk.request('failing', { attemptsMax: 2, input: { failures: 9 } });
      await desk.engine.submit(request);
      const { jobId, kind } = request;
      assert.deepEqual(await desk.ending(request), { jobId, kind, attempts: 2, type: 'failed', reason: 'failure 2' });
      assert.equal(desk.told(request), 2);
    });

    test('an attempt that takes too long is stopped, even where it hears nothing, and counts as a failed one', async () => {
      await using desk = await scene();
      await desk.work();
      const request = desk.request('deaf', { attemptsMax: 2, timeLimitMs: 300 });
      await desk.engine.submit(request);
      const { jobId, kind } = request;
      const reason = 'it took more than 300 ms';
      assert.deepEqual(await desk.ending(request), { jobId, kind, attempts: 2, type: 'failed', reason });
      const next = desk.request('count');
      await desk.engine.submit(next);
      assert.equal((await desk.ending(next)).type, 'completed');
    });

    test('a job whose worker is killed is done by another, and that is no attempt', async () => {
      await using desk = await scene();
      const { doomedWorker } = place;
      const request = desk.request('doomed', { input: { takesThread: doomedWorker === undefined } });
      const child = doomedWorker?.(desk.name);
      await desk.engine.submit(request);
      if (child !== undefined) {
        await until(() => desk.told(request) === 1, 'the job to begin');
        const gone = new Promise((done) => child.once('exit', done));
        child.kill('SIGKILL');
        await gone;
      }
      await desk.work();
      const { jobId, kind } = request;
      assert.deepEqual(await desk.ending(request), {
        ...{ jobId, kind, attempts: 1 },
        type: 'completed',
        result: { begun: 2 },
      });
    });

    test('a worker that goes away hands its job back, and that is no attempt', async () => {
      await using desk = await scene();
      const leaving = await desk.work();
      const request = desk.request('doomed');
      await desk.engine.submit(request);
      await until(() => desk.told(request) === 1, 'the job to begin');
      await leaving.close(20);
      assert.deepEqual(desk.settled, []);
      await desk.work();
      assert.partialDeepStrictEqual(await desk.ending(request), {
        type: 'completed',
        attempts: 1,
        result: { begun: 2 },
      });
    });

    test('a result that is too large, or no object, is refused and not tried again', async () => {
      await using desk = await scene();
      await desk.work();
      const large = desk.request('large', { attemptsMax: 3 });
      const list = desk.request('listing', { attemptsMax: 3 });
      await desk.engine.submit(large);
      await desk.engine.submit(list);
      assert.partialDeepStrictEqual(await desk.ending(large), {
        ...{ type: 'failed', attempts: 1 },
        reason: 'a result is expected to have at most 1048576 bytes, found 1048597',
      });
      assert.partialDeepStrictEqual(await desk.ending(list), {
        ...{ type: 'failed', attempts: 1 },
        reason: "a result is expected to be an object, found 'array'",
      });
    });

    test('an unknown kind fails and names the known ones', async () => {
      await using desk = await scene();
      await desk.work();
      const request = desk.request('dance');
      await desk.engine.submit(request);
      const end = await desk.ending(request);
      assert.equal(end.type, 'failed');
      assert.match(end.type === 'failed' ? end.reason : '', /knows \('count', .*\), found 'dance'$/);
    });

    test('an engine takes so many open jobs, inputs of so many bytes, and nothing once it is closed', async () => {
      const desk = await scene();
      const large = desk.request('count', { input: { text: 'x'.repeat(65_536) } });
      await assert.rejects(desk.engine.submit(large), { name: 'JobEngineError', code: 'tooLarge' });
      for (let count = 0; count < 64; count += 1) await desk.engine.submit(desk.request('count'));
      await assert.rejects(desk.engine.submit(desk.request('count')), { name: 'JobEngineError', code: 'full' });
      await desk.engine.close();
      await assert.rejects(desk.engine.submit(desk.request('count')), { name: 'JobEngineError', code: 'closed' });
    });
  });
}
