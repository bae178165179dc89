import type { BusSink } from '#adapters/bus/bus-sink.ts';
import { randomSpanId, randomTraceId } from '#adapters/telemetry/trace-context.ts';
import { type Envelope, envelopeId } from '#domain/bus/envelope.ts';
import type { ProjectionPosition } from '#domain/projection-position.ts';
import type { TimePort } from '#engine/ports.ts';

/** What a process says of itself on the bus, beside what the journal says of the desk. */
export type BusNotice = 'health.status' | 'service.heartbeat' | 'system.redis_recovered';

export interface BusNoticesOptions {
  readonly sink: Pick<BusSink, 'position' | 'apply'>;
  readonly runId: string;
  /** Names this process among those of the desk: `engine`, `mirror`, … */
  readonly process: string;
  readonly time: TimePort;
}

/** Publishes notices under a position of their own, so that each has an id nobody else has. */
export class BusNotices {
  readonly #options: BusNoticesOptions;
  #position: ProjectionPosition | undefined;
  #isKnown = false;
  #saying: Promise<void> = Promise.resolve();

  constructor(options: BusNoticesOptions) {
    this.#options = options;
  }

  /** Says one thing after the other. Rejects where the store is away; what could not be said is not said later. */
  say(type: BusNotice, status: string, details: Readonly<Record<string, unknown>>): Promise<void> {
    const said = this.#saying.then(() => this.#say(type, status, details));
    this.#saying = said.catch(() => undefined);
    return said;
  }

  async #say(type: BusNotice, status: string, details: Readonly<Record<string, unknown>>): Promise<void> {
    const { sink, process, time } = this.#options;
    const name = `notices.${process}`;
    if (!this.#isKnown) this.#position = await sink.position(name);
    this.#isKnown = true;
    const sequence = (this.#position?.sequence ?? 0) + 1;
    const at = time.now();
    const to: ProjectionPosition = { runId: this.#options.runId, version: 1, sequence, at, state: '{}' };
    try {
      await sink.apply(
        name,
        [this.#envelope(type, sequence, at, { service: process, status, details })],
        this.#position,
        to,
      );
      this.#position = to;
    } catch (error) {
      // Whether it arrived is asked before the next one is said.
      this.#isKnown = false;
      throw error;
    }
  }

  #envelope(type: BusNotice, sequence: number, at: number, payload: Envelope['payload']): Envelope {
    const { runId, process } = this.#options;
    return {
      id: envelopeId({ runId: `${runId}/${process}`, sequence, type, at }),
      type,
      schema_version: 1,
      source: `tradewind/${process}`,
      ts: at,
      trace_id: randomTraceId(),
      span_id: randomSpanId(),
      key: process,
      payload,
    };
  }
}
