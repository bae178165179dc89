import { fileURLToPath } from 'node:url';
import { MessageChannel, receiveMessageOnPort } from 'node:worker_threads';
import { Piscina } from 'piscina';
import { z } from 'zod';
import type { JobRunner } from './job-engine.ts';
import type { ThreadAnswer, ThreadTask } from './thread-task.ts';
import { WorkerLostError } from './worker-lost-error.ts';

const idleTimeoutMs = 30_000;
const defaultStopGraceMs = 1_000;

export interface ThreadRunnerOptions {
  /** The file a thread loads; it exports `runJob`, which takes a task and answers as a task is answered. */
  readonly file: URL;
  readonly threads: number;
  /** Time a job has to stop by itself before its thread is ended under it. */
  readonly stopGraceMs?: number;
}

/** Runs jobs in threads of their own, so that neither a long sum nor a crash reaches the thread that asks. */
export interface ThreadRunner {
  readonly run: JobRunner;
  close(): Promise<void>;
}

const progressSchema = z.strictObject({ fraction: z.number(), note: z.string() });

/** Threads start when they are needed and end when they have had nothing to do for a while. */
export function openThreadRunner({
  file,
  threads,
  stopGraceMs = defaultStopGraceMs,
}: ThreadRunnerOptions): ThreadRunner {
  const pool = new Piscina<ThreadTask, ThreadAnswer>({
    filename: fileURLToPath(file),
    name: 'runJob',
    minThreads: 0,
    maxThreads: threads,
    idleTimeout: idleTimeoutMs,
    concurrentTasksPerWorker: 1,
    recordTiming: false,
  });
  // A thread that fails with no job in hand harms nobody; the next job starts another.
  pool.on('error', () => undefined);
  return {
    run: (kind, input, context) => runInThread(pool, stopGraceMs, { kind, input, context }),
    close: () => pool.destroy(),
  };
}

interface Call {
  readonly kind: string;
  readonly input: Parameters<JobRunner>[1];
  readonly context: Parameters<JobRunner>[2];
}

async function runInThread(
  pool: Piscina<ThreadTask, ThreadAnswer>,
  stopGraceMs: number,
  { kind, input, context }: Call,
): Promise<unknown> {
  context.signal.throwIfAborted();
  const { port1, port2 } = new MessageChannel();
  const ending = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  const stop = (): void => {
    port1.postMessage('stop');
    timer = setTimeout(() => ending.abort(), stopGraceMs);
  };
  const hear = (message: unknown): void => {
    const told = progressSchema.safeParse(message);
    if (told.success && !context.signal.aborted) context.progress(told.data.fraction, told.data.note);
  };
  port1.on('message', hear);
  context.signal.addEventListener('abort', stop, { once: true });
  let answer: ThreadAnswer;
  try {
    const task: ThreadTask = { jobId: context.jobId, kind, input, port: port2 };
    answer = await pool.run(task, { transferList: [port2], signal: ending.signal });
    // The answer took another way and may have overtaken what was told before it; a thread tells no more after its answer.
    for (let left = receiveMessageOnPort(port1); left !== undefined; left = receiveMessageOnPort(port1))
      hear(left.message);
  } catch (error) {
    context.signal.throwIfAborted();
    throw new WorkerLostError(`its thread is gone: ${error instanceof Error ? error.message : String(error)}`);
  } finally {
    clearTimeout(timer);
    context.signal.removeEventListener('abort', stop);
    port1.close();
  }
  if ('problem' in answer) throw new Error(answer.problem);
  return answer.result;
}
