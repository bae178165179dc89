import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MessageChannel } from 'node:worker_threads';
import type { JobFunction } from './job-engine.ts';
import { runThreadTask, type ThreadAnswer } from './thread-task.ts';

function task(
  act: JobFunction,
  kind = 'act',
): { readonly answer: Promise<ThreadAnswer>; stop(): void; told: unknown[] } {
  const { port1, port2 } = new MessageChannel();
  const told: unknown[] = [];
  port1.on('message', (message) => void told.push(message));
  const answer = runThreadTask({ jobId: 'a', kind, input: { value: 1 }, port: port2 }, { act });
  return { answer, stop: () => port1.postMessage('stop'), told };
}

test('a task is answered with its result, and its port is closed', async () => {
  const { answer } = task(({ value }) => ({ value }));
  assert.deepEqual(await answer, { result: { value: 1 } });
});

test('a failure is an answer too', async () => {
  const throwing = task(() => {
    throw new Error('no luck');
  });
  assert.deepEqual(await throwing.answer, { problem: 'no luck' });
  assert.deepEqual(await task(() => ({}), 'dance').answer, {
    problem: "expected a kind of job that this worker knows ('act'), found 'dance'",
  });
});

test('a job that never waits is stopped when it tells its progress', async () => {
  const running: { stop?: () => void } = {};
  const started = task(async (_input, { progress, signal }) => {
    await Promise.resolve();
    progress(0.5, 'half');
    running.stop?.();
    assert.equal(signal.aborted, false);
    assert.throws(() => progress(0.6, 'more'), { message: 'the job is to stop' });
    assert.equal(signal.aborted, true);
    return {};
  });
  running.stop = started.stop;
  assert.deepEqual(await started.answer, { result: {} });
});

test('a job that waits hears the word to stop', async () => {
  const { answer, stop } = task(
    (_input, { signal }) =>
      new Promise((_, fail) => {
        signal.addEventListener('abort', () => fail(new Error('stopped in order')));
      }),
  );
  stop();
  assert.deepEqual(await answer, { problem: 'stopped in order' });
});
