import { type Envelope, parseEnvelope, streamNamesOf } from '#domain/bus/envelope.ts';
import type { ProjectionPosition } from '#domain/projection-position.ts';
import { BusError } from './bus-error.ts';
import { isPlainEnvelope } from './plain-envelope.ts';
import type { OutgoingEntry, StreamDriver } from './stream-driver.ts';
import type { PayloadCheck } from './subscription-types.ts';

/**
 * The publishing side: the sink of a projection that folds the journal's tail into envelopes. Envelopes and position are written at once,
 * so that publishing again after a crash doubles nothing while the store keeps its data, and after it lost some, what was lost is
 * published again under the same ids. The journal is the buffer of an outage: calls reject, and are made again in order.
 */
export class BusSink {
  readonly #driver: StreamDriver;
  readonly #payloadProblem: PayloadCheck;

  /** The catalogue is what payloads are held to; without one every payload is published. */
  constructor(driver: StreamDriver, payloadProblem: PayloadCheck = () => undefined) {
    this.#driver = driver;
    this.#payloadProblem = payloadProblem;
  }

  position(name: string): Promise<ProjectionPosition | undefined> {
    return this.#driver.position(name);
  }

  /**
   * Publishes envelopes and moves the position, all or nothing. Rejects with a `StaleWriterError` where another writer came first, and
   * with a `BusError`: `malformed` where one is no envelope, `unreachable` where the store is away.
   */
  async apply(
    name: string,
    envelopes: readonly Envelope[],
    from: ProjectionPosition | undefined,
    to: ProjectionPosition,
  ): Promise<void> {
    await this.#driver.publish({
      name,
      entries: envelopes.map((envelope) => outgoing(envelope, this.#payloadProblem)),
      from,
      to,
    });
  }

  /** Removes every stream and the position. Groups begin anew, and leave out what they handled within their memory. */
  wipe(name: string): Promise<void> {
    return this.#driver.wipe(name);
  }

  close(): Promise<void> {
    return this.#driver.close();
  }
}

function outgoing(envelope: Envelope, payloadProblem: PayloadCheck): OutgoingEntry {
  const { id, type } = envelope;
  const parsed = isPlainEnvelope(envelope) ? { envelope } : parseEnvelope(envelope);
  const problem = 'problem' in parsed ? parsed.problem : payloadProblem(envelope);
  if (problem !== undefined) throw new BusError('malformed', `envelope '${id}' of type '${type}': ${problem}`);
  const streams = streamNamesOf(type);
  return { typeStream: streams.type, domainStream: streams.domain, text: JSON.stringify(envelope) };
}
