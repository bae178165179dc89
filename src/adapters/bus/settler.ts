import type { TimePort } from '#engine/ports.ts';
import { messageOf } from './bus-error.ts';
import type { Pauses } from './pauses.ts';
import { retryDelay, storeBackoff } from './retry-delay.ts';
import type { DeadLetter, EntryPlace, StreamDriver } from './stream-driver.ts';

/** The end of one delivery. */
export interface Outcome {
  readonly place: EntryPlace;
  /** The envelope's id, where it was handled. */
  readonly processedId: string | null;
  readonly letter: { readonly stream: string; readonly letter: DeadLetter } | null;
  /** Called once the store knows. */
  onSettled(): void;
}

export interface SettlerOptions {
  readonly driver: StreamDriver;
  readonly time: TimePort;
  readonly pauses: Pauses;
  readonly group: string;
  /** Some deliveries are on their way to the store: what is asked of the driver from now on comes after them. */
  onSent(): void;
  onFailure(message: string): void;
}

/**
 * Tells the store which deliveries are done: in order, many at a time, and again until it has taken it. What is in hand is bounded, and so
 * is what waits here.
 */
export class Settler {
  readonly #options: SettlerOptions;
  #owed: Outcome[] = [];
  #sent = 0;
  #working: Promise<void> | undefined;

  constructor(options: SettlerOptions) {
    this.#options = options;
  }

  /** How many deliveries are on their way to the store. */
  get sent(): number {
    return this.#sent;
  }

  add(outcome: Outcome): void {
    this.#owed.push(outcome);
    this.#working ??= this.#work();
  }

  /** Resolves when all is told. Once the waits are ended a store that does not answer is not asked again: the deliveries come back. */
  async settled(): Promise<void> {
    await this.#working;
  }

  async #work(): Promise<void> {
    // What else ends in this turn of the process goes with the same call.
    await new Promise((done) => setImmediate(done));
    for (let failures = 0; this.#owed.length > 0; ) {
      const batch = this.#owed;
      this.#owed = [];
      const problem = await this.#settle(batch, failures === 0);
      if (problem === undefined) {
        failures = 0;
        for (const { onSettled } of batch) onSettled();
        continue;
      }
      this.#owed = [...batch, ...this.#owed];
      this.#options.onFailure(problem);
      const { pauses, time } = this.#options;
      if (pauses.isEnded) break;
      await pauses.wait(retryDelay(storeBackoff, failures, time.random()));
      failures += 1;
    }
    this.#working = undefined;
  }

  /** What went wrong, undefined for nothing. */
  async #settle(batch: readonly Outcome[], isHopeful: boolean): Promise<string | undefined> {
    const { driver, group, time } = this.#options;
    try {
      const settling = driver.settle({
        group,
        acknowledged: batch.map(({ place }) => place),
        processedIds: batch.flatMap(({ processedId }) => processedId ?? []),
        letters: batch.flatMap(({ letter }) => letter ?? []),
        at: time.now(),
      });
      // A store that has just refused may refuse again, so that nothing is asked for on the strength of a second try.
      if (isHopeful) this.#tellSent(batch.length);
      await settling;
      return undefined;
    } catch (error) {
      return messageOf(error);
    } finally {
      this.#sent = 0;
    }
  }

  #tellSent(count: number): void {
    this.#sent = count;
    this.#options.onSent();
  }
}
