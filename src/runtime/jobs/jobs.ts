import type { JobEngine } from '#adapters/jobs/job-engine.ts';
import { JobEngineError } from '#adapters/jobs/job-engine-error.ts';
import type { Event, EventByType } from '#domain/events.ts';
import { isJobKind, type JobData, type JobProgress, type JobSettled, jobRequestOf, openJobsMax } from '#domain/job.ts';
import type { TimePort } from '#engine/ports.ts';
import type { ScheduleRow } from './schedule-table.ts';
import { type ScheduledState, schedulerTick } from './scheduler.ts';

/** Wait before jobs that the engine did not take are offered to it again. */
const offerAgainMs = 10_000;

/** A desk as its jobs see it. */
export interface JobDesk {
  readonly state: ScheduledState & { readonly at: number; readonly sequence: number };
  /** Gives the engine an input at the current event time; durable when it returns. Not to be called from within a step. */
  request(input: (at: number) => Event): void;
}

export interface JobsOptions {
  readonly desk: JobDesk;
  readonly engine: JobEngine;
  readonly table: readonly ScheduleRow[];
  readonly time: TimePort;
  onProblem(message: string): void;
}

export interface AskedJob {
  readonly kind: string;
  readonly input: JobData;
  readonly requestedBy: string;
  /** Made from the run and its sequence unless given. */
  readonly jobId?: string;
}

/**
 * The jobs of a desk, between its journal and an engine of jobs. A job is first journalled, then submitted; its result is first
 * journalled, then forgotten by the engine. Whatever is cut short between the two is made up for at the next start, so that each
 * requested job has one end in the journal.
 */
export class Jobs {
  readonly #options: JobsOptions;
  readonly #submitted = new Set<string>();
  readonly #progress = new Map<string, JobProgress>();
  readonly #underway = new Set<Promise<void>>();
  #isTicking = false;
  #isClosed = false;
  #offerAgain: (() => void) | undefined;

