import type { JobData, JobProgress, JobRequest, JobSettled } from '#domain/job.ts';

/** What a running job is given beside its input. */
export interface JobContext {
  readonly jobId: string;
  /** Aborts when the job is canceled, its time is over, or its worker goes away. */
  readonly signal: AbortSignal;
  /** Tells how far it has come, from 0 to 1. Throws once the job is to stop. */
  progress(fraction: number, note: string): void;
}

/** What one kind of job does: data in, data out. It must bear being run twice, as when its worker died before it could tell. */
export type JobFunction = (input: JobData, context: JobContext) => Promise<JobData> | JobData;

/** Does a job of any kind. Rejects where there is no such kind, and with what the job threw. */
export type JobRunner = (kind: string, input: JobData, context: JobContext) => Promise<unknown>;

/** A worker at its work. */
export interface JobWork {
  /** Takes nothing more, waits so long for the jobs at hand (0 unless told), and hands back those that are not done by then. */
  close(patienceMs?: number): Promise<void>;
}

/**
 * Whoever asks for jobs and whoever does them meet here. The same contract holds in one process and over a queue:
 * - a job id is done once however often it is submitted, until it is forgotten; submitted again when settled, it is told again
 * - a failed attempt is repeated after a growing wait, `attemptsMax` times in all; one that takes too long is a failed one
 * - a job whose worker died is done by another and that is no attempt; a job that outlives too many workers fails
 * - a settled job is told at least once to the engine that submitted it
 */
export interface JobEngine {
  /** Rejects with a `JobEngineError` where the job was not taken; submit it again then. */
  submit(request: JobRequest): Promise<void>;
  /** A waiting job is taken out, a running one aborted; both end as canceled unless they were done before. */
  cancel(jobId: string): Promise<void>;
  /** Clears away a settled job, once what it came to is kept elsewhere. */
  forget(jobId: string): Promise<void>;
  onSettled(hear: (settled: JobSettled) => void): void;
  onProgress(hear: (progress: JobProgress) => void): void;
  /** Begins to do jobs, so many at once. */
  work(run: JobRunner, options: { readonly concurrency: number }): Promise<JobWork>;
  /** Lets go of everything; workers hand their jobs back. */
  close(): Promise<void>;
}
