import type { EventByType } from '#domain/events.ts';
import type { InstrumentId } from '#domain/instrument.ts';

/** What the engine asks of a venue. Handed over only when durable. */
export type Command = EventByType['order.submitted' | 'order.cancelRequested' | 'order.amendRequested'];

/** What the market tells. */
export type MarketEvent = EventByType['bar.closed' | 'quote.updated'];

/** What a venue answers. */
export type VenueEvent = EventByType[
  | 'order.accepted'
  | 'order.rejected'
  | 'order.filled'
  | 'order.canceled'
  | 'order.expired'
  | 'order.amended'
  | 'financing.charged'
  | 'account.closedOut'];

/** The venue's own books, asked for at every start: the truth about what happened there. */
export interface VenueReport {
  readonly balance: number;
  readonly positions: readonly {
    readonly instrument: InstrumentId;
    readonly signedQuantity: number;
    readonly cost: number;
  }[];
  readonly openOrderIds: readonly string[];
}

/** Market data in the order of its events' times, bars of one minute sorted by instrument id. */
export interface FeedPort {
  /** The time of the next event, or infinity at the end. */
  peekAt(): number;
  /** The next event, or undefined at the end. */
  next(): MarketEvent | undefined;
}

/** A venue as the synchronous loop sees it: commands in, events out when they are due. */
export interface VenuePort {
  send(command: Command): void;
  /** Shows market data and the clock to a simulated venue; a real one has its own and ignores it. */
  observe(event: MarketEvent | EventByType['time.ticked']): void;
  /** The next event due at or before a time, in order, or undefined. */
  poll(at: number): VenueEvent | undefined;
  report(): VenueReport;
}

/** The journal as the loop sees it: append is immediate, durability comes later. */
export interface JournalPort {
  append(event: object): number;
  readonly durableSequence: number;
}

/** Time and chance as adapters see them. The system's own in a process; tests drive it by hand. */
export interface TimePort {
  /** Milliseconds UTC. */
  now(): number;
  /** Milliseconds that only ever go forward. */
  monotonic(): number;
  /** Acts once after a span of milliseconds; the answer takes it back. */
  after(ms: number, act: () => void): () => void;
  /** A fraction from 0 up to 1, for spreading retries. */
  random(): number;
}
