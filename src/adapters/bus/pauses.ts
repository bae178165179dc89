import type { TimePort } from '#engine/ports.ts';

/** Waits that a clock ends, or whoever owns them: nobody is left waiting when a subscription closes. */
export class Pauses {
  readonly #time: TimePort;
  readonly #waiting = new Set<() => void>();
  #isEnded = false;

  constructor(time: TimePort) {
    this.#time = time;
  }

  get isEnded(): boolean {
    return this.#isEnded;
  }

  /** Resolves after a span, or when all waits are woken. */
  wait(ms: number): Promise<void> {
    if (this.#isEnded) return Promise.resolve();
    return new Promise((done) => {
      const wake = (): void => {
        takeBack();
        this.#waiting.delete(wake);
        done();
      };
      const takeBack = this.#time.after(ms, wake);
      this.#waiting.add(wake);
    });
  }

  /** Ends the waits that are on. */
  wake(): void {
    for (const wake of [...this.#waiting]) wake();
  }

  /** Ends the waits that are on and all that follow. */
  end(): void {
    this.#isEnded = true;
    this.wake();
  }
}
