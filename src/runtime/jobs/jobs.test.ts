import assert from 'node:assert/strict';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import type { JobEngine } from '#adapters/jobs/job-engine.ts';
import { JobEngineError } from '#adapters/jobs/job-engine-error.ts';
import { runnerOf } from '#adapters/jobs/runner-of.ts';
import { ThreadEngine } from '#adapters/jobs/thread-engine.ts';
import { systemTime } from '#adapters/time/system-time.ts';
import type { Event, EventType } from '#domain/events.ts';
import type { JobData, JobRequest, JobSettled } from '#domain/job.ts';
import type { TimePort } from '#engine/ports.ts';
import { temporaryFolder } from '../../../tests/support/csv-bars.ts';
import { createDeskFixture } from '../../../tests/support/desk-fixture.ts';
import { openPaperDesk } from '../../../tests/support/paper-desk.ts';
import { type JobDesk, Jobs } from './jobs.ts';
import type { ScheduleRow } from './schedule-table.ts';

const hourly: ScheduleRow = {
  ...{ name: 'hourly', runsAs: 'job', kind: 'journal.verify', every: { everyMs: 3_600_000 }, meaning: 'each hour' },
  ...{ input: { folder: 'data' }, enabledFor: ['live', 'paper'] },
};

/** A desk in memory whose events can be awaited. */
function openDesk() {
  const fixture = createDeskFixture([]);
  const waiting = new Map<EventType, (event: Event) => void>();
  const desk: JobDesk & { isFull: boolean } = {
    isFull: false,
    get state() {
      return fixture.engine.state;
    },
    request: (input) => {
      if (desk.isFull) throw new Error('the disk is full');
      const event = input(fixture.engine.state.at);
      fixture.send(event);
      waiting.get(event.type)?.(event);
    },
  };
  const next = <T extends EventType>(type: T): Promise<Event & { readonly type: T }> =>
    new Promise((done) => waiting.set(type, (event) => done(event as Event & { readonly type: T })));
  return { fixture, desk, next, state: fixture.engine.state };
}

/** An engine that does what it is told to by hand. */
function handEngine() {
  const submitted: JobRequest[] = [];
  const forgotten: string[] = [];
  let refusal: Error | undefined;
  let hear = (_: JobSettled): void => undefined;
  const engine: JobEngine = {
    submit: async (request) => {
      if (refusal !== undefined) throw refusal;
      submitted.push(request);
    },
    cancel: async () => undefined,
    forget: async (jobId) => void forgotten.push(jobId),
    onSettled: (given) => {
      hear = given;
    },
    onProgress: () => undefined,
    work: async () => ({ close: async () => undefined }),
    close: async () => undefined,
  };
  const complete = (jobId: string, result: JobData = {}): void =>
    hear({ jobId, kind: 'backtest', attempts: 1, type: 'completed', result });
  const refuse = (error: Error | undefined): void => {
    refusal = error;
  };
  return { engine, submitted, forgotten, complete, refuse };
}

/** Timers that go off when they are called. */
function handTimers(): { readonly time: TimePort; readonly timers: readonly (() => void)[] } {
  const timers: (() => void)[] = [];
  const after = (_: number, act: () => void): (() => void) => {
    timers.push(act);
    return () => undefined;
  };
  return { time: { ...systemTime, after }, timers };
}

const settled = (): Promise<void> => new Promise((done) => setImmediate(done));
const ask = { kind: 'backtest', input: { data: 'bars' }, requestedBy: 'ann' };

test('a job is asked for, done by the engine, and its result comes back as an event', async () => {
  const { desk, next, state } = openDesk();
  const engine = new ThreadEngine();
  const jobs = new Jobs({ desk, engine, table: [], time: systemTime, onProblem: assert.fail });
  await engine.work(runnerOf({ backtest: ({ data }) => ({ data: String(data) }) }), { concurrency: 1 });
  jobs.start();
  const completed = next('job.completed');
  const asked = jobs.ask(ask);
  assert.deepEqual(asked, { jobId: `backtest.${state.sequence}.${state.runId}` });
  const event = await completed;
  assert.deepEqual([event.result, event.attempts], [{ data: 'bars' }, 1]);
  assert.deepEqual(state.jobs.openById, {});
  await jobs.close();
  await engine.close();
});

