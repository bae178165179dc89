import { assert } from '#base/assert.ts';
import type { CallPriority } from './call-priority.ts';

/** One limit of the venue: so much within any span of this length. */
export interface RateWindow {
  readonly name: string;
  readonly capacity: number;
  readonly windowMs: number;
}

/** How much of a window may be used at all, and how much of that is kept for reductions. */
export interface WindowShares {
  readonly useFraction: number;
  readonly reserveFraction: number;
}

interface Usage {
  readonly at: number;
  cost: number;
}

/**
 * What was taken of one window within its last span, which slides: a venue that counts by the minute on its own clock never sees more,
 * wherever its minutes begin. All instants are of the clock that only goes forward.
 */
export class WindowUsage {
  readonly name: string;
  readonly #window: RateWindow;
  readonly #reductionLimit: number;
  readonly #normalLimit: number;
  /** In the order of time, one an instant and of at least 1, so never more than the capacity. */
  readonly #usages: Usage[] = [];
  #used = 0;

  constructor(window: RateWindow, { useFraction, reserveFraction }: WindowShares) {
    const { name, capacity, windowMs } = window;
    assert(
      Number.isSafeInteger(capacity) && capacity > 0,
      `a window's capacity is a whole number, found '${capacity}'`,
    );
    assert(windowMs > 0, `a window has a length, found '${windowMs}'`);
    this.name = name;
    this.#window = window;
    this.#reductionLimit = Math.max(1, Math.floor(capacity * useFraction));
    this.#normalLimit = Math.max(1, this.#reductionLimit - Math.ceil(this.#reductionLimit * reserveFraction));
  }

  /** How much may be used at once by calls of a priority. */
  limitOf(priority: CallPriority): number {
    return priority === 'reduction' ? this.#reductionLimit : this.#normalLimit;
  }

  /** Milliseconds until so much more fits; 0 where it does. */
  waitMs(cost: number, priority: CallPriority, at: number): number {
    this.#forget(at);
    let excess = this.#used + cost - this.limitOf(priority);
    if (cost === 0 || excess <= 0) return 0;
    for (const usage of this.#usages) {
      excess -= usage.cost;
      if (excess <= 0) return usage.at + this.#window.windowMs - at;
    }
    return this.#window.windowMs;
  }

  add(cost: number, at: number): void {
    this.#forget(at);
    if (cost === 0) return;
    const last = this.#usages.at(-1);
    if (last?.at === at) last.cost += cost;
    else this.#usages.push({ at, cost });
    this.#used += cost;
  }

  /** Takes the venue's word where it has counted more than we did: others use the same window. */
  raiseTo(usedAtVenue: number, at: number): void {
    this.#forget(at);
    const more = Math.min(usedAtVenue, this.#window.capacity) - this.#used;
    if (more > 0) this.add(Math.ceil(more), at);
  }

  #forget(at: number): void {
    let first = this.#usages[0];
    while (first !== undefined && at - first.at >= this.#window.windowMs) {
      this.#used -= first.cost;
      this.#usages.shift();
      first = this.#usages[0];
    }
  }
}
