import type { TimePort } from '#engine/ports.ts';

export interface CircuitBreakerOptions {
  readonly time: TimePort;
  /** So many failures within the window open it. */
  readonly failuresMax?: number;
  readonly windowMs?: number;
  readonly openMs?: number;
}

/**
 * Keeps calls from a venue that fails. After some failures within a window it is open for a while; then calls go through again, and
 * the first that fails opens it anew, the first that succeeds closes it. Reductions do not ask it.
 */
export class CircuitBreaker {
  readonly #time: TimePort;
  readonly #failuresMax: number;
  readonly #windowMs: number;
  readonly #openMs: number;
  /** When the last failures were, on the clock that only goes forward; never more than open it. */
  #failedAt: number[] = [];
  #openUntil: number | undefined;

  constructor({ time, failuresMax = 5, windowMs = 30_000, openMs = 30_000 }: CircuitBreakerOptions) {
    this.#time = time;
    this.#failuresMax = failuresMax;
    this.#windowMs = windowMs;
    this.#openMs = openMs;
  }

  isOpen(): boolean {
    return this.openForMs() > 0;
  }

  /** Milliseconds until it lets calls through again; 0 while it does. */
  openForMs(): number {
    return this.#openUntil === undefined ? 0 : Math.max(0, this.#openUntil - this.#time.monotonic());
  }

  succeeded(): void {
    if (this.isOpen()) return;
    this.#openUntil = undefined;
    this.#failedAt = [];
  }

  failed(): void {
    if (this.isOpen()) return;
    const now = this.#time.monotonic();
    this.#failedAt = [...this.#failedAt.filter((at) => now - at < this.#windowMs), now];
    if (this.#openUntil === undefined && this.#failedAt.length < this.#failuresMax) return;
    this.#openUntil = now + this.#openMs;
    this.#failedAt = [];
  }
}
