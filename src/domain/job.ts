import { z } from 'zod';
import type { DeepReadonly } from '#base/deep-readonly.ts';

/** UTF-8 bytes that the JSON text of a job's result may have; a larger one belongs into a file that the result names. */
export const jobResultBytesMax = 1_048_576;
/** UTF-8 bytes that the JSON text of a job's input may have. */
export const jobInputBytesMax = 65_536;
/** Jobs a desk may have open at once. */
export const openJobsMax = 64;
/** Characters of a reason that are kept. */
export const jobReasonLengthMax = 2_000;

const hourMs = 3_600_000;

/** Plain JSON data. */
export type JobData = Readonly<Record<string, unknown>>;

/** One letter first, so that no queue takes it for a number of its own, and no sign that a queue uses as a separator. */
export const jobIdSchema = z.string().regex(/^[A-Za-z][\w.-]{0,119}$/);

/** What is asked of an engine. The same id is the same job: asked for twice, it is done once. */
export const jobRequestSchema = z.strictObject({
  jobId: jobIdSchema,
  kind: z.string().min(1).max(64),
  input: z.record(z.string(), z.unknown()),
  /** Wall time that one attempt may take; then it is aborted and counts as failed. */
  timeLimitMs: z
    .int()
    .min(1)
    .max(24 * hourMs),
  attemptsMax: z.int().min(1).max(10),
  /** Wait before the second attempt; it doubles with each one more. */
  retryDelayMs: z.int().min(0).max(hourMs),
});
export type JobRequest = DeepReadonly<z.infer<typeof jobRequestSchema>>;

/** How far a running job has come. Telemetry: it is shown and never journalled. */
export interface JobProgress {
  readonly jobId: string;
  /** From 0 to 1. */
  readonly fraction: number;
  readonly note: string;
}

/** How a job ended. `attempts` counts those that were begun and neither lost with their worker nor handed back. */
export type JobSettled = { readonly jobId: string; readonly kind: string; readonly attempts: number } & (
  | { readonly type: 'completed'; readonly result: JobData }
  | { readonly type: 'failed'; readonly reason: string }
  | { readonly type: 'canceled' }
);

export interface JobKindRow {
  readonly meaning: string;
  readonly timeLimitMs: number;
  readonly attemptsMax: number;
  readonly retryDelayMs: number;
}

/** Every kind of job and its limits. What a kind does stands under the same name in the runtime's table. */
export const jobKinds = {
  'journal.verify': {
    meaning: 'walks the hash chain of a run’s journal and tells where it is damaged',
    timeLimitMs: hourMs,
    attemptsMax: 3,
    retryDelayMs: 10_000,
  },
  'replay.verify': {
    meaning: 'decides a run’s journal anew and tells the first decision that is not the recorded one',
    timeLimitMs: 2 * hourMs,
    attemptsMax: 2,
    retryDelayMs: 60_000,
  },
  backtest: {
    meaning: 'runs recorded bars through the whole desk and tells the figures of its report',
    timeLimitMs: 6 * hourMs,
    attemptsMax: 2,
    retryDelayMs: 10_000,
  },
} as const satisfies Readonly<Record<string, JobKindRow>>;

export type JobKind = keyof typeof jobKinds;

export function isJobKind(text: string): text is JobKind {
  return Object.hasOwn(jobKinds, text);
}

/** The request of a job with the limits of its kind. */
export function jobRequestOf(kind: JobKind, jobId: string, input: JobData): JobRequest {
  const { timeLimitMs, attemptsMax, retryDelayMs } = jobKinds[kind];
  return { jobId, kind, input, timeLimitMs, attemptsMax, retryDelayMs };
}

/** Milliseconds before the attempt that follows so many failed ones. */
export function retryDelayAfter(request: Pick<JobRequest, 'retryDelayMs'>, attempts: number): number {
  let delayMs = request.retryDelayMs;
  for (let count = 1; count < attempts; count += 1) delayMs *= 2;
  return delayMs;
}