  constructor(options: JobsOptions) {
    this.#options = options;
    options.engine.onSettled((settled) => this.#settle(settled));
    options.engine.onProgress((progress) => {
      if (this.#submitted.has(progress.jobId)) this.#progress.set(progress.jobId, progress);
    });
  }

  /** How far the jobs that run have come, by their ids. */
  get progress(): ReadonlyMap<string, JobProgress> {
    return this.#progress;
  }

  /** Offers the engine every job that the journal holds open; called once, after recovery. */
  start(): void {
    this.#submitOpen();
  }

  /** Sees every event of the run. A tick lets the scheduler look, once the step at hand is over. */
  see(event: Event): void {
    if (event.type !== 'time.ticked' || this.#isTicking || this.#isClosed) return;
    this.#isTicking = true;
    setImmediate(() => {
      this.#isTicking = false;
      try {
        this.tick();
      } catch (error) {
        this.#tell(`the schedule could not be followed: ${String(error)}`);
      }
    });
  }

  /** Requests what the schedule holds due at the desk's time. */
  tick(): void {
    if (this.#isClosed) return;
    const { desk, table } = this.#options;
    const due = schedulerTick(desk.state, desk.state.at, table);
    for (const event of due) desk.request((at) => ({ ...event, at }));
    if (due.length > 0) this.#submitOpen();
  }

  /** Asks for a job. Refused: an unknown kind, an id that is open, one job more than may be open. */
  ask({ kind, input, requestedBy, jobId }: AskedJob): { readonly jobId: string } | { readonly problem: string } {
    const { desk } = this.#options;
    const { jobs, runId, sequence } = desk.state;
    const id = jobId ?? `${kind}.${sequence + 1}.${runId}`;
    if (!isJobKind(kind)) return { problem: `expected a kind of job, found '${kind}'` };
    if (jobs.openById[id] !== undefined) return { problem: `the job '${id}' is open already` };
    if (Object.keys(jobs.openById).length >= openJobsMax) {
      return { problem: `at most ${openJobsMax} jobs may be open: wait for one to end` };
    }
    desk.request((at) => ({ type: 'job.requested', at, jobId: id, kind, input, requestedBy }));
    this.#submitOpen();
    return { jobId: id };
  }

  /** Cancels an open job; it ends as canceled, unless it was done before. */
  async cancel(jobId: string): Promise<void> {
    await this.#options.engine.cancel(jobId);
  }

  /** Journals nothing any more; what is open stays so until the next start. Close it before the desk, and the engine after it. */
  async close(): Promise<void> {
    this.#isClosed = true;
    this.#offerAgain?.();
    await Promise.all(this.#underway);
  }

  #submitOpen(): void {
    const { desk } = this.#options;
    for (const [jobId, { kind, input }] of Object.entries(desk.state.jobs.openById)) {
      if (this.#submitted.has(jobId)) continue;
      if (isJobKind(kind)) this.#submit(jobRequestOf(kind, jobId, input));
      else this.#settle({ jobId, kind, attempts: 0, type: 'failed', reason: `this version has no kind '${kind}'` });
    }
  }

  #submit(request: ReturnType<typeof jobRequestOf>): void {
    const { jobId, kind } = request;
    this.#submitted.add(jobId);
    const refused = (error: unknown): void => {
      this.#submitted.delete(jobId);
      const reason = error instanceof Error ? error.message : String(error);
      if (error instanceof JobEngineError && error.code === 'tooLarge') {
        this.#settle({ jobId, kind, attempts: 0, type: 'failed', reason });
        return;
      }
      this.#tell(`the job '${jobId}' is offered again, it was not taken: ${reason}`);
      this.#offerLater();
    };
    this.#track(this.#options.engine.submit(request).catch(refused));
  }

  #offerLater(): void {
    if (this.#isClosed || this.#offerAgain !== undefined) return;
    this.#offerAgain = this.#options.time.after(offerAgainMs, () => {
      this.#offerAgain = undefined;
      this.#submitOpen();
    });
  }

  /** Results come at least once; a job that is not open has its end in the journal. */
  #settle(settled: JobSettled): void {
    if (this.#isClosed) return;
    const { desk, engine } = this.#options;
    const { jobId } = settled;
    this.#progress.delete(jobId);
    if (desk.state.jobs.openById[jobId] !== undefined) {
      try {
        desk.request((at) => endOf(settled, at));
      } catch (error) {
        // The engine keeps the result: the job is still open and will be asked for again.
        this.#submitted.delete(jobId);
        this.#tell(`the end of job '${jobId}' could not be journalled: ${String(error)}`);
        this.#offerLater();
        return;
      }
      if (settled.type === 'failed') this.#tell(`the job '${jobId}' failed: ${settled.reason}`);
      if (settled.type === 'completed' && settled.result['isProven'] === false) {
        this.#tell(`the job '${jobId}' refuted what it was to prove: ${String(settled.result['problem'])}`);
      }
    }
    this.#submitted.delete(jobId);
    // What is not cleared away is kept by the engine for its time and does no harm.
    this.#track(engine.forget(jobId).catch((error: unknown) => this.#tell(`'${jobId}': ${String(error)}`)));
  }

  #track(work: Promise<void>): void {
    this.#underway.add(work);
    void work.finally(() => this.#underway.delete(work));
  }

  #tell(message: string): void {
    if (!this.#isClosed) this.#options.onProblem(message);
  }
}

function endOf(settled: JobSettled, at: number): EventByType['job.completed' | 'job.failed' | 'job.canceled'] {
  const { jobId, kind, attempts } = settled;
  switch (settled.type) {
    case 'completed':
      return { type: 'job.completed', at, jobId, kind, result: settled.result, attempts };
    case 'failed':
      return { type: 'job.failed', at, jobId, kind, reason: settled.reason, attempts };
    case 'canceled':
      return { type: 'job.canceled', at, jobId, kind, attempts };
  }
}