test('what cannot be asked for is refused and leaves no event', () => {
  const { desk, state } = openDesk();
  const { engine } = handEngine();
  const jobs = new Jobs({ desk, engine, table: [], time: systemTime, onProblem: assert.fail });
  const { sequence } = state;
  assert.deepEqual(jobs.ask({ ...ask, kind: 'dance' }), { problem: "expected a kind of job, found 'dance'" });
  jobs.ask({ ...ask, jobId: 'a' });
  assert.deepEqual(jobs.ask({ ...ask, jobId: 'a' }), { problem: "the job 'a' is open already" });
  for (let count = 1; count < 64; count += 1) jobs.ask({ ...ask, jobId: `a${count}` });
  assert.deepEqual(jobs.ask(ask), { problem: 'at most 64 jobs may be open: wait for one to end' });
  assert.equal(state.sequence, sequence + 64);
});

test('the schedule is looked at once after a step with a tick, and its job is submitted once', async () => {
  const { desk, fixture, state } = openDesk();
  const { engine, submitted } = handEngine();
  const jobs = new Jobs({ desk, engine, table: [hourly], time: systemTime, onProblem: assert.fail });
  state.kind = 'paper';
  state.jobs.schedulesFromAt = 0;
  const tick: Event = { type: 'time.ticked', at: fixture.at };
  jobs.see(tick);
  jobs.see(tick);
  jobs.see({ type: 'alert.cleared', at: fixture.at, name: 'none' });
  assert.deepEqual(submitted, []);
  await settled();
  assert.deepEqual(
    submitted.map(({ jobId, kind }) => [jobId, kind]),
    [[`hourly.${Math.floor(state.at / 3_600_000) * 3_600_000}.${state.runId}`, 'journal.verify']],
  );
  jobs.see(tick);
  await settled();
  assert.equal(submitted.length, 1);
  await jobs.close();
  jobs.see(tick);
  await settled();
});

test('after a restart what the journal holds open is submitted again, and a result that comes twice is journalled once', async () => {
  const { desk, state } = openDesk();
  const before = handEngine();
  const lost = new Jobs({ desk, engine: before.engine, table: [], time: systemTime, onProblem: assert.fail });
  lost.ask({ ...ask, jobId: 'a' });
  await lost.close();
  before.complete('a');
  assert.deepEqual(Object.keys(state.jobs.openById), ['a'], 'a closed desk journals nothing');
  const { engine, submitted, forgotten, complete } = handEngine();
  const jobs = new Jobs({ desk, engine, table: [], time: systemTime, onProblem: assert.fail });
  jobs.start();
  assert.deepEqual(
    submitted.map(({ jobId }) => jobId),
    ['a'],
  );
  complete('a', { first: true });
  const { sequence } = state;
  complete('a', { second: true });
  assert.equal(state.sequence, sequence);
  assert.deepEqual(state.jobs.lastByKind['backtest']?.result, { first: true });
  await jobs.close();
  assert.deepEqual(forgotten, ['a', 'a']);
});

test('a job that the engine does not take is told and offered again', async () => {
  const { desk } = openDesk();
  const { engine, submitted, refuse } = handEngine();
  const { time, timers } = handTimers();
  const problems: string[] = [];
  const jobs = new Jobs({ desk, engine, table: [], time, onProblem: (problem) => void problems.push(problem) });
  refuse(new JobEngineError('unreachable', 'no queue'));
  jobs.ask({ ...ask, jobId: 'a' });
  jobs.ask({ ...ask, jobId: 'b' });
  await settled();
  assert.deepEqual(problems, [
    "the job 'a' is offered again, it was not taken: no queue",
    "the job 'b' is offered again, it was not taken: no queue",
  ]);
  assert.equal(timers.length, 1);
  refuse(undefined);
  timers[0]?.();
  assert.deepEqual(
    submitted.map(({ jobId }) => jobId),
    ['a', 'b'],
  );
  await jobs.close();
});

