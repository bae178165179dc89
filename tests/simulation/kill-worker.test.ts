import assert from 'node:assert/strict';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { systemTime } from '#adapters/time/system-time.ts';
import { type DeskJobs, openDeskJobs } from '#runtime/jobs/open-desk-jobs.ts';
import type { PaperRun } from '#runtime/paper-run.ts';
import { recordedEvents } from '#runtime/read-run.ts';
import { temporaryFolder } from '../support/csv-bars.ts';
import { killsWanted, type Moments, momentsOf } from '../support/kill-plan.ts';
import { type KillProcess, startProcess } from '../support/kill-process.ts';
import { waitUntil } from '../support/kill-wait.ts';
import { openPaperDesk, stoppedDesk } from '../support/paper-desk.ts';
import { missingDatabase, startDatabase } from '../support/postgres-process.ts';
import { missingStore, startStore } from '../support/store-process.ts';

const workerFile = fileURLToPath(new URL('../support/kill-worker-process.ts', import.meta.url));
/** Jobs that are open all the time, so that workers never wait for one. */
const openJobs = 4;
const replay = { kind: 'replay.verify', limits: { eventsMax: 1_000_000 } };
const works = [replay, { kind: 'journal.verify', limits: {} }, replay];
const startMs = 800;
const workingMs = 1_200;

const queues = [
  { name: 'Valkey', skip: missingStore, kills: Math.ceil(killsWanted / 2), start: () => startStore() },
  { name: 'PostgreSQL', skip: missingDatabase, kills: Math.floor(killsWanted / 2), start: () => startDatabase() },
];

for (const { name, skip, kills, start } of queues) {
  test(`workers killed ${kills} times on a queue in ${name} let each job end once`, {
    skip,
    timeout: 600_000,
  }, async (t) => {
    await using ends = new AsyncDisposableStack();
    const server = await start();
    ends.defer(() => server.stop());
    await killWorkers(t, { url: server.url, ends }, momentsOf(`worker/${name}`), kills);
  });
}

/** Where the queue is, and what is ended with the test: what was begun last goes first. */
interface Place {
  readonly url: string;
  readonly ends: AsyncDisposableStack;
}

/** A desk at rest whose jobs are asked for and done until the last kill. */
interface JobScene {
  readonly folder: string;
  readonly desk: PaperRun;
  readonly jobs: DeskJobs;
  readonly asked: string[];
  /** Asks for jobs until as many are open as shall be. */
  ask(): void;
}

async function killWorkers(t: TestContext, place: Place, moments: Moments, kills: number): Promise<void> {
  t.diagnostic(`TRADEWIND_KILL_SEED=${moments.seed}`);
  const scene = await openJobScene(t, place);
  const workers = [startWorker(place), startWorker(place)];
  for (const worker of workers) await worker.said('joined');
  let atWork = 0;
  for (let kill = 1; kill <= kills; kill += 1) {
    scene.ask();
    const index = moments.chance(0.5) ? 0 : 1;
    await delay(moments.waitMs(0, workingMs));
    const worker = workers[index];
    assert.ok(worker !== undefined);
    worker.requireAlive();
    await worker.kill();
    if (isAtWork(worker)) atWork += 1;
    workers[index] = startWorker(place);
    if (moments.chance(0.5)) await delay(moments.waitMs(0, startMs));
  }
  await allEnded(scene);
  const ends = endsOf(scene.folder);
  assert.deepEqual([...ends.keys()].sort(), [...scene.asked].sort(), 'every job has an end and nothing else has');
  for (const [jobId, found] of ends) assert.deepEqual(found, ['proven'], jobId);
  t.diagnostic(`compared: ${JSON.stringify({ jobs: scene.asked.length, kills, atWork })}`);
}

async function openJobScene(t: TestContext, { url, ends }: Place): Promise<JobScene> {
  const folder = join(temporaryFolder(t), 'desk');
  await stoppedDesk(folder);
  const desk = openPaperDesk(folder);
  ends.defer(() => desk.stop());
  const problems: string[] = [];
  const jobs = await openDeskJobs({
    desk: { state: desk.engine.state, request: (input) => desk.request(input) },
    folder,
    queueUrl: url,
    threads: 0,
    time: systemTime,
    onProblem: (problem) => void problems.push(problem),
  });
  ends.defer(() => jobs.close());
  const asked: string[] = [];
  const ask = (): void => {
    while (Object.keys(desk.engine.state.jobs.openById).length < openJobs) {
      const work = works[asked.length % works.length];
      assert.ok(work !== undefined);
      const answer = jobs.jobs.ask({ kind: work.kind, input: { folder, ...work.limits }, requestedBy: 'kill' });
      assert.ok('jobId' in answer, JSON.stringify(answer));
      asked.push(answer.jobId);
    }
  };
  return { folder, desk, jobs, asked, ask };
}

function startWorker({ url, ends }: Place): KillProcess {
  const worker = startProcess('worker', [workerFile, url]);
  ends.defer(() => (worker.hasEnded ? undefined : worker.kill()));
  return worker;
}

/** True for a worker that had begun more jobs than it had ended. */
function isAtWork(worker: KillProcess): boolean {
  return worker.count('begun') > worker.count('done');
}

async function allEnded({ desk }: JobScene): Promise<void> {
  await waitUntil(() => Object.keys(desk.engine.state.jobs.openById).length === 0, 'every job to end');
}

/** The ends that the journal holds, by job. */
function endsOf(folder: string): Map<string, string[]> {
  const ends = new Map<string, string[]>();
  for (const { event } of recordedEvents(folder)) {
    if (event.type !== 'job.completed' && event.type !== 'job.failed' && event.type !== 'job.canceled') continue;
    const found =
      event.type === 'job.completed' && event.result['isProven'] === true ? 'proven' : JSON.stringify(event);
    ends.set(event.jobId, [...(ends.get(event.jobId) ?? []), found]);
  }
  return ends;
}
