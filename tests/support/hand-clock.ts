import type { TimePort } from '#engine/ports.ts';

interface Timer {
  readonly at: number;
  readonly act: () => void;
  isOff: boolean;
}

/** A clock that goes when the test says so: timers fire in the order of their times, those of one time in the order they were set. */
export class HandClock implements TimePort {
  #now: number;
  /** In the order in which they fire. */
  readonly #timers: Timer[] = [];

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
    const timer: Timer = { at: this.#now + ms, act, isOff: false };
    this.#timers.splice(this.#placeOf(timer.at), 0, timer);
    return () => {
      timer.isOff = true;
    };
  }

  #placeOf(at: number): number {
    let low = 0;
    let high = this.#timers.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#timers[middle]?.at ?? Infinity) <= at) low = middle + 1;
      else high = middle;
    }
    return low;
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
      const next = this.#timers[0];
      if (next === undefined || next.at > until) break;
      this.#timers.shift();
      if (next.isOff) continue;
      // Time that was jumped over is not gone back to.
      this.#now = Math.max(this.#now, next.at);
      next.act();
      await new Promise((done) => setImmediate(done));
    }
    this.#now = Math.max(this.#now, until);
    await new Promise((done) => setImmediate(done));
  }
}
