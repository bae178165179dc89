import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { MessageChannel } from 'node:worker_threads';
import { openThreadRunner } from '#adapters/jobs/thread-runner.ts';
import { jobKinds } from '#domain/job.ts';
import { temporaryFolder } from '../../../tests/support/csv-bars.ts';
import { jobContext } from '../../../tests/support/job-context.ts';
import { walkBacktest } from '../../../tests/support/walk-backtest.ts';
import { jobFile } from './job-file.ts';
import { runJob } from './run-job.ts';

test('every kind of the table is known to a worker thread', async () => {
  for (const kind of Object.keys(jobKinds)) {
    const { port2 } = new MessageChannel();
    const answer = await runJob({ jobId: 'a', kind, input: { nothing: true }, port: port2 });
    assert.ok('problem' in answer && /nothing/.test(answer.problem), `'${kind}' reads its input`);
  }
});

test('a desk’s job runs in a thread of its own', async (t) => {
  const folder = join(temporaryFolder(t), 'run');
  const { summary } = await walkBacktest({ folder });
  const runner = openThreadRunner({ file: jobFile, threads: 1 });
  t.after(() => runner.close());
  const proof = await runner.run('replay.verify', { folder, eventsMax: 1_000_000 }, jobContext());
  assert.partialDeepStrictEqual(proof, { isProven: true, isWhole: true, decisionsHash: summary.decisionsHash });
});
