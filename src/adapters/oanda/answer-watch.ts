import type { RateBudget } from '#adapters/wire/rate-budget.ts';
import type { VenueAnswer } from '#adapters/wire/venue-client.ts';
import type { TimePort } from '#engine/ports.ts';
import type { VenueHealth } from './venue-health.ts';

export interface AnswerWatchOptions {
  readonly time: TimePort;
  readonly health: VenueHealth;
  readonly budget: Pick<RateBudget, 'pausedUntil'>;
}

const refusedStatuses: ReadonlySet<number> = new Set([401, 403, 451]);

/** Reasons for which the venue takes no order of the account at all. */
const lockCodes: ReadonlySet<string> = new Set([
  'ACCOUNT_LOCKED',
  'ACCOUNT_NOT_ACTIVE',
  'ACCOUNT_ORDER_CREATION_LOCKED',
  'ACCOUNT_ORDER_FILL_LOCKED',
  'ACCOUNT_DEPOSIT_LOCKED',
  'ACCOUNT_CONFIGURATION_LOCKED',
]);

/** Draws from answers whether the account may be used and whether the venue wants to be left alone. */
export class AnswerWatch {
  readonly #options: AnswerWatchOptions;
  #isLocked = false;
  #cancelTimer: (() => void) | undefined;

  constructor(options: AnswerWatchOptions) {
    this.#options = options;
  }

  onAnswer(answer: VenueAnswer): void {
    if (answer.type === 'answered') this.onStatus(answer.status);
    if (answer.type === 'unknown' && answer.status !== undefined) this.onStatus(answer.status);
    this.lookAtLimits();
  }

  /** The status of an answer, also of one that began a stream. */
  onStatus(status: number): void {
    const { health } = this.#options;
    if (refusedStatuses.has(status)) health.impair('permission', null, `the venue answers with status '${status}'`);
    if (status >= 200 && status < 300 && !this.#isLocked) health.restore('permission', null);
  }

  /** An order was refused, or cancelled at once, for this reason. */
  onRefusedOrder(code: string): void {
    if (!lockCodes.has(code)) return;
    this.#isLocked = true;
    this.#options.health.impair('permission', null, `the venue takes no orders: '${code}'`);
  }

  /** An order was taken, so the account is not locked. */
  onTakenOrder(): void {
    this.#isLocked = false;
    this.#options.health.restore('permission', null);
  }

  /** Tells that nothing may be asked for a while, and when that is over. */
  lookAtLimits(): void {
    const { budget, health, time } = this.#options;
    this.#cancelTimer?.();
    this.#cancelTimer = undefined;
    const untilAt = budget.pausedUntil();
    if (untilAt === undefined) {
      health.restore('limits', null);
      return;
    }
    health.impair('limits', null, `nothing is asked until '${new Date(untilAt).toISOString()}'`);
    this.#cancelTimer = time.after(Math.max(1, untilAt - time.now()), () => this.lookAtLimits());
  }

  close(): void {
    this.#cancelTimer?.();
    this.#cancelTimer = undefined;
  }
}
