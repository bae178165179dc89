import { type MessagePort, receiveMessageOnPort } from 'node:worker_threads';
import type { JobData } from '#domain/job.ts';
import type { JobContext, JobFunction } from './job-engine.ts';
import { runnerOf } from './runner-of.ts';

/** What a worker thread is handed. */
export interface ThreadTask {
  readonly jobId: string;
  readonly kind: string;
  readonly input: JobData;
  /** Progress goes out, and the word to stop comes in. */
  readonly port: MessagePort;
}

/** What it answers. A failure is an answer as well, so that a thread without one is known to be gone. */
export type ThreadAnswer = { readonly result: unknown } | { readonly problem: string };

export interface ThreadProgress {
  readonly fraction: number;
  readonly note: string;
}

/**
 * The inside of a worker thread: does a task by a table of kinds. Telling progress looks for the word to stop as well, so that a job
 * which never waits can still be stopped in order. Never rejects.
 */
export async function runThreadTask(
  { jobId, kind, input, port }: ThreadTask,
  table: Readonly<Record<string, JobFunction>>,
): Promise<ThreadAnswer> {
  const controller = new AbortController();
  const stop = (): void => controller.abort(new Error('the job is to stop'));
  port.on('message', stop);
  const context: JobContext = {
    jobId,
    signal: controller.signal,
    progress: (fraction, note) => {
      if (receiveMessageOnPort(port) !== undefined) stop();
      controller.signal.throwIfAborted();
      const progress: ThreadProgress = { fraction, note };
      port.postMessage(progress);
    },
  };
  try {
    return { result: await runnerOf(table)(kind, input, context) };
  } catch (error) {
    return { problem: error instanceof Error ? error.message : String(error) };
  } finally {
    port.close();
  }
}
