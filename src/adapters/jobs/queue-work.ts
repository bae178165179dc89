import { UnrecoverableError, WaitingError } from 'bullmq';
import { closeQueueEnd } from './close-queue-end.ts';
import type { JobRunner, JobWork } from './job-engine.ts';
import { isCanceledIn, type QueueAnswer, readQueued } from './queue-messages.ts';
import type { QueuedJob, QueueEnd, QueueParts, QueueTimes } from './queue-parts.ts';
import { runAttempt } from './run-attempt.ts';

/** Wait for jobs to be stopped and given back before their locks are left to run out. */
const handBackWithinMs = 5_000;
const probeWithinMs = 1_000;

export interface QueueWorkOptions extends QueueTimes {
  readonly concurrency: number;
  /** How often a running job looks whether it has been canceled. */
  readonly cancelCheckMs: number;
  readonly graceMs?: number;
  onProblem(error: Error): void;
}

/** Does the jobs of a queue. The ends are made for it and closed with it, but for the queue it asks. */
export async function openQueueWork(
  parts: QueueParts,
  queue: QueueEnd,
  run: JobRunner,
  options: QueueWorkOptions,
): Promise<JobWork> {
  const running = new Set<AbortController>();
  const worker = parts.worker(
    async (job, token) => {
      const stop = new AbortController();
      running.add(stop);
      const watch = watchCancel(queue, job, stop, options);
      try {
        return await process(job, token, { run, stop, options });
      } finally {
        clearInterval(watch);
        running.delete(stop);
      }
    },
    options,
    options.onProblem,
  );
  await worker.waitUntilReady();
  let closing: Promise<void> | undefined;
  const close = async (patienceMs: number): Promise<void> => {
    // The library would wait for a store that is gone, and keep the process from ending.
    const isForced = !(await isAnswering(queue));
    const closed = closeQueueEnd({ close: () => worker.close(isForced) }, patienceMs + handBackWithinMs);
    const timer = setTimeout(() => {
      for (const stop of running) stop.abort('handedBack');
    }, patienceMs);
    await closed;
    clearTimeout(timer);
  };
  return {
    close: (patienceMs = 0) => {
      closing ??= close(patienceMs);
      return closing;
    },
  };
}

async function isAnswering(queue: QueueEnd): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const silence = new Promise<false>((done) => {
    timer = setTimeout(done, probeWithinMs, false);
  });
  const answer = queue.getJob('nobody').then(
    () => true,
    () => false,
  );
  const isThere = await Promise.race([answer, silence]);
  clearTimeout(timer);
  return isThere;
}

/** The mark may be set from any machine, so it is looked for; it stays with the job, should another worker take it up. */
function watchCancel(
  queue: QueueEnd,
  { id = '' }: QueuedJob,
  stop: AbortController,
  { cancelCheckMs, onProblem }: QueueWorkOptions,
): NodeJS.Timeout {
  const look = async (): Promise<void> => {
    const now = await queue.getJob(id);
    if (now !== undefined && isCanceledIn(now.data)) stop.abort('canceled');
  };
  return setInterval(() => void look().catch(onProblem), cancelCheckMs);
}

interface Attempt {
  readonly run: JobRunner;
  readonly stop: AbortController;
  readonly options: QueueWorkOptions;
}

/** One attempt, its end told as the queue wants it told: an answer, or an error of the kind that says what follows. */
async function process(
  job: QueuedJob,
  token: string | undefined,
  { run, stop, options }: Attempt,
): Promise<QueueAnswer> {
  const { request, isCanceled } = readOrRefuse(job);
  if (isCanceled) return { type: 'canceled' };
  const { graceMs, onProblem } = options;
  const end = await runAttempt(request, run, {
    stop: stop.signal,
    ...(graceMs === undefined ? {} : { graceMs }),
    progress: (fraction, note) => void job.updateProgress({ fraction, note }).catch(onProblem),
  });
  switch (end.type) {
    case 'completed':
      return { type: 'completed', resultText: JSON.stringify(end.result) };
    case 'canceled':
      return { type: 'canceled' };
    case 'failed':
      throw end.isFinal ? new UnrecoverableError(end.reason) : new Error(end.reason);
    case 'lost':
      throw new Error(end.reason);
    case 'handedBack':
      await job.moveToWait(token);
      throw new WaitingError();
  }
}

function readOrRefuse(job: QueuedJob): ReturnType<typeof readQueued> {
  try {
    return readQueued(job);
  } catch {
    throw new UnrecoverableError('the queue holds a job of another version');
  }
}
