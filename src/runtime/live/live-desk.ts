import type { Event } from '#domain/events.ts';
import type { Engine } from '#engine/engine.ts';
import type { LiveVenuePort } from '#engine/live-port.ts';
import type { TimePort } from '#engine/ports.ts';

type Unstamped<E> = E extends unknown ? Omit<E, 'at'> : never;

/** What is handed to the engine, before its time is on it. */
export type LiveInput = Unstamped<Event>;

/** A live desk as the parts beside its pump see it: they ask the venue, and tell the engine what it says. */
export interface LiveDesk {
  readonly engine: Engine;
  readonly venue: LiveVenuePort;
  readonly time: TimePort;
  /**
   * Hands inputs to the engine in order, at the present, after everything that has arrived before; durable when it returns. Throws once
   * the run has failed.
   */
  tell(inputs: readonly LiveInput[]): void;
  /** Grows with whatever may change the account's books: what arrives of orders and money, and what is sent. */
  readonly activity: number;
  /** A movement of money that the engine knows already. */
  isTold(input: LiveInput): boolean;
  /** Worth a line in the log. */
  notice(text: string): void;
  /** Worth waking somebody up. */
  problem(text: string): void;
}
