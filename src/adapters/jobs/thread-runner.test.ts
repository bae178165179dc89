import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { openThreadRunner } from './thread-runner.ts';

const folder = mkdtempSync(join(tmpdir(), 'tradewind-threads-'));
const file = new URL('../../../tests/support/job-kinds.ts', import.meta.url);
const runner = openThreadRunner({ file, threads: 1, stopGraceMs: 20 });
after(async () => {
  await runner.close();
  rmSync(folder, { recursive: true });
});

let jobs = 0;
function run(kind: string, fields: object = {}, signal = new AbortController().signal): Promise<unknown> {
  jobs += 1;
  const input = { path: join(folder, `${jobs}`), ...fields };
  return runner.run(kind, input, { jobId: `j${jobs}`, signal, progress: () => undefined });
}

test('a job runs in a thread and its failure comes back', async () => {
  assert.deepEqual(await run('count'), { begun: 1, text: 'naïve \u0000 text', nothing: null });
  await assert.rejects(run('failing', { failures: 1 }), { name: 'Error', message: 'failure 1' });
});

test('a thread that ends in the middle of a job is a lost worker, and the next job has another', async () => {
  await assert.rejects(run('doomed', { takesThread: true }), {
    name: 'WorkerLostError',
    message: 'its thread is gone: worker exited with code: 9',
  });
  assert.partialDeepStrictEqual(await run('count'), { begun: 1 });
});

test('a thread that hears nothing is ended under its job', async () => {
  const stop = new AbortController();
  const ending = run('deaf', {}, stop.signal);
  stop.abort(new Error('time is over'));
  await assert.rejects(ending, { message: 'time is over' });
  assert.partialDeepStrictEqual(await run('count'), { begun: 1 });
});

test('a job that is stopped already never begins', async () => {
  await assert.rejects(run('count', {}, AbortSignal.abort(new Error('stopped'))), { message: 'stopped' });
});
