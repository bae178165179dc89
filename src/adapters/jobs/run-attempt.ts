import { type JobData, type JobRequest, jobReasonLengthMax, jobResultBytesMax } from '#domain/job.ts';
import type { JobRunner } from './job-engine.ts';
import { WorkerLostError } from './worker-lost-error.ts';

/** Time a job has, once aborted, to come to an end by itself. */
const defaultGraceMs = 2_000;

/** How one attempt ended. A final failure is not tried again: the same input would come to the same. */
export type AttemptEnd =
  | { readonly type: 'completed'; readonly result: JobData }
  | { readonly type: 'failed'; readonly reason: string; readonly isFinal: boolean }
  | { readonly type: 'canceled' }
  | { readonly type: 'lost'; readonly reason: string }
  | { readonly type: 'handedBack' };

export interface AttemptOptions {
  /** Aborted with the reason `canceled` or `handedBack`. */
  readonly stop: AbortSignal;
  readonly graceMs?: number;
  progress(fraction: number, note: string): void;
}

type StopReason = 'canceled' | 'handedBack' | 'timeLimit';

/** Runs a job once. Never rejects. What a stopped job answers is dropped: nobody waits for it, or its time was over. */
export async function runAttempt(request: JobRequest, run: JobRunner, options: AttemptOptions): Promise<AttemptEnd> {
  const { stop, graceMs = defaultGraceMs } = options;
  const controller = new AbortController();
  const abort = (reason: StopReason): void => controller.abort(reason);
  const onStop = (): void => abort(stop.reason === 'handedBack' ? 'handedBack' : 'canceled');
  if (stop.aborted) return stoppedEnd(stop.reason, request);
  stop.addEventListener('abort', onStop, { once: true });
  const timer = setTimeout(abort, request.timeLimitMs, 'timeLimit');
  const grace = graceAfter(controller.signal, graceMs);
  const context = {
    jobId: request.jobId,
    signal: controller.signal,
    progress: (fraction: number, note: string): void => {
      controller.signal.throwIfAborted();
      options.progress(Math.min(1, Math.max(0, fraction)), note.slice(0, jobReasonLengthMax));
    },
  };
  try {
    const value = await Promise.race([run(request.kind, request.input, context), grace.over]);
    return controller.signal.aborted ? stoppedEnd(controller.signal.reason, request) : completedEnd(value);
  } catch (error) {
    if (controller.signal.aborted) return stoppedEnd(controller.signal.reason, request);
    if (error instanceof WorkerLostError) return { type: 'lost', reason: error.message };
    return { type: 'failed', reason: reasonOf(error), isFinal: false };
  } finally {
    clearTimeout(timer);
    grace.release();
    stop.removeEventListener('abort', onStop);
  }
}

/** Resolves so long after the signal, so that a job that does not heed it cannot hold its place for ever. */
function graceAfter(signal: AbortSignal, graceMs: number): { readonly over: Promise<void>; release(): void } {
  let timer: NodeJS.Timeout | undefined;
  const over = new Promise<void>((done) => {
    signal.addEventListener('abort', () => {
      timer = setTimeout(done, graceMs);
    });
  });
  return { over, release: () => clearTimeout(timer) };
}

function stoppedEnd(reason: unknown, { timeLimitMs }: JobRequest): AttemptEnd {
  if (reason === 'handedBack') return { type: 'handedBack' };
  if (reason === 'timeLimit') return { type: 'failed', reason: `it took more than ${timeLimitMs} ms`, isFinal: false };
  return { type: 'canceled' };
}

/** A result is an object of plain JSON data; what JSON does not know is left out of it. */
function completedEnd(value: unknown): AttemptEnd {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    const found = value === null ? 'null' : Array.isArray(value) ? 'array' : typeof value;
    return { type: 'failed', reason: `a result is expected to be an object, found '${found}'`, isFinal: true };
  }
  let text: string;
  try {
    text = JSON.stringify(value);
  } catch (error) {
    return { type: 'failed', reason: `the result is no JSON data: ${reasonOf(error)}`, isFinal: true };
  }
  const bytes = Buffer.byteLength(text);
  if (bytes > jobResultBytesMax) {
    const reason = `a result is expected to have at most ${jobResultBytesMax} bytes, found ${bytes}`;
    return { type: 'failed', reason, isFinal: true };
  }
  return { type: 'completed', result: JSON.parse(text) as JobData };
}

/** What went wrong, fit for an event: bounded, and without the control characters that some stores refuse. */
function reasonOf(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  const plain = text.replaceAll(/\p{Cc}/gu, ' ').slice(0, jobReasonLengthMax);
  return plain === '' ? 'it failed without a word' : plain;
}
