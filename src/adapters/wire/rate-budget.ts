import { assert } from '#base/assert.ts';
import type { TimePort } from '#engine/ports.ts';
import type { Ban, BanStore } from './ban-store.ts';
import type { CallPriority } from './call-priority.ts';
import { type RateWindow, WindowUsage } from './window-usage.ts';

const waitersMax = 512;
/** The longest ban a venue is known to give; what claims to be longer is cut to it. */
const pauseMsMax = 3 * 24 * 60 * 60_000;
const ranks: Readonly<Record<CallPriority, number>> = { reduction: 0, normal: 1, background: 2 };

/** What a call takes of each window, whole numbers by the window's name. */
export type CallCosts = Readonly<Record<string, number>>;

/** Why nothing was taken. `retryAt` is the earliest instant, ms UTC, at which it could be. */
export interface BudgetDenial {
  readonly denied: 'LIMIT' | 'PAUSED' | 'QUEUE_FULL';
  readonly reason: string;
  readonly retryAt: number;
}

export interface RateBudgetOptions {
  readonly time: TimePort;
  readonly windows: readonly RateWindow[];
  /** The share of each window that we use. */
  readonly useFraction?: number;
  /** The share of what we use that is kept for reductions. */
  readonly reserveFraction?: number;
  /** Where the last pause is kept, so that a new start goes on with it. */
  readonly bans?: BanStore;
}

interface Waiter {
  readonly costs: readonly (readonly [WindowUsage, number])[];
  readonly priority: CallPriority;
  /** On the clock that only goes forward. */
  readonly untilAt: number;
  readonly settle: (outcome: 'taken' | BudgetDenial) => void;
}

/**
 * What a venue lets us ask, over all of its limits at once. Calls wait for their turn, reductions first; one that waits holds back only
 * those behind it that need a window of its own. During a pause, which is what a ban leads to, nothing is taken.
 */
export class RateBudget {
  readonly #time: TimePort;
  readonly #windows: ReadonlyMap<string, WindowUsage>;
  readonly #bans: BanStore | undefined;
  /** By rank, and by arrival within it. */
  #waiters: Waiter[] = [];
  #pause: (Ban & { readonly overAt: number }) | undefined;
  #cancelWake: () => void = () => undefined;

