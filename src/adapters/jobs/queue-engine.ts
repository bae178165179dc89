import {
  type JobProgress,
  type JobRequest,
  type JobSettled,
  jobInputBytesMax,
  jobRequestSchema,
  openJobsMax,
} from '#domain/job.ts';
import { type AnswerWait, answerWait } from './answer-wait.ts';
import { closeQueueEnd } from './close-queue-end.ts';
import type { JobEngine, JobRunner, JobWork } from './job-engine.ts';
import { JobEngineError } from './job-engine-error.ts';
import { queueAddress, withoutSecrets } from './queue-address.ts';
import { queuedData, readProgress, readSettled } from './queue-messages.ts';
import { type QueueConnection, type QueueEnd, type QueueParts, queueParts } from './queue-parts.ts';
import { openQueueWork } from './queue-work.ts';
import { reachQueue } from './reach-queue.ts';

const queueName = 'tradewind';
/** Wait for a store to say good-bye. */
const closeWithinMs = 3_000;
const tellAgainMs = 60_000;
/** Settled jobs that nobody fetches are kept for a day, and so many of them. */
const keptSettled = { age: 86_400, count: 1_000 };

export interface QueueEngineOptions {
  /** `redis://`, `rediss://` or `postgres://`. */
  readonly url: string;
  readonly name?: string;
  /** Longest wait for one answer of the queue. */
  readonly answerWithinMs?: number;
  /** A job whose worker has been silent for so long is another's; 30 s unless told. */
  readonly lockMs?: number;
  /** How often such jobs are looked for; 15 s unless told. */
  readonly stalledCheckMs?: number;
  readonly lossesMax?: number;
  /** How often a running job looks whether it has been canceled; 1 s unless told. */
  readonly cancelCheckMs?: number;
  /** How often open jobs are asked after, should a message be missed or the store have lost them; 5 s unless told. */
  readonly lookMs?: number;
  readonly graceMs?: number;
  /** Told of what the connections run into, without secrets; they mend themselves. */
  onProblem?(message: string): void;
}

/** Opens a queue. Throws a `JobEngineError` of code `address` or `unreachable`. */
export async function openQueueEngine(options: QueueEngineOptions): Promise<JobEngine> {
  const { answerWithinMs = 10_000, name = queueName } = options;
  const address = queueAddress(options.url);
  await reachQueue(address, answerWithinMs);
  const engine = new QueueEngine(queueParts(address, name), { ...options, answerWithinMs });
  await engine.ready();
  return engine;
}

interface Pending {
  readonly request: JobRequest;
  isLooking: boolean;
  /** Something was told while an answer was on its way, which may be older than what was told. */
  isStale: boolean;
}

/** Jobs of many processes: a queue in Valkey or PostgreSQL. */
class QueueEngine implements JobEngine {
  readonly #parts: QueueParts;
  readonly #options: QueueEngineOptions & { readonly answerWithinMs: number };
  readonly #answers: AnswerWait;
  readonly #queue: QueueEnd;
  readonly #events: QueueConnection;
  readonly #pending = new Map<string, Pending>();
  readonly #works = new Set<JobWork>();
  readonly #timer: NodeJS.Timeout;
  #closing: Promise<void> | undefined;
  #told = { message: '', at: 0 };
  #hearSettled: (settled: JobSettled) => void = () => undefined;
  #hearProgress: (progress: JobProgress) => void = () => undefined;

