import type { TimePort } from '#engine/ports.ts';

/** A clock that goes when the test says so: timers fire in the order of their times. */
export class HandClock implements TimePort {
  #now: number;
  #timers: { at: number; act: () => void }[] = [];

  constructor(now = 1_700_000_000_000) {
    this.#now = now;
  }

  now(): number {
    return this.#now;
  }

  monotonic(): number {
    return this.#now;
  }

  after(ms: number, act: () => void): () => void {
    const timer = { at: this.#now + ms, act };
    this.#timers.push(timer);
    return () => {
      this.#timers = this.#timers.filter((kept) => kept !== timer);
    };
  }

  random(): number {
    return 0.5;
  }

  /** Lets time be over without a timer having had its turn, as work does that holds everything up. */
  jump(ms: number): void {
    this.#now += ms;
  }

  /** Lets time pass, and lets what the timers began go on as far as it can without the clock. */
  async pass(ms: number): Promise<void> {
    const until = this.#now + ms;
    for (;;) {
      const next = this.#timers.filter(({ at }) => at <= until).sort((left, right) => left.at - right.at)[0];
      if (next === undefined) break;
      this.#timers = this.#timers.filter((kept) => kept !== next);
      this.#now = next.at;
      next.act();
      await new Promise((done) => setImmediate(done));
    }
    this.#now = until;
    await new Promise((done) => setImmediate(done));
  }
}
