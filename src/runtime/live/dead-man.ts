import type { LiveDesk } from './live-desk.ts';
import { Rounds } from './rounds.ts';

/** The venue cancels by itself after this long without a word, and hears from us four times as often. */
const deadManMs = 120_000;
const renewEveryMs = 30_000;

/** Keeps the venue's own dead-man switch wound up while the desk is armed. A venue without one is left alone. */
export class DeadMan {
  readonly #desk: LiveDesk;
  readonly #rounds: Rounds;
  #isWound = false;

  constructor(desk: LiveDesk) {
    this.#desk = desk;
    this.#rounds = new Rounds({
      time: desk.time,
      everyMs: renewEveryMs,
      act: () => this.#renew(desk.engine.state.isArmed),
      onFailure: (error) => {
        desk.notice(
          `the venue's dead-man switch was not renewed: ${error instanceof Error ? error.message : String(error)}`,
        );
      },
    });
  }

  start(): void {
    if (this.#desk.venue.traits.hasDeadManSwitch) this.#rounds.start(0);
  }

  /** The desk was armed or disarmed. */
  ask(): void {
    this.#rounds.ask();
  }

  /** Switches it off; a venue that does not answer lets it run out. */
  async stop(): Promise<void> {
    await this.#rounds.stop();
    try {
      await this.#renew(false);
    } catch (error) {
      this.#desk.notice(
        `the venue's dead-man switch was left on: ${error instanceof Error ? error.message : String(error)}`,
      );
    }
  }

  async #renew(isWanted: boolean): Promise<void> {
    if (!isWanted && !this.#isWound) return;
    // A request that fails may have arrived.
    if (isWanted) this.#isWound = true;
    await this.#desk.venue.renewDeadMan(isWanted ? deadManMs : 0);
    this.#isWound = isWanted;
  }
}