  constructor(parts: QueueParts, options: QueueEngineOptions & { readonly answerWithinMs: number }) {
    this.#parts = parts;
    this.#options = options;
    this.#answers = answerWait(options.url, options.answerWithinMs);
    this.#queue = parts.queue((error) => this.#tell(error));
    this.#events = parts.events({
      settled: (jobId) => this.#look(jobId),
      progress: (jobId, value) => this.#progress(jobId, value),
      problem: (error) => this.#tell(error),
    });
    this.#timer = setInterval(() => {
      for (const jobId of this.#pending.keys()) this.#look(jobId);
    }, options.lookMs ?? 5_000);
  }

  async ready(): Promise<void> {
    try {
      await this.#answers.answer(Promise.all([this.#queue.waitUntilReady(), this.#events.waitUntilReady()]));
    } catch (error) {
      await this.close();
      throw error;
    }
  }

  onSettled(hear: (settled: JobSettled) => void): void {
    this.#hearSettled = hear;
  }

  onProgress(hear: (progress: JobProgress) => void): void {
    this.#hearProgress = hear;
  }

  async submit(asked: JobRequest): Promise<void> {
    if (this.#closing !== undefined) throw new JobEngineError('closed', 'the engine has been closed: it takes no job');
    const request = jobRequestSchema.parse(asked);
    const bytes = Buffer.byteLength(JSON.stringify(request.input));
    if (bytes > jobInputBytesMax) {
      throw new JobEngineError('tooLarge', `an input has at most ${jobInputBytesMax} bytes, found ${bytes}`);
    }
    const { jobId } = request;
    if (!this.#pending.has(jobId) && this.#pending.size >= openJobsMax) {
      throw new JobEngineError('full', `at most ${openJobsMax} jobs may be open, '${jobId}' is one more`);
    }
    this.#pending.set(jobId, { request, isLooking: false, isStale: false });
    await this.#answers.answer(this.#add(request));
    this.#look(jobId);
  }

  async cancel(jobId: string): Promise<void> {
    const pending = this.#pending.get(jobId);
    if (pending === undefined) return;
    const job = await this.#answers.answer(this.#queue.getJob(jobId));
    const state = job === undefined ? 'unknown' : await this.#answers.answer(job.getState());
    if (state === 'completed' || state === 'failed') return this.#look(jobId);
    if (state !== 'active' && (await this.#isTakenOut(jobId))) {
      const { kind } = pending.request;
      return this.#settle({ jobId, kind, attempts: job?.attemptsMade ?? 0, type: 'canceled' });
    }
    await this.#answers.answer(
      job === undefined ? Promise.resolve() : job.updateData({ ...queuedData(pending.request), isCanceled: true }),
    );
  }

  /** False where a worker was quicker and has it. */
  async #isTakenOut(jobId: string): Promise<boolean> {
    if ((await this.#answers.answer(this.#queue.remove(jobId))) === 1) return true;
    return (await this.#answers.answer(this.#queue.getJob(jobId))) === undefined;
  }

  async forget(jobId: string): Promise<void> {
    await this.#answers.answer(this.#queue.remove(jobId));
  }

  async work(run: JobRunner, { concurrency }: { readonly concurrency: number }): Promise<JobWork> {
    const { lockMs = 30_000, stalledCheckMs = 15_000, lossesMax = 3, cancelCheckMs = 1_000, graceMs } = this.#options;
    const work = await openQueueWork(this.#parts, this.#queue, run, {
      ...{ concurrency, lockMs, stalledCheckMs, lossesMax, cancelCheckMs },
      ...(graceMs === undefined ? {} : { graceMs }),
      onProblem: (error) => this.#tell(error),
    });
    this.#works.add(work);
    return work;
  }

  async close(): Promise<void> {
    this.#closing ??= this.#close();
    await this.#closing;
  }

  async #close(): Promise<void> {
    clearInterval(this.#timer);
    this.#parts.letGo();
    this.#pending.clear();
    await Promise.all([...this.#works].map((work) => work.close()));
    this.#answers.giveUp();
    await Promise.all([this.#events, this.#queue].map((end) => closeQueueEnd(end, closeWithinMs)));
  }

  /** The queue leaves a job alone whose id it has. */
  async #add(request: JobRequest): Promise<void> {
    const { jobId, kind, attemptsMax, retryDelayMs } = request;
    await this.#queue.add(kind, queuedData(request), {
      jobId,
      attempts: attemptsMax,
      backoff: { type: 'exponential', delay: retryDelayMs },
      removeOnComplete: keptSettled,
      removeOnFail: keptSettled,
    });
  }

  /** Asks after a job that this engine submitted; what the store has lost is submitted again. */
  #look(jobId: string): void {
    const pending = this.#pending.get(jobId);
    if (pending === undefined) return;
    pending.isStale = pending.isLooking;
    if (pending.isLooking) return;
    pending.isLooking = true;
    this.#lookAt(pending)
      .catch((error: unknown) => this.#tell(error))
      .finally(() => {
        pending.isLooking = false;
        if (pending.isStale) this.#look(jobId);
      });
  }

  async #lookAt({ request }: Pending): Promise<void> {
    const { jobId, kind } = request;
    const job = await this.#answers.answer(this.#queue.getJob(jobId));
    if (job === undefined) {
      if (this.#pending.has(jobId)) await this.#answers.answer(this.#add(request));
      return;
    }
    const state = await this.#answers.answer(job.getState());
    if (state !== 'completed' && state !== 'failed') return;
    // The job may have ended between the two questions: only now is what it holds the whole of it.
    const ended = await this.#answers.answer(this.#queue.getJob(jobId));
    if (ended !== undefined) this.#settle(readSettled(ended, kind, state));
  }

  #settle(settled: JobSettled): void {
    if (this.#pending.delete(settled.jobId)) this.#hearSettled(settled);
  }

  #progress(jobId: string, value: unknown): void {
    const progress = readProgress(value);
    if (progress === undefined || !this.#pending.has(jobId)) return;
    this.#hearProgress({ jobId, fraction: progress.fraction, note: progress.note });
  }

  /** A store that is gone is told once in a while and not at every try. */
  #tell(error: unknown): void {
    if (this.#closing !== undefined) return;
    const message = withoutSecrets(messageOf(error), this.#options.url);
    const now = performance.now();
    if (message === this.#told.message && now - this.#told.at < tellAgainMs) return;
    this.#told = { message, at: now };
    this.#options.onProblem?.(message);
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
