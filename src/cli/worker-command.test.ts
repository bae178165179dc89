import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { openQueueEngine } from '#adapters/jobs/queue-engine.ts';
import { type JobSettled, jobRequestOf } from '#domain/job.ts';
import { runCommand } from '../../tests/support/command-scene.ts';
import { temporaryFolder } from '../../tests/support/csv-bars.ts';
import { missingStore, startStore } from '../../tests/support/store-process.ts';
import { walkBacktest } from '../../tests/support/walk-backtest.ts';
import { registerWorker } from './worker-command.ts';

const host = fileURLToPath(new URL('../../tests/support/worker-host.ts', import.meta.url));

/** A worker in a process of its own; `told` waits for the next line of that word. */
function startWorker(url: string): {
  readonly child: ChildProcess;
  told(what: string): Promise<Record<string, unknown>>;
} {
  const child = spawn(process.execPath, [host, 'worker', '--queue', url, '--json'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  assert.ok(child.stdout !== null);
  const lines: Record<string, unknown>[] = [];
  let wake = (): void => undefined;
  createInterface(child.stdout).on('line', (line) => {
    lines.push(JSON.parse(line));
    wake();
  });
  const told = async (what: string): Promise<Record<string, unknown>> => {
    for (;;) {
      const place = lines.findIndex((line) => line['what'] === what);
      const found = lines[place];
      if (found !== undefined) {
        lines.splice(0, place + 1);
        return found;
      }
      await new Promise<void>((done) => {
        wake = done;
      });
    }
  };
  return { child, told };
}

test('a worker joins a queue, does the desk’s job, and stops in order when asked', {
  skip: missingStore,
}, async (t) => {
  const store = await startStore('swordfish');
  t.after(() => store.stop());
  const url = store.url.replace('//', '//:swordfish@');
  const folder = join(temporaryFolder(t), 'run');
  const { summary } = await walkBacktest({ folder });
  const { child, told } = startWorker(url);
  t.after(() => child.kill('SIGKILL'));
  assert.partialDeepStrictEqual(await told('joined'), { queue: store.url, concurrency: 1 });
  const engine = await openQueueEngine({ url });
  const settled = new Promise<JobSettled>((done) => engine.onSettled(done));
  await engine.submit(jobRequestOf('replay.verify', 'a.1', { folder, eventsMax: 1_000_000 }));
  assert.partialDeepStrictEqual(await settled, {
    ...{ jobId: 'a.1', type: 'completed', attempts: 1 },
    result: { isProven: true, decisionsHash: summary.decisionsHash },
  });
  await engine.close();
  assert.partialDeepStrictEqual(await told('begun'), { jobId: 'a.1', kind: 'replay.verify' });
  assert.partialDeepStrictEqual(await told('done'), { jobId: 'a.1' });
  const ended = new Promise((done) => child.once('exit', (code) => done(code)));
  child.kill('SIGTERM');
  assert.deepEqual((await told('stopping'))['reason'], 'asked to by SIGTERM');
  await told('stopped');
  assert.equal(await ended, 0);
});

test('a queue that does not answer, an address of none, and none at all end at once and say so', async () => {
  const unreachable = await runCommand(registerWorker, ['worker', '--queue', 'redis://:swordfish@127.0.0.1:1']);
  assert.equal(unreachable.code, 1);
  assert.match(unreachable.work, /^tradewind: no queue answers at 'redis:\/\/127\.0\.0\.1:1': .*ECONNREFUSED/);
  const strange = await runCommand(registerWorker, ['worker', '--queue', 'amqp://host']);
  assert.equal(strange.code, 2);
  assert.match(strange.work, /begins with 'redis:\/\/', .* found 'amqp:\/\/'/);
  const none = await runCommand(registerWorker, ['worker']);
  assert.equal(none.code, 2);
  assert.match(none.work, /expected an address, or 'VALKEY_URL' or 'DATABASE_URL' to be set/);
});

test('without an address the environment names the queue', async () => {
  const environment = { VALKEY_URL: 'redis://127.0.0.1:1/3' };
  const { code, work } = await runCommand(registerWorker, ['worker'], environment);
  assert.equal(code, 1);
  assert.match(work, /no queue answers at 'redis:\/\/127\.0\.0\.1:1\/3'/);
});
