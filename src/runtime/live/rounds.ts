import type { TimePort } from '#engine/ports.ts';

export interface RoundsOptions {
  readonly time: TimePort;
  readonly everyMs: number;
  /** One round; a rejection is told and the next round comes all the same. */
  act(): Promise<void>;
  onFailure(error: unknown): void;
}

/** Does something again and again, one round at a time. */
export class Rounds {
  readonly #options: RoundsOptions;
  #cancel: () => void = () => undefined;
  #running: Promise<void> | undefined;
  #isAsked = false;
  #isOn = false;

  constructor(options: RoundsOptions) {
    this.#options = options;
  }

  get isOn(): boolean {
    return this.#isOn;
  }

  /** The first round comes after a span; the usual one unless told. */
  start(firstMs = this.#options.everyMs): void {
    if (this.#isOn) return;
    this.#isOn = true;
    this.#schedule(firstMs);
  }

  /** A round as soon as can be: at once, or when the one that is on its way is over. */
  ask(): void {
    if (!this.#isOn) return;
    this.#isAsked = true;
    if (this.#running === undefined) this.#schedule(0);
  }

  /** No round begins any more. */
  halt(): void {
    this.#isOn = false;
    this.#cancel();
  }

  /** Resolves when the round that is on its way is over, too. */
  async stop(): Promise<void> {
    this.halt();
    await this.#running;
  }

  #schedule(ms: number): void {
    this.#cancel();
    this.#cancel = this.#options.time.after(ms, () => {
      this.#isAsked = false;
      this.#running = this.#round();
    });
  }

  async #round(): Promise<void> {
    try {
      await this.#options.act();
    } catch (error) {
      this.#options.onFailure(error);
    }
    this.#running = undefined;
    if (this.#isOn) this.#schedule(this.#isAsked ? 0 : this.#options.everyMs);
  }
}
