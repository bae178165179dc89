import { createPostgresBackend, createRedisBackend, type JobsOptions, withBackend } from 'bullmq';
import type { QueueAddress } from './queue-address.ts';

/** The tables of the queue stand in a schema of their own. */
const schemaName = 'tradewind_jobs';
const poolMax = 4;
const retryStepMs = 100;
const retryMsMax = 1_000;

/** A job as it lies in the queue. What it holds is read through a schema: other processes write there too. */
export interface QueuedJob {
  readonly id?: string | undefined;
  readonly name: string;
  readonly data: unknown;
  readonly attemptsMade: number;
  readonly returnvalue: unknown;
  readonly failedReason: string;
  getState(): Promise<string>;
  updateData(data: object): Promise<void>;
  updateProgress(progress: object): Promise<void>;
  moveToWait(token?: string): Promise<unknown>;
}

export interface QueueTimes {
  /** A job whose worker has been silent for so long is another's. */
  readonly lockMs: number;
  /** How often such jobs are looked for. */
  readonly stalledCheckMs: number;
  /** Workers a job may outlive. */
  readonly lossesMax: number;
}

export type Processor = (job: QueuedJob, token?: string) => Promise<unknown>;

export interface QueueEnd extends QueueConnection {
  add(name: string, data: object, options: JobsOptions): Promise<unknown>;
  getJob(jobId: string): Promise<QueuedJob | undefined>;
  remove(jobId: string): Promise<number>;
}

/** One end of a queue with its connections. */
export interface QueueConnection {
  waitUntilReady(): Promise<unknown>;
  close(): Promise<void>;
}

/** The working end. Closed by force it leaves a job at hand to whoever finds its lock run out, and asks the store nothing. */
export interface WorkerConnection extends QueueConnection {
  close(isForced?: boolean): Promise<void>;
}

export interface EventsHeard {
  settled(jobId: string): void;
  progress(jobId: string, progress: unknown): void;
  problem(error: Error): void;
}

/** The three ends of a queue in one store: to ask, to hear and to work. */
export interface QueueParts {
  queue(onProblem: (error: Error) => void): QueueEnd;
  events(heard: EventsHeard): QueueConnection;
  worker(
    process: Processor,
    options: QueueTimes & { readonly concurrency: number },
    onProblem: (error: Error) => void,
  ): WorkerConnection;
  /** From here on a connection that breaks is not made anew, so that closing does not wait for a store that is gone. */
  letGo(): void;
}

export function queueParts(address: QueueAddress, name: string): QueueParts {
  return address.store === 'valkey' ? valkeyParts(address.url, name) : postgresParts(address.url, name);
}

function valkeyParts(url: string, name: string): QueueParts {
  const bull = withBackend(createRedisBackend);
  // A worker waits for its store as long as it takes; without this it would give up a blocking command.
  let isLetGo = false;
  const retryStrategy = (times: number): number | null => (isLetGo ? null : Math.min(times * retryStepMs, retryMsMax));
  const connection = { url, maxRetriesPerRequest: null, retryStrategy };
  return {
    letGo: () => {
      isLetGo = true;
    },
    queue: (onProblem) => {
      const queue = new bull.Queue(name, { connection });
      queue.on('error', onProblem);
      return queue;
    },
    events: (heard) => {
      const events = new bull.QueueEvents(name, { connection });
      listen(events, heard);
      return events;
    },
    worker: (process, options, onProblem) => {
      const worker = new bull.Worker(name, process, { connection, ...workerOptions(options) });
      worker.on('error', onProblem);
      return worker;
    },
  };
}

function postgresParts(url: string, name: string): QueueParts {
  const bull = withBackend(createPostgresBackend);
  const connection = { connectionString: url, schema: schemaName, migrate: true, max: poolMax };
  return {
    // A pool makes a connection when one is asked for and keeps none that broke.
    letGo: () => undefined,
    queue: (onProblem) => {
      const queue = new bull.Queue(name, { connection });
      queue.on('error', onProblem);
      return queue;
    },
    events: (heard) => {
      const events = new bull.QueueEvents(name, { connection });
      listen(events, heard);
      return events;
    },
    worker: (process, options, onProblem) => {
      const worker = new bull.Worker(name, process, { connection, ...workerOptions(options) });
      worker.on('error', onProblem);
      return worker;
    },
  };
}

interface Audible {
  on(name: 'completed' | 'failed', hear: (told: { jobId: string }) => void): unknown;
  on(name: 'progress', hear: (told: { jobId: string; data: unknown }) => void): unknown;
  on(name: 'error', hear: (error: Error) => void): unknown;
}

function listen(events: Audible, heard: EventsHeard): void {
  events.on('completed', ({ jobId }) => heard.settled(jobId));
  events.on('failed', ({ jobId }) => heard.settled(jobId));
  events.on('progress', ({ jobId, data }) => heard.progress(jobId, data));
  events.on('error', heard.problem);
}

function workerOptions({
  lockMs,
  stalledCheckMs,
  lossesMax,
  concurrency,
}: QueueTimes & { readonly concurrency: number }) {
  return {
    concurrency,
    lockDuration: lockMs,
    stalledInterval: stalledCheckMs,
    maxStalledCount: lossesMax,
    runRetryDelay: 1_000,
    drainDelay: 5,
  };
}
