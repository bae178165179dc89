import type { LiveVenuePort } from '#engine/live-port.ts';
import { protectiveOrderIds } from '#engine/protective-orders.ts';
import type { LiveDesk } from './live-desk.ts';
import { Rounds } from './rounds.ts';

/** Time between two attempts, and how many there are before somebody is woken up. */
const cancelEveryMs = 2_000;
export const cancelTriesMax = 30;

/** Cancels everything at the venue but what protects positions. Rejects nothing: problems are told in words. */
export async function cancelAllBut(venue: LiveVenuePort, keep: ReadonlySet<string>): Promise<readonly string[]> {
  try {
    return (await venue.cancelAll(keep)).problems;
  } catch (error) {
    return [error instanceof Error ? error.message : String(error)];
  }
}

/**
 * What follows an engaged switch at the venue, beside the cancels that the engine decides on: every working order of both families is
 * cancelled by the venue's own means, until nothing is left to be cancelled. It needs neither journal nor stores.
 */
export class CancelDrill {
  readonly #desk: LiveDesk;
  readonly #rounds: Rounds;
  #tries = 0;

  constructor(desk: LiveDesk) {
    this.#desk = desk;
    this.#rounds = new Rounds({
      time: desk.time,
      everyMs: cancelEveryMs,
      act: () => this.#attempt(),
      onFailure: (error) =>
        desk.problem(`cancelling failed: ${error instanceof Error ? error.message : String(error)}`),
    });
  }

  get isOn(): boolean {
    return this.#rounds.isOn;
  }

  /** At once, and again until it is done. */
  begin(): void {
    this.#tries = 0;
    if (this.#rounds.isOn) this.#rounds.ask();
    else this.#rounds.start(0);
  }

  stop(): Promise<void> {
    return this.#rounds.stop();
  }

  async #attempt(): Promise<void> {
    const { venue, engine } = this.#desk;
    this.#tries += 1;
    const problems = await cancelAllBut(venue, protectiveOrderIds(engine.state));
    if (problems.length === 0) return this.#rounds.halt();
    this.#desk.notice(`the kill switch has not cancelled everything: ${problems.join('; ')}`);
    if (this.#tries < cancelTriesMax) return undefined;
    this.#rounds.halt();
    this.#desk.problem(`orders may still work at the venue after ${cancelTriesMax} attempts: ${problems.join('; ')}`);
    return undefined;
  }
}
