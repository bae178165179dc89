import type { SocialTrouble } from '#domain/social.ts';
import type { TimePort } from '#engine/ports.ts';

/** A question's outcome as it is kept: a value, or why there is none and when to ask again at the earliest. */
export type Outcome<T> =
  | { readonly type: 'value'; readonly value: T }
  | { readonly type: 'trouble'; readonly trouble: SocialTrouble; readonly retryAt: number };

export interface KeptAnswerOptions<T> {
  readonly time: TimePort;
  /** Younger than this, a value is given without asking. */
  readonly freshMs: number;
  /** Older than this, it is not given any more. */
  readonly keptMs: number;
  readonly ask: () => Promise<Outcome<T>>;
}

/** What is at hand: a value with its time, or none; and the trouble that the last question ended in. */
export interface KeptReading<T> {
  readonly held: { readonly value: T; readonly askedAt: number } | undefined;
  readonly trouble: SocialTrouble | null;
}

const holdMsFirst = 30_000;
const holdMsMax = 1_800_000;
const doublingsMax = 10;

/**
 * One answer, kept: given while fresh; given and renewed behind the caller's back while it is merely old; waited for where there is none.
 * One question at most is under way, and after a failure there is none for 30 seconds, then twice as long each time up to half an hour.
 */
export class KeptAnswer<T> {
  readonly #options: KeptAnswerOptions<T>;
  #held: { readonly value: T; readonly askedAt: number } | undefined;
  #trouble: SocialTrouble | null = null;
  #failures = 0;
  #notBefore = 0;
  #underWay: Promise<void> | undefined;

  constructor(options: KeptAnswerOptions<T>) {
    this.#options = options;
  }

  async read(): Promise<KeptReading<T>> {
    const { time, freshMs } = this.#options;
    if (this.#isYounger(freshMs)) return { held: this.#held, trouble: null };
    if (this.#underWay === undefined && time.now() >= this.#notBefore) this.#underWay = this.#renew();
    if (!this.#isYounger(this.#options.keptMs)) await this.#underWay;
    return { held: this.#isYounger(this.#options.keptMs) ? this.#held : undefined, trouble: this.#trouble };
  }

  #isYounger(ms: number): boolean {
    return this.#held !== undefined && this.#options.time.now() - this.#held.askedAt < ms;
  }

  async #renew(): Promise<void> {
    const { time, ask } = this.#options;
    const outcome = await ask();
    this.#underWay = undefined;
    if (outcome.type === 'value') {
      this.#held = { value: outcome.value, askedAt: time.now() };
      this.#trouble = null;
      this.#failures = 0;
      return;
    }
    const holdMs = Math.min(holdMsMax, holdMsFirst * 2 ** Math.min(this.#failures, doublingsMax));
    this.#failures += 1;
    this.#trouble = outcome.trouble;
    this.#notBefore = Math.max(outcome.retryAt, time.now() + holdMs);
  }
}
