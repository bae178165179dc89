import type { RateBudget } from '#adapters/wire/rate-budget.ts';
import type { TimePort } from '#engine/ports.ts';
import { modeProblem, readAccountMode } from './account-mode.ts';
import type { Impairments } from './impairments.ts';
import type { MarketTable } from './market-table.ts';
import type { Measure, Verdict } from './outcome.ts';
import { offsetMsMax } from './preflight.ts';
import type { BinanceRest } from './rest.ts';

const clockEveryMs = 600_000;
const filtersEveryMs = 3_600_000;
const modeEveryMs = 300_000;
/** Our two clocks are compared this often: where they part by more than so much, the time of day was set. */
const stepEveryMs = 10_000;
const stepMsMax = 250;
/** Filters and clock are asked for no more often than this, whatever answers ask for. */
const urgentEveryMs = 5_000;
const orderPauseMs = 10_000;

export interface TroubleWatchOptions {
  readonly time: TimePort;
  readonly rest: BinanceRest;
  readonly budget: RateBudget;
  readonly table: MarketTable;
  readonly impairments: Impairments;
  readonly onNotice: (text: string) => void;
}

/** Looks after what is neither market nor orders: clock, filters, account mode, permissions and limits. */
export class TroubleWatch {
  readonly #options: TroubleWatchOptions;
  readonly #timers = new Set<() => void>();
  readonly #askedAt = new Map<string, number>();
  #isClosed = false;
  #isForbidden = false;
  #parted: number;

  constructor(options: TroubleWatchOptions) {
    this.#options = options;
    this.#parted = options.time.now() - options.time.monotonic();
  }

  open(): void {
    this.#every(clockEveryMs, () => this.#syncClock());
    this.#every(filtersEveryMs, () => this.#options.table.refresh());
    this.#every(modeEveryMs, () => this.checkMode());
    this.#every(stepEveryMs, () => this.#watchSteps());
    this.#judgeClock();
    this.onMeasure('none');
  }

  close(): void {
    this.#isClosed = true;
    for (const cancel of this.#timers) cancel();
    this.#timers.clear();
  }

  /** Does what an answer asks for. */
  onMeasure(measure: Measure, verdict?: Verdict): void {
    const { impairments } = this.#options;
    const reason = verdict === undefined ? '' : `the venue answered '${verdict.code}': ${verdict.reason}`;
    switch (measure) {
      case 'none':
        this.#admitted();
        return;
      case 'ban':
        this.#limited(reason, this.#options.budget.pausedUntil());
        return;
      case 'orderLimit':
        this.#limited(reason, this.#options.time.now() + orderPauseMs);
        return;
      case 'resyncClock':
        this.#urgent('clock', () => this.#syncAnew());
        return;
      case 'refreshFilters':
        this.#urgent('filters', () => this.#options.table.refresh());
        return;
      case 'permission':
        impairments.impair({ part: 'permission', instrument: null, reason });
        return;
      case 'forbidden':
        this.#isForbidden = true;
        impairments.impair({ part: 'permission', instrument: null, reason });
        return;
      case 'accountMode':
        impairments.impair({ part: 'accountMode', instrument: null, reason });
        this.#urgent('mode', () => this.checkMode());
    }
  }

  /** Reads how the account is set; one that may trade and is set as it must be lifts what stood against it. */
  async checkMode(): Promise<void> {
    const { rest, impairments } = this.#options;
    const mode = await readAccountMode(rest);
    const problem = modeProblem(mode);
    if (problem === undefined) impairments.restore('accountMode', null);
    else impairments.impair({ part: 'accountMode', instrument: null, reason: problem });
    if (mode.canTrade === false) {
      impairments.impair({ part: 'permission', instrument: null, reason: 'the account may not trade' });
    } else impairments.restore('permission', null);
  }

  /** A call was let in: a door that was shut is open, and a ban that we were in at the start is over. */
  #admitted(): void {
    const { budget, impairments } = this.#options;
    const until = budget.pausedUntil();
    if (until !== undefined) this.#limited('a ban is in force', until);
    if (!this.#isForbidden) return;
    this.#isForbidden = false;
    impairments.restore('permission', null);
  }

  #limited(reason: string, until: number | undefined): void {
    const { time, impairments, budget } = this.#options;
    if (until === undefined) return;
    impairments.impair({ part: 'limits', instrument: null, reason: reason === '' ? 'the limits are used up' : reason });
    this.#after(Math.max(1, until - time.now()), () => {
      if (budget.pausedUntil() === undefined) impairments.restore('limits', null);
      else this.#limited(reason, budget.pausedUntil());
    });
  }

  async #syncClock(): Promise<void> {
    await this.#options.rest.syncClock();
    this.#judgeClock();
  }

  /** What was measured before says nothing any more. */
  #syncAnew(): Promise<void> {
    this.#options.rest.forgetClock();
    return this.#syncClock();
  }

  #judgeClock(): void {
    const { rest, impairments } = this.#options;
    const offset = rest.offsetMs;
    if (offset !== undefined && Math.abs(offset) <= offsetMsMax) {
      impairments.restore('clock', null);
      return;
    }
    const found = offset === undefined ? 'unknown' : `${Math.round(offset)} ms`;
    const reason = `the venue's clock is to be at most '${offsetMsMax}' ms from ours, found '${found}'`;
    impairments.impair({ part: 'clock', instrument: null, reason });
  }

  /** A step of the time of day makes every sample wrong that was taken before it. */
  async #watchSteps(): Promise<void> {
    const { time, impairments } = this.#options;
    const parted = time.now() - time.monotonic();
    const isStep = Math.abs(parted - this.#parted) > stepMsMax;
    this.#parted = parted;
    // A clock that is off is looked at until it is right again.
    if (isStep) await this.#syncAnew();
    else if (impairments.isImpaired('clock', null)) await this.#syncClock();
  }

  #urgent(name: string, act: () => Promise<void>): void {
    const now = this.#options.time.monotonic();
    if (now - (this.#askedAt.get(name) ?? Number.NEGATIVE_INFINITY) < urgentEveryMs) return;
    this.#askedAt.set(name, now);
    void this.#guarded(act);
  }

  #every(ms: number, act: () => Promise<void>): void {
    this.#after(ms, () => {
      void this.#guarded(act);
      this.#every(ms, act);
    });
  }

  async #guarded(act: () => Promise<void>): Promise<void> {
    try {
      await act();
    } catch (error) {
      this.#options.onNotice(`a look at the venue failed: ${error instanceof Error ? error.message : 'no reason'}`);
    }
  }

  #after(ms: number, act: () => void): void {
    if (this.#isClosed) return;
    const cancel = this.#options.time.after(ms, () => {
      this.#timers.delete(cancel);
      act();
    });
    this.#timers.add(cancel);
  }
}
