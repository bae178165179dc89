import {
  type JobProgress,
  type JobRequest,
  type JobSettled,
  jobInputBytesMax,
  jobRequestSchema,
  openJobsMax,
  retryDelayAfter,
} from '#domain/job.ts';
import type { JobEngine, JobRunner, JobWork } from './job-engine.ts';
import { JobEngineError } from './job-engine-error.ts';
import { type AttemptEnd, runAttempt } from './run-attempt.ts';

/** Settled jobs that are remembered until somebody forgets them; the oldest give way. */
const settledMax = 256;
/** Workers a job may outlive. */
const lossesMax = 3;

export interface ThreadEngineOptions {
  /** Time a stopped job has before its place is given away. */
  readonly graceMs?: number;
}

interface Entry {
  readonly request: JobRequest;
  readonly stop: AbortController;
  state: 'waiting' | 'running' | 'delayed';
  attempts: number;
  losses: number;
  timer: NodeJS.Timeout | undefined;
}

interface Crew {
  readonly run: JobRunner;
  readonly concurrency: number;
  readonly running: Map<string, { readonly stop: AbortController; readonly done: Promise<void> }>;
  isClosing: boolean;
}

/** Jobs of one process: a queue in memory, done by the crews that work in it. What waits is lost with the process. */
export class ThreadEngine implements JobEngine {
  readonly #options: ThreadEngineOptions;
  readonly #entries = new Map<string, Entry>();
  readonly #settled = new Map<string, JobSettled>();
  readonly #crews = new Set<Crew>();
  #isClosed = false;
  #hearSettled: (settled: JobSettled) => void = () => undefined;
  #hearProgress: (progress: JobProgress) => void = () => undefined;

  constructor(options: ThreadEngineOptions = {}) {
    this.#options = options;
  }

  onSettled(hear: (settled: JobSettled) => void): void {
    this.#hearSettled = hear;
  }

  onProgress(hear: (progress: JobProgress) => void): void {
    this.#hearProgress = hear;
  }

