import type { JobFunction } from '#adapters/jobs/job-engine.ts';
import { runThreadTask, type ThreadAnswer, type ThreadTask } from '#adapters/jobs/thread-task.ts';
import type { JobKind } from '#domain/job.ts';
import { runBacktestJob } from './run-backtest-job.ts';
import { verifyJournalJob } from './verify-journal.ts';
import { verifyReplayJob } from './verify-replay.ts';

/** What each kind of job does. A new kind gets its row in the domain's table and here. */
const functions: Readonly<Record<JobKind, JobFunction>> = {
  'journal.verify': verifyJournalJob,
  'replay.verify': verifyReplayJob,
  backtest: runBacktestJob,
};

/** What a worker thread loads and is called with. */
export function runJob(task: ThreadTask): Promise<ThreadAnswer> {
  return runThreadTask(task, functions);
}
