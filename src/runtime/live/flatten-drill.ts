import type { LiveDesk } from './live-desk.ts';
import { Rounds } from './rounds.ts';

/** How long closing orders have before the venue's own means are used, and how often those are tried. */
const flattenEveryMs = 5_000;
export const flattenTriesMax = 12;

/** Sees to it that a desk that was told to be flat becomes flat: what its orders have not closed, the venue closes. */
export class FlattenDrill {
  readonly #desk: LiveDesk;
  readonly #rounds: Rounds;
  #tries = 0;

  constructor(desk: LiveDesk) {
    this.#desk = desk;
    this.#rounds = new Rounds({
      time: desk.time,
      everyMs: flattenEveryMs,
      act: () => this.#attempt(),
      onFailure: (error) => desk.problem(`closing failed: ${error instanceof Error ? error.message : String(error)}`),
    });
  }

  get isOn(): boolean {
    return this.#rounds.isOn;
  }

  /** At once where the desk's own orders cannot be relied upon, as while nothing keeps them. */
  begin(isAtOnce: boolean): void {
    this.#tries = 0;
    if (this.#rounds.isOn && isAtOnce) this.#rounds.ask();
    this.#rounds.start(isAtOnce ? 0 : flattenEveryMs);
  }

  stop(): Promise<void> {
    return this.#rounds.stop();
  }

  async #attempt(): Promise<void> {
    const { engine, venue, notice, problem } = this.#desk;
    const { state } = engine;
    const held = state.instrumentIds.filter((id) => (state.positions[id]?.signedQuantity ?? 0) !== 0);
    if (held.length === 0) return this.#rounds.halt();
    this.#tries += 1;
    if (this.#tries > flattenTriesMax) {
      this.#rounds.halt();
      problem(`still held after ${flattenTriesMax} attempts to close: ${held.join(', ')}`);
      return undefined;
    }
    for (const instrument of held) {
      try {
        await venue.closePosition(instrument);
        notice(`'${instrument}' was closed by the venue's own means`);
      } catch (error) {
        notice(`'${instrument}' was not closed: ${error instanceof Error ? error.message : String(error)}`);
      }
    }
    return undefined;
  }
}
