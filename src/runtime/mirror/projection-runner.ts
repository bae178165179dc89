import { setImmediate } from 'node:timers/promises';
import { AssertionError } from '#base/assert.ts';
import type { ProjectionPosition } from '#domain/projection-position.ts';
import type { TimePort } from '#engine/ports.ts';
import type { Projection } from '#projections/projection.ts';
import { createTraceState, type TraceState, traceEvent } from '#projections/trace-fold.ts';
import type { RecordedEvent } from '../read-run.ts';
import type { TailSource } from '../tail/tail-source.ts';
import type { ProjectionSink } from './projection-sink.ts';

/** `waiting`: the sink or the tail does not answer; it is tried again. */
export type ProjectionCondition = 'starting' | 'catchingUp' | 'following' | 'waiting' | 'stopped';

/** How a projection is doing, for health, metrics and the log. */
export interface ProjectionStatus {
  readonly name: string;
  readonly version: number;
  readonly condition: ProjectionCondition;
  /** The last entry in the sink. */
  readonly sequence: number;
  /** Durable entries that are not in the sink yet. */
  readonly lag: number;
  /** When the projection last did anything, ms UTC. */
  readonly beatAt: number;
  /** What keeps it from going on; undefined while it does. */
  readonly problem: string | undefined;
}

export interface RunnerOptions<S, C> {
  readonly projection: Projection<S, C>;
  readonly sink: ProjectionSink<C>;
  readonly source: TailSource;
  readonly time: TimePort;
  /** Entries folded in one transaction at most. */
  readonly batchMax?: number;
  /** How long entries are gathered for one transaction once everything older is in the sink. */
  readonly gatherMs?: number;
  /** How long the tail is waited for before it is asked again. */
  readonly waitMs?: number;
  onProblem?(problem: string): void;
  /** Tells every transaction: the last entry in it and the changes it made. */
  onApplied?(sequence: number, changes: number): void;
}

/** What a projection carries from batch to batch: the trace fold's state and its own. */
interface FoldState<S> {
  trace: TraceState;
  own: S;
}

interface Fold<S> {
  position: ProjectionPosition | undefined;
  state: FoldState<S>;
}

const usualBatchMax = 2_000;
/** Changes of one transaction at which it is closed; one entry more may come on top. */
const changesMax = 10_000;
const usualWaitMs = 1_000;
const usualGatherMs = 50;
const heldLookMs = 50;
const firstRetryMs = 100;
const retryMsMax = 5_000;

/** Keeps one sink equal to the fold of the tail, through crashes and outages of either side, until it is stopped. */
export class ProjectionRunner<S, C> {
  readonly #options: RunnerOptions<S, C>;
  #status: ProjectionStatus;
  #isStopping = false;
  #running: Promise<void> = Promise.resolve();
  #wake: (() => void) | undefined;
  #isHeld = false;

  constructor(options: RunnerOptions<S, C>) {
    this.#options = options;
    const { name, version } = options.projection;
    const beatAt = options.time.now();
    this.#status = { name, version, condition: 'starting', sequence: 0, lag: 0, beatAt, problem: undefined };
  }

  get status(): ProjectionStatus {
    return this.#status;
  }

  start(): void {
    this.#running = this.#run();
  }

  /** Takes nothing more in after the batch at hand until it may again: other work of the process goes first. */
  hold(isHeld: boolean): void {
    this.#isHeld = isHeld;
    this.#wake?.();
  }

  /** Ends after the batch at hand. */
  async stop(): Promise<void> {
    this.#isStopping = true;
    this.#wake?.();
    await this.#running;
    this.#tell({ condition: 'stopped' });
  }

