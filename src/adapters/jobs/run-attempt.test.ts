import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import type { JobRequest } from '#domain/job.ts';
import type { JobRunner } from './job-engine.ts';
import { type AttemptEnd, runAttempt } from './run-attempt.ts';
import { WorkerLostError } from './worker-lost-error.ts';

const request: JobRequest = { jobId: 'a', kind: 'k', input: {}, timeLimitMs: 60_000, attemptsMax: 1, retryDelayMs: 0 };
const never: JobRunner = () => new Promise(() => undefined);

function attempt(run: JobRunner, changes: Partial<JobRequest> = {}, stop = new AbortController()): Promise<AttemptEnd> {
  return runAttempt({ ...request, ...changes }, run, { stop: stop.signal, graceMs: 5, progress: () => undefined });
}

test('a result is plain data: what JSON does not know is left out', async () => {
  const end = await attempt(async () => ({ at: new Date(0), gone: undefined, count: 2 }));
  assert.deepEqual(end, { type: 'completed', result: { at: '1970-01-01T00:00:00.000Z', count: 2 } });
});

test('what is no object, or no JSON at all, is refused for good', async () => {
  const reasonFor = async (value: unknown): Promise<string> => {
    const end = await attempt(async () => value);
    assert.ok(end.type === 'failed' && end.isFinal);
    return end.reason;
  };
  assert.equal(await reasonFor(undefined), "a result is expected to be an object, found 'undefined'");
  assert.equal(await reasonFor(null), "a result is expected to be an object, found 'null'");
  assert.equal(await reasonFor([]), "a result is expected to be an object, found 'array'");
  assert.match(await reasonFor({ big: 1n }), /^the result is no JSON data: /);
});

test('a result of the largest size passes, one byte more does not', async () => {
  const ofBytes =
    (bytes: number): JobRunner =>
    async () => ({ text: 'x'.repeat(bytes - '{"text":""}'.length) });
  assert.equal((await attempt(ofBytes(1_048_576))).type, 'completed');
  assert.deepEqual(await attempt(ofBytes(1_048_577)), {
    type: 'failed',
    isFinal: true,
    reason: 'a result is expected to have at most 1048576 bytes, found 1048577',
  });
});

test('a reason is bounded and holds no control characters', async () => {
  const reasonOf = async (thrown: unknown): Promise<string> => {
    const end = await attempt(() => Promise.reject(thrown));
    assert.ok(end.type === 'failed' && !end.isFinal);
    return end.reason;
  };
  assert.equal(await reasonOf(new Error('a\u0000b\nc')), 'a b c');
  assert.equal(await reasonOf('text'), 'text');
  assert.equal(await reasonOf(''), 'it failed without a word');
  assert.equal((await reasonOf(new Error('x'.repeat(5_000)))).length, 2_000);
});

test('a job that hears nothing loses its place after the time of grace', async () => {
  assert.deepEqual(await attempt(never, { timeLimitMs: 5 }), {
    type: 'failed',
    isFinal: false,
    reason: 'it took more than 5 ms',
  });
});

test('a stop has the meaning of its reason, and what the job answers then is dropped', async () => {
  for (const reason of ['canceled', 'handedBack'] as const) {
    const stop = new AbortController();
    const ending = attempt(
      async (_kind, _input, { signal }) => {
        stop.abort(reason);
        assert.equal(signal.aborted, true);
        return { late: true };
      },
      {},
      stop,
    );
    assert.deepEqual(await ending, { type: reason });
    assert.deepEqual(await attempt(never, {}, stop), { type: reason }, 'before it begins');
  }
});

test('telling progress throws once the job is to stop', async () => {
  const stop = new AbortController();
  const told: [number, string][] = [];
  const end = await runAttempt(
    request,
    async (_kind, _input, { progress }) => {
      progress(2, 'beyond');
      progress(-1, 'below');
      stop.abort('canceled');
      assert.throws(() => progress(0.5, 'late'));
      return {};
    },
    { stop: stop.signal, progress: (fraction, note) => void told.push([fraction, note]) },
  );
  assert.equal(end.type, 'canceled');
  assert.deepEqual(told, [
    [1, 'beyond'],
    [0, 'below'],
  ]);
});

test('a worker that is gone is no failure of the job', async () => {
  const end = await attempt(() => Promise.reject(new WorkerLostError('its thread is gone')));
  assert.deepEqual(end, { type: 'lost', reason: 'its thread is gone' });
});

test('an attempt that is over leaves no timer behind', async () => {
  const before = process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length;
  await attempt(async () => ({}));
  await delay(0);
  assert.equal(process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length, before);
});
