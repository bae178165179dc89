import type { JobEngine } from '#adapters/jobs/job-engine.ts';
import { JobEngineError } from '#adapters/jobs/job-engine-error.ts';
import { openQueueEngine } from '#adapters/jobs/queue-engine.ts';
import { ThreadEngine } from '#adapters/jobs/thread-engine.ts';
import { openThreadRunner } from '#adapters/jobs/thread-runner.ts';
import type { TimePort } from '#engine/ports.ts';
import { jobFile } from './job-file.ts';
import { type JobDesk, Jobs } from './jobs.ts';
import { scheduleTable } from './schedule-table.ts';

export interface DeskJobsOptions {
  readonly desk: JobDesk;
  readonly folder: string;
  /** `redis://` or `postgres://`; undefined keeps the jobs in this process. */
  readonly queueUrl: string | undefined;
  /** Jobs this process does at once; 0 leaves all of them to other workers of the queue. */
  readonly threads: number;
  readonly time: TimePort;
  onProblem(message: string): void;
}

/** The jobs of a desk with everything they run on. Close them before the desk. */
export interface DeskJobs {
  readonly jobs: Jobs;
  close(): Promise<void>;
}

/**
 * Opens the jobs of a desk that has been recovered, and takes up those its journal holds open. A queue that does not answer keeps no
 * desk from its start: that is told, and the jobs are done here until the next one.
 */
export async function openDeskJobs(options: DeskJobsOptions): Promise<DeskJobs> {
  const { desk, folder, time, onProblem } = options;
  const { engine, threads } = await openEngine(options);
  const runner = threads === 0 ? undefined : openThreadRunner({ file: jobFile, threads });
  const jobs = new Jobs({ desk, engine, table: scheduleTable(folder), time, onProblem });
  if (runner !== undefined) await engine.work(runner.run, { concurrency: threads });
  jobs.start();
  return {
    jobs,
    close: async () => {
      await jobs.close();
      await engine.close();
      await runner?.close();
    },
  };
}

async function openEngine({
  queueUrl,
  threads,
  onProblem,
}: DeskJobsOptions): Promise<{ readonly engine: JobEngine; readonly threads: number }> {
  if (queueUrl === undefined) return { engine: new ThreadEngine(), threads: Math.max(1, threads) };
  try {
    return { engine: await openQueueEngine({ url: queueUrl, onProblem }), threads };
  } catch (error) {
    if (!(error instanceof JobEngineError) || error.code === 'address') throw error;
    onProblem(`jobs are done in this process: ${error.message}`);
    return { engine: new ThreadEngine(), threads: Math.max(1, threads) };
  }
}