test('an input that is too large, or a kind of another version, ends as failed at once', async () => {
  const { desk, state, fixture } = openDesk();
  const { engine, refuse } = handEngine();
  const problems: string[] = [];
  const jobs = new Jobs({
    desk,
    engine,
    table: [],
    time: systemTime,
    onProblem: (problem) => void problems.push(problem),
  });
  refuse(new JobEngineError('tooLarge', 'an input has at most 65536 bytes'));
  jobs.ask({ ...ask, jobId: 'a' });
  await settled();
  assert.equal(state.jobs.lastByKind['backtest']?.reason, 'an input has at most 65536 bytes');
  fixture.send({ type: 'job.requested', at: state.at, jobId: 'b', kind: 'dance', input: {}, requestedBy: 'ann' });
  jobs.start();
  assert.equal(state.jobs.lastByKind['dance']?.reason, "this version has no kind 'dance'");
  assert.equal(problems.length, 2);
  await jobs.close();
});

test('an end that cannot be journalled is asked for again, and the engine keeps it until then', async () => {
  const { desk, state } = openDesk();
  const { engine, submitted, forgotten, complete } = handEngine();
  const { time, timers } = handTimers();
  const problems: string[] = [];
  const jobs = new Jobs({ desk, engine, table: [], time, onProblem: (problem) => void problems.push(problem) });
  jobs.ask({ ...ask, jobId: 'a' });
  desk.isFull = true;
  complete('a');
  assert.match(problems.join(), /^the end of job 'a' could not be journalled: Error: the disk is full$/);
  assert.deepEqual(forgotten, []);
  desk.isFull = false;
  timers[0]?.();
  assert.equal(submitted.length, 2);
  complete('a');
  assert.deepEqual(state.jobs.openById, {});
  await jobs.close();
  assert.deepEqual(forgotten, ['a']);
});

test('a proof that failed is told', async () => {
  const { desk } = openDesk();
  const { engine, complete } = handEngine();
  const problems: string[] = [];
  const jobs = new Jobs({
    desk,
    engine,
    table: [],
    time: systemTime,
    onProblem: (problem) => void problems.push(problem),
  });
  jobs.ask({ ...ask, jobId: 'a' });
  complete('a', { isProven: false, problem: 'the first difference is event 7' });
  assert.deepEqual(problems, ["the job 'a' refuted what it was to prove: the first difference is event 7"]);
  await jobs.close();
});

test('a desk that recovers from its journal alone holds the same jobs open', async (t) => {
  const folder = temporaryFolder(t);
  const desk = openPaperDesk(folder);
  await desk.warmUp();
  const { engine } = handEngine();
  const seen = { state: desk.engine.state, request: (input: (at: number) => Event) => desk.request(input) };
  const jobs = new Jobs({ desk: seen, engine, table: [], time: systemTime, onProblem: assert.fail });
  for (const jobId of ['a', 'b']) jobs.ask({ ...ask, jobId });
  desk.request((at) => ({ type: 'job.canceled', at, jobId: 'a', kind: 'backtest', attempts: 0 }));
  const before = structuredClone(desk.engine.state.jobs);
  await jobs.close();
  await desk.stop();
  rmSync(join(folder, 'snapshots'), { recursive: true });
  const again = openPaperDesk(folder);
  assert.ok(again.opened.recoveredEvents > 0);
  assert.deepEqual(again.engine.state.jobs, before);
  assert.deepEqual(Object.keys(before.openById), ['b']);
  assert.equal(before.schedulesFromAt, desk.at);
  await again.stop();
});
