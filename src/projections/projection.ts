import type { TailEntry } from './tail-entry.ts';

/**
 * A pure fold of the journal's tail into changes of one sink: keys, rows, messages. It reads nothing but the entries, so that folding
 * them again gives the same sink. Its state is plain JSON data, kept by the sink beside what was written.
 */
export interface Projection<S, C> {
  /** What `bin/tradewind rebuild` calls it. */
  readonly name: string;
  /** Raised when it writes something else than before; the sink is then filled anew. */
  readonly version: number;
  initial(): S;
  /** Folds one entry in and tells what changes in the sink, in order. */
  project(state: S, entry: TailEntry, change: (change: C) => void): void;
  /**
   * Told where everything durable has been folded in. A step becomes durable as a whole, so nothing more of the last one follows: what
   * waited for the next entry to know that need not wait. It changes nothing but when the same changes are told.
   */
  settle?(state: S, change: (change: C) => void): void;
}
