import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { systemTime } from '#adapters/time/system-time.ts';
import type { Event, EventByType } from '#domain/events.ts';
import { temporaryFolder } from '../../../tests/support/csv-bars.ts';
import { openPaperDesk } from '../../../tests/support/paper-desk.ts';
import { missingStore, startStore } from '../../../tests/support/store-process.ts';
import type { PaperRun } from '../paper-run.ts';
import { type DeskJobs, openDeskJobs } from './open-desk-jobs.ts';

interface Scene {
  readonly run: PaperRun;
  readonly deskJobs: DeskJobs;
  readonly completed: Promise<EventByType['job.completed']>;
  readonly problems: string[];
}

/** A warm desk with its jobs, and the first of them to complete. */
async function openScene(folder: string, queueUrl: string | undefined): Promise<Scene> {
  const run = openPaperDesk(folder);
  await run.warmUp();
  const problems: string[] = [];
  let tell = (_: EventByType['job.completed']): void => undefined;
  const completed = new Promise<EventByType['job.completed']>((done) => {
    tell = done;
  });
  const request = (input: (at: number) => Event): void => {
    let given: Event | undefined;
    run.request((at) => {
      given = input(at);
      return given;
    });
    if (given?.type === 'job.completed') tell(given);
  };
  const deskJobs = await openDeskJobs({
    desk: { state: run.engine.state, request },
    ...{ folder, queueUrl, threads: 1, time: systemTime },
    onProblem: (problem) => void problems.push(problem),
  });
  return { run, deskJobs, completed, problems };
}

async function provesItsJournal(folder: string, queueUrl: string | undefined): Promise<string[]> {
  const { run, deskJobs, completed, problems } = await openScene(folder, queueUrl);
  const asked = deskJobs.jobs.ask({
    kind: 'replay.verify',
    input: { folder, eventsMax: 1_000_000 },
    requestedBy: 'ann',
  });
  assert.ok('jobId' in asked);
  const { jobId, result } = await completed;
  assert.equal(jobId, asked.jobId);
  assert.partialDeepStrictEqual(result, { isProven: true, isWhole: true });
  await deskJobs.close();
  await run.stop();
  return problems;
}

test('a desk proves its own journal in a thread while it runs', async (t) => {
  assert.deepEqual(await provesItsJournal(join(temporaryFolder(t), 'run'), undefined), []);
});

test('a desk proves its own journal through a queue', { skip: missingStore }, async (t) => {
  const store = await startStore();
  t.after(() => store.stop());
  assert.deepEqual(await provesItsJournal(join(temporaryFolder(t), 'run'), store.url), []);
});

test('a queue that does not answer is told and keeps no desk from its jobs', async (t) => {
  const [problem, ...rest] = await provesItsJournal(join(temporaryFolder(t), 'run'), 'redis://127.0.0.1:1');
  assert.match(problem ?? '', /^jobs are done in this process: no queue answers at 'redis:\/\/127\.0\.0\.1:1': /);
  assert.deepEqual(rest, []);
});

test('an address of no queue is a mistake that is not passed over', async (t) => {
  await assert.rejects(openScene(join(temporaryFolder(t), 'run'), 'amqp://host'), { code: 'address' });
});
