import { appendFileSync, readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import type { JobFunction } from '#adapters/jobs/job-engine.ts';
import { runThreadTask, type ThreadAnswer, type ThreadTask } from '#adapters/jobs/thread-task.ts';
import type { JobData } from '#domain/job.ts';

const pathOf = (input: JobData): string => String(input['path']);

/** Notes that a job was begun; the answer is how often it has been. */
function begun(input: JobData): number {
  appendFileSync(pathOf(input), 'begun\n');
  return readFileSync(pathOf(input), 'utf8').split('\n').length - 1;
}

/** Jobs with which engines are tested: each tells in a file that it was begun. */
const kinds: Readonly<Record<string, JobFunction>> = {
  count: (input) => ({ begun: begun(input), text: 'naïve \u0000 text', nothing: null }),
  steps: async (input, { progress }) => {
    begun(input);
    progress(0.25, 'a quarter');
    await delay(20);
    progress(0.75, 'three quarters');
    return {};
  },
  failing: (input) => {
    const times = begun(input);
    if (times <= Number(input['failures'])) throw new Error(`failure ${times}`);
    return { begun: times };
  },
  /** Ends in order when it is told to stop. */
  waiting: async (input, { signal }) => {
    begun(input);
    try {
      await delay(600_000, undefined, { signal });
    } finally {
      appendFileSync(pathOf(input), 'stopped\n');
    }
    return {};
  },
  /** Hears nothing, as a long sum does. */
  deaf: (input) => {
    begun(input);
    for (;;) if (performance.now() < 0) return {};
  },
  /** The first time it never ends, or takes its thread with it. */
  doomed: async (input) => {
    const times = begun(input);
    if (times === 1 && input['takesThread'] === true) process.exit(9);
    if (times === 1) await delay(600_000);
    return { begun: times };
  },
  large: (input) => ({ begun: begun(input), text: 'x'.repeat(1_048_576) }),
  listing: (input) => [begun(input)] as unknown as JobData,
};

/** What a worker thread loads. */
export function runJob(task: ThreadTask): Promise<ThreadAnswer> {
  return runThreadTask(task, kinds);
}