  constructor({ time, windows, useFraction = 0.8, reserveFraction = 0.2, bans }: RateBudgetOptions) {
    this.#time = time;
    this.#windows = new Map(
      windows.map((window) => [window.name, new WindowUsage(window, { useFraction, reserveFraction })]),
    );
    this.#bans = bans;
    const ban = bans?.read();
    if (ban !== undefined) this.#beginPause(ban);
  }

  /** Takes the costs as soon as they fit. Denied as soon as it is certain that they will not within the time. */
  take(costs: CallCosts, priority: CallPriority, timeoutMs: number): Promise<'taken' | BudgetDenial> {
    const priced = this.#priced(costs, priority);
    return new Promise((settle) => {
      this.#enqueue({ costs: priced, priority, untilAt: this.#time.monotonic() + timeoutMs, settle });
      this.#serve();
    });
  }

  /** Takes the venue's word on how much of a window is used, where that is more than we know of: others share the window. */
  learn(windowName: string, usedAtVenue: number): void {
    if (usedAtVenue > 0) this.#window(windowName).raiseTo(usedAtVenue, this.#time.monotonic());
  }

  /**
   * Lets nothing through until an instant, ms UTC, at most three days ahead. A shorter pause than the one in force changes nothing. The
   * pause is in force also where keeping it fails and that error is thrown.
   */
  pause(untilAt: number, reason: string): void {
    assert(Number.isFinite(untilAt), `a pause ends at an instant, found '${untilAt}'`);
    const isLonger = this.#beginPause({ untilAt, reason });
    if (!isLonger || this.#pause === undefined) return;
    this.#serve();
    this.#bans?.write({ untilAt: this.#pause.untilAt, reason });
  }

  /** The end of the pause in force, ms UTC. */
  pausedUntil(): number | undefined {
    return this.#pauseMs() > 0 ? this.#pause?.untilAt : undefined;
  }

  #beginPause({ untilAt, reason }: Ban): boolean {
    const now = this.#time.now();
    const spanMs = Math.min(untilAt - now, pauseMsMax);
    if (spanMs <= this.#pauseMs()) return false;
    this.#pause = { untilAt: now + spanMs, reason, overAt: this.#time.monotonic() + spanMs };
    return true;
  }

  #pauseMs(): number {
    return this.#pause === undefined ? 0 : Math.max(0, this.#pause.overAt - this.#time.monotonic());
  }

  #window(name: string): WindowUsage {
    const window = this.#windows.get(name);
    assert(window !== undefined, `a window of the budget is needed, found '${name}'`);
    return window;
  }

  #priced(costs: CallCosts, priority: CallPriority): Waiter['costs'] {
    return Object.entries(costs).map(([name, cost]) => {
      const window = this.#window(name);
      const limit = window.limitOf(priority);
      assert(
        Number.isSafeInteger(cost) && cost >= 0 && cost <= limit,
        `a cost in '${name}' is a whole number up to ${limit}, found '${cost}'`,
      );
      return [window, cost] as const;
    });
  }

  /** Where the queue is full, whoever is last in it goes, which may be the one that came. */
  #enqueue(waiter: Waiter): void {
    const rank = ranks[waiter.priority];
    const behind = this.#waiters.findIndex(({ priority }) => ranks[priority] > rank);
    this.#waiters.splice(behind === -1 ? this.#waiters.length : behind, 0, waiter);
    if (this.#waiters.length <= waitersMax) return;
    const last = this.#waiters.pop();
    if (last !== undefined) this.#deny(last, 'QUEUE_FULL', this.#waitMs(last));
  }

  /** Lets through what fits, sends away what cannot be in time, and comes back when the next of those that wait may fit. */
  #serve(): void {
    this.#cancelWake();
    const now = this.#time.monotonic();
    const held = new Set<WindowUsage>();
    let wakeMs = Number.POSITIVE_INFINITY;
    this.#waiters = this.#waiters.filter((waiter) => {
      const waitMs = this.#waitMs(waiter);
      const windows = waiter.costs.filter(([, cost]) => cost > 0).map(([window]) => window);
      const isFree = !windows.some((window) => held.has(window));
      if (waitMs === 0 && isFree) return this.#let(waiter);
      const leftMs = waiter.untilAt - now;
      if (leftMs <= 0 || waitMs > leftMs) return this.#deny(waiter, this.#pauseMs() > 0 ? 'PAUSED' : 'LIMIT', waitMs);
      for (const window of windows) held.add(window);
      wakeMs = Math.min(wakeMs, leftMs, waitMs > 0 ? waitMs : leftMs);
      return true;
    });
    this.#cancelWake = this.#waiters.length === 0 ? () => undefined : this.#wakeIn(wakeMs);
  }

  #wakeIn(ms: number): () => void {
    return this.#time.after(Math.max(1, Math.ceil(ms)), () => this.#serve());
  }

  #waitMs({ costs, priority }: Waiter): number {
    const now = this.#time.monotonic();
    return costs.reduce((ms, [window, cost]) => Math.max(ms, window.waitMs(cost, priority, now)), this.#pauseMs());
  }

  #let(waiter: Waiter): false {
    const now = this.#time.monotonic();
    for (const [window, cost] of waiter.costs) window.add(cost, now);
    waiter.settle('taken');
    return false;
  }

  #deny(waiter: Waiter, denied: BudgetDenial['denied'], waitMs: number): false {
    const reasons: Record<BudgetDenial['denied'], string> = {
      LIMIT: `the limits of the venue leave no room for ${waiter.costs.map(([{ name }]) => `'${name}'`).join(' and ')} in time`,
      PAUSED: `the venue is not asked until '${this.#pause?.untilAt}': ${this.#pause?.reason}`,
      QUEUE_FULL: `at most ${waitersMax} calls wait`,
    };
    waiter.settle({ denied, reason: reasons[denied], retryAt: Math.ceil(this.#time.now() + waitMs) });
    return false;
  }
}
