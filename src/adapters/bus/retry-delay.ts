/** How long to wait before something is tried again, and how far the wait is spread. */
export interface Backoff {
  readonly baseMs: number;
  readonly maxMs: number;
  /** Share by which a wait is longer or shorter by chance. */
  readonly jitterFraction: number;
}

/** Before a handler is asked again: 1 s, 2 s, 4 s, each a fifth more or less. */
export const handlerBackoff: Backoff = { baseMs: 1_000, maxMs: 60_000, jitterFraction: 0.2 };

/** Before a store that did not answer is asked again. */
export const storeBackoff: Backoff = { baseMs: 100, maxMs: 5_000, jitterFraction: 0.2 };

const doublingsMax = 30;

/** The wait after a number of failures, 0 for the first; `chance` is a fraction from 0 up to 1. */
export function retryDelay(backoff: Backoff, failures: number, chance: number): number {
  const plainMs = Math.min(backoff.maxMs, backoff.baseMs * 2 ** Math.min(failures, doublingsMax));
  return plainMs * (1 + backoff.jitterFraction * (2 * chance - 1));
}
