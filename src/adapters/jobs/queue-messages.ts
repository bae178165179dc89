import { z } from 'zod';
import { type JobData, type JobRequest, type JobSettled, jobRequestSchema } from '#domain/job.ts';
import type { QueuedJob } from './queue-parts.ts';

/**
 * What lies in a queue under a job's id. Inputs and results travel as JSON text: a store that takes JSON apart would lose signs it
 * does not know and the order of keys.
 */
const queuedSchema = z.strictObject({
  inputText: z.string(),
  timeLimitMs: z.int().positive(),
  attemptsMax: z.int().positive(),
  retryDelayMs: z.int().min(0),
  isCanceled: z.boolean(),
});
export type QueuedData = Readonly<z.infer<typeof queuedSchema>>;

const answerSchema = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('completed'), resultText: z.string() }),
  z.strictObject({ type: z.literal('canceled') }),
]);
/** What a worker leaves with a job that it ended; a failed one leaves a reason. */
export type QueueAnswer = Readonly<z.infer<typeof answerSchema>>;

const progressSchema = z.looseObject({ fraction: z.number().min(0).max(1), note: z.string() });
export type QueueProgress = Readonly<z.infer<typeof progressSchema>>;

export function queuedData(request: JobRequest): QueuedData {
  const { input, timeLimitMs, attemptsMax, retryDelayMs } = request;
  return { inputText: JSON.stringify(input), timeLimitMs, attemptsMax, retryDelayMs, isCanceled: false };
}

/** The request as a worker reads it, and whether it was canceled meanwhile. Throws where somebody else put something else there. */
export function readQueued(job: QueuedJob): {
  readonly request: JobRequest;
  readonly isCanceled: boolean;
} {
  const { inputText, isCanceled, ...limits } = queuedSchema.parse(job.data);
  const request = jobRequestSchema.parse({ jobId: job.id, kind: job.name, input: JSON.parse(inputText), ...limits });
  return { request, isCanceled };
}

/** What a settled job came to. */
export function readSettled(job: QueuedJob, kind: string, state: 'completed' | 'failed'): JobSettled {
  const settled = { jobId: job.id ?? '', kind, attempts: job.attemptsMade };
  if (state === 'failed') return { ...settled, type: 'failed', reason: job.failedReason };
  const answer = answerSchema.safeParse(job.returnvalue);
  if (!answer.success) return { ...settled, type: 'failed', reason: 'its worker left an answer of another version' };
  if (answer.data.type === 'canceled') return { ...settled, type: 'canceled' };
  return { ...settled, type: 'completed', result: JSON.parse(answer.data.resultText) as JobData };
}

export function readProgress(value: unknown): QueueProgress | undefined {
  const parsed = progressSchema.safeParse(value);
  return parsed.success ? parsed.data : undefined;
}

export function isCanceledIn(data: unknown): boolean {
  const parsed = queuedSchema.safeParse(data);
  return parsed.success && parsed.data.isCanceled;
}
