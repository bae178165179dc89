import { setImmediate } from 'node:timers/promises';
import type { Logger } from '#adapters/telemetry/logger.ts';
import type { Tracing } from '#adapters/telemetry/tracing.ts';
import { originOf } from '#domain/events.ts';
import type { ProjectionPosition } from '#domain/projection-position.ts';
import { createDeskLogState, deskLogOf } from '#projections/desk-log.ts';
import type { TailEntry } from '#projections/tail-entry.ts';
import { createTraceState, type TraceState, traceEvent } from '#projections/trace-fold.ts';
import { spansOf } from '#projections/trace-spans.ts';
import type { RecordedEvent } from '../read-run.ts';
import type { TailSource } from '../tail/tail-source.ts';

export interface DeskLogOptions {
  readonly source: TailSource;
  readonly runId: string;
  /** Entries up to here were told by an earlier process: they are folded in silence. */
  readonly toldSequence: number;
  /** Where some projection of the same tail stands, whose fold of traces spares reading the journal from its beginning. */
  readonly seed: ProjectionPosition | undefined;
  /** Whether history was taken in before: then the tail does not say so again. */
  readonly isWarm: boolean;
  readonly log: Logger;
  readonly tracing: Pick<Tracing, 'export'>;
}

const batchMax = 2_000;
const waitMs = 500;

/** Tells what a desk does: a log line for each deed, and spans for each step once history has been taken in. */
export class DeskLogFollower {
  readonly #options: DeskLogOptions;
  readonly #trace: TraceState;
  readonly #state = createDeskLogState();
  #next: number;
  #step: TailEntry[] = [];
  #isWarm: boolean;
  #isStopping = false;
  #running: Promise<void> = Promise.resolve();

  constructor(options: DeskLogOptions) {
    const { seed, runId, toldSequence } = options;
    const isUsable = seed !== undefined && seed.runId === runId && seed.sequence <= toldSequence;
    this.#options = options;
    this.#isWarm = options.isWarm;
    this.#trace = isUsable ? (JSON.parse(seed.state) as { trace: TraceState }).trace : createTraceState(runId);
    this.#next = isUsable ? seed.sequence + 1 : 1;
  }

  start(): void {
    this.#running = this.#run();
  }

  /** Tells what is durable by now, and ends. */
  async stop(): Promise<void> {
    this.#isStopping = true;
    await this.#running;
    this.#closeStep();
  }

  async #run(): Promise<void> {
    const { source, log } = this.#options;
    try {
      for (;;) {
        const waitsMs = this.#isStopping ? 0 : waitMs;
        const { entries } = await source.read(this.#next, { max: batchMax, waitMs: waitsMs });
        for (const recorded of entries) this.#tell(recorded);
        if (entries.length === 0 && this.#isStopping) return;
        await setImmediate();
      }
    } catch (error) {
      // Whatever it was, the desk trades on without its log.
      log.error('log.ended', { error });
    }
  }

  #tell({ sequence, event }: RecordedEvent): void {
    this.#next = sequence + 1;
    const entry = traceEvent(this.#trace, sequence, event);
    const lines = deskLogOf(this.#state, entry);
    if (event.type === 'warmup.completed') this.#isWarm = true;
    if (sequence <= this.#options.toldSequence) return;
    for (const { level, event: name, message, module, metadata, traceId, spanId } of lines) {
      const trace = { traceId, spanId, isSampled: true };
      this.#options.log.with(module)[level](name, { message, metadata: { ...metadata }, trace });
    }
    if (originOf(event.type) === 'input') this.#closeStep();
    if (this.#isWarm) this.#step.push(entry);
  }

  #closeStep(): void {
    if (this.#step.length > 0) this.#options.tracing.export(spansOf(this.#step));
    this.#step = [];
  }
}