  async #run(): Promise<void> {
    let retryMs = firstRetryMs;
    while (!this.#isStopping) {
      try {
        await this.#follow(() => {
          retryMs = firstRetryMs;
        });
      } catch (error) {
        const problem = error instanceof Error ? error.message : String(error);
        if (this.#status.problem !== problem) this.#options.onProblem?.(problem);
        this.#tell({ condition: 'waiting', problem });
        // Our own mistake would be made again and again: the projection stays where it is until the code is mended.
        if (error instanceof AssertionError) this.#isStopping = true;
        await this.#pause(retryMs);
        retryMs = Math.min(retryMsMax, retryMs * 2);
      }
    }
  }

  /** Finds where the sink stands and goes on from there, until something fails or it is stopped. */
  async #follow(onSuccess: () => void): Promise<void> {
    const { projection, source, sink } = this.#options;
    const fold = await openFold(projection, sink, source);
    while (!this.#isStopping) {
      if (this.#isHeld) {
        await this.#pause(heldLookMs);
        continue;
      }
      const next = (fold.position?.sequence ?? 0) + 1;
      const max = this.#options.batchMax ?? usualBatchMax;
      const { entries, lastSequence } = await source.read(next, { max, waitMs: this.#options.waitMs ?? usualWaitMs });
      await this.#fold(fold, entries, lastSequence);
      onSuccess();
      const sequence = fold.position?.sequence ?? 0;
      const lag = Math.max(0, lastSequence - sequence);
      const condition = lag > max ? 'catchingUp' : 'following';
      this.#tell({ condition, sequence, lag, problem: undefined });
      // A projection at the journal's end gathers what comes, so that its state is not written for every entry alone.
      await (lag > 0 || entries.length === 0 ? setImmediate() : this.#pause(this.#options.gatherMs ?? usualGatherMs));
    }
  }

  /** Folds entries in, in as few transactions as their changes allow. */
  async #fold(fold: Fold<S>, entries: readonly RecordedEvent[], lastSequence: number): Promise<void> {
    const { projection } = this.#options;
    let changes: C[] = [];
    for (const [place, { sequence, event }] of entries.entries()) {
      const entry = traceEvent(fold.state.trace, sequence, event);
      const change = (made: C): void => void changes.push(made);
      projection.project(fold.state.own, entry, change);
      if (sequence === lastSequence) projection.settle?.(fold.state.own, change);
      if (changes.length < changesMax && place < entries.length - 1) continue;
      await this.#apply(fold, changes, { sequence, event });
      changes = [];
    }
  }

  async #apply(fold: Fold<S>, changes: readonly C[], { sequence, event }: RecordedEvent): Promise<void> {
    const { projection, sink, onApplied } = this.#options;
    const to: ProjectionPosition = {
      runId: fold.state.trace.runId,
      version: projection.version,
      sequence,
      at: event.at,
      state: JSON.stringify(fold.state),
    };
    await sink.apply(projection.name, changes, fold.position, to);
    fold.position = to;
    onApplied?.(sequence, changes.length);
  }

  #tell(changed: Partial<ProjectionStatus>): void {
    this.#status = { ...this.#status, ...changed, beatAt: this.#options.time.now() };
  }

  #pause(ms: number): Promise<void> {
    return new Promise((done) => {
      const cancel = this.#options.time.after(ms, done);
      this.#wake = () => {
        cancel();
        done();
      };
    });
  }
}

/**
 * Where the fold goes on. A sink that belongs to another run or another version, or that is ahead of the journal, is emptied first: what
 * it holds is not the fold of this journal.
 */
async function openFold<S, C>(
  projection: Projection<S, C>,
  sink: ProjectionSink<C>,
  source: TailSource,
): Promise<Fold<S>> {
  const { runId, lastSequence } = await source.head();
  const position = await sink.position(projection.name);
  const isOurs =
    position !== undefined &&
    position.runId === runId &&
    position.version === projection.version &&
    position.sequence <= lastSequence;
  if (isOurs) return { position, state: JSON.parse(position.state) as FoldState<S> };
  if (position !== undefined) await sink.wipe(projection.name);
  return { position: undefined, state: { trace: createTraceState(runId), own: projection.initial() } };
}