  async submit(asked: JobRequest): Promise<void> {
    if (this.#isClosed) throw new JobEngineError('closed', 'the engine has been closed: it takes no job');
    const request = jobRequestSchema.parse(asked);
    const { jobId } = request;
    const settled = this.#settled.get(jobId);
    if (settled !== undefined) {
      queueMicrotask(() => this.#hearSettled(settled));
      return;
    }
    if (this.#entries.has(jobId)) return;
    const bytes = Buffer.byteLength(JSON.stringify(request.input));
    if (bytes > jobInputBytesMax) {
      throw new JobEngineError('tooLarge', `an input has at most ${jobInputBytesMax} bytes, found ${bytes}`);
    }
    if (this.#entries.size >= openJobsMax) {
      throw new JobEngineError('full', `at most ${openJobsMax} jobs may be open, '${jobId}' is one more`);
    }
    const entry: Entry = {
      request,
      stop: new AbortController(),
      state: 'waiting',
      attempts: 0,
      losses: 0,
      timer: undefined,
    };
    this.#entries.set(jobId, entry);
    this.#dispatch();
  }

  async cancel(jobId: string): Promise<void> {
    const entry = this.#entries.get(jobId);
    if (entry === undefined) return;
    entry.stop.abort('canceled');
    if (entry.state !== 'running') this.#settle(entry, { type: 'canceled' });
  }

  async forget(jobId: string): Promise<void> {
    this.#settled.delete(jobId);
  }

  async work(run: JobRunner, { concurrency }: { readonly concurrency: number }): Promise<JobWork> {
    const crew: Crew = { run, concurrency, running: new Map(), isClosing: false };
    this.#crews.add(crew);
    this.#dispatch();
    return { close: (patienceMs = 0) => this.#dismiss(crew, patienceMs) };
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    for (const { timer } of this.#entries.values()) clearTimeout(timer);
    await Promise.all([...this.#crews].map((crew) => this.#dismiss(crew, 0)));
    this.#entries.clear();
  }

  async #dismiss(crew: Crew, patienceMs: number): Promise<void> {
    crew.isClosing = true;
    const handBack = (): void => {
      for (const { stop } of crew.running.values()) stop.abort('handedBack');
    };
    const timer = setTimeout(handBack, patienceMs);
    if (patienceMs === 0) handBack();
    await Promise.all([...crew.running.values()].map(({ done }) => done));
    clearTimeout(timer);
    this.#crews.delete(crew);
  }

  /** Gives waiting jobs, in the order they came, to crews that have a place. */
  #dispatch(): void {
    if (this.#isClosed) return;
    for (const [jobId, entry] of this.#entries) {
      if (entry.state !== 'waiting') continue;
      const crew = [...this.#crews].find((one) => !one.isClosing && one.running.size < one.concurrency);
      if (crew === undefined) return;
      entry.state = 'running';
      const handBack = new AbortController();
      const stop = AbortSignal.any([entry.stop.signal, handBack.signal]);
      crew.running.set(jobId, { stop: handBack, done: this.#attempt(entry, crew, stop) });
    }
  }

  async #attempt(entry: Entry, crew: Crew, stop: AbortSignal): Promise<void> {
    const { request } = entry;
    const end = await runAttempt(request, crew.run, {
      ...this.#options,
      stop,
      progress: (fraction, note) => this.#hearProgress({ jobId: request.jobId, fraction, note }),
    });
    crew.running.delete(request.jobId);
    if (this.#isClosed) return;
    this.#end(entry, end);
    this.#dispatch();
  }

  #end(entry: Entry, end: AttemptEnd): void {
    switch (end.type) {
      case 'handedBack':
        entry.state = 'waiting';
        return;
      case 'lost':
        entry.losses += 1;
        entry.state = 'waiting';
        if (entry.losses > lossesMax)
          this.#settle(entry, { type: 'failed', reason: lossReason(entry.losses, end.reason) });
        return;
      case 'failed':
        entry.attempts += 1;
        if (end.isFinal || entry.attempts >= entry.request.attemptsMax) this.#settle(entry, end);
        else this.#retryLater(entry);
        return;
      case 'completed':
      case 'canceled':
        entry.attempts += 1;
        this.#settle(entry, end);
    }
  }

  #retryLater(entry: Entry): void {
    entry.state = 'delayed';
    entry.timer = setTimeout(
      () => {
        entry.state = 'waiting';
        this.#dispatch();
      },
      retryDelayAfter(entry.request, entry.attempts),
    );
  }

  #settle(entry: Entry, end: SettledEnd): void {
    const { request, attempts } = entry;
    const { jobId, kind } = request;
    clearTimeout(entry.timer);
    this.#entries.delete(jobId);
    const settled = settledOf({ jobId, kind, attempts }, end);
    this.#settled.set(jobId, settled);
    for (const oldest of this.#settled.keys()) {
      if (this.#settled.size <= settledMax) break;
      this.#settled.delete(oldest);
    }
    this.#hearSettled(settled);
  }
}

type SettledEnd =
  | { readonly type: 'completed'; readonly result: Extract<JobSettled, { type: 'completed' }>['result'] }
  | { readonly type: 'failed'; readonly reason: string }
  | { readonly type: 'canceled' };

function settledOf(job: Pick<JobSettled, 'jobId' | 'kind' | 'attempts'>, end: SettledEnd): JobSettled {
  switch (end.type) {
    case 'completed':
      return { ...job, type: 'completed', result: end.result };
    case 'failed':
      return { ...job, type: 'failed', reason: end.reason };
    case 'canceled':
      return { ...job, type: 'canceled' };
  }
}

function lossReason(losses: number, reason: string): string {
  return `it lost its worker ${losses} times, the last time because ${reason}`;
}
