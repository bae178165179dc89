import type { EventByType } from '#domain/events.ts';
import type { InstrumentId } from '#domain/instrument.ts';

/** What the engine asks of a venue. Handed over only when durable. */
export type Command = EventByType['order.submitted' | 'order.cancelRequested' | 'order.amendRequested'];

/** What the market tells. */
export type MarketEvent = EventByType['bar.closed' | 'quote.updated'];

/** What only a real venue's streams tell of the market. */
export type VenueMarketEvent = EventByType['mark.updated' | 'depth.updated' | 'instrument.changed'];

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

/** What only a real venue tells: orders of other hands, money that moved, and how well it can be reached. */
export type LiveVenueEvent = EventByType[
  | 'order.unresolved'
  | 'order.adopted'
  | 'balance.changed'
  | 'venue.impaired'
  | 'venue.restored'
  | 'message.quarantined'];

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

/** One request over HTTP. Header names are in lower case on both ways. */
export interface HttpRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
}

export interface HttpAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export interface Connection {
  /** Ends it; the listener hears of it like of any other end. */
  close(): void;
}

export interface SocketConnection extends Connection {
  /** Sends a text; one that is sent while the socket is not open is lost. */
  send(text: string): void;
}

export interface StreamListener {
  onOpen(answer: Pick<HttpAnswer, 'status' | 'headers'>): void;
  onBytes(bytes: Uint8Array): void;
  /** Once, whatever ended it. */
  onClose(reason: string): void;
}

export interface SocketListener {
  onOpen(): void;
  onText(text: string): void;
  /** The other side asked whether we are alive; it has been answered. */
  onPing(): void;
  /** Once, whatever ended it. */
  onClose(reason: string): void;
}

/** The network as adapters see it. The system's own in a process; simulators stand behind another one on virtual time. */
export interface NetworkPort {
  /**
   * A whole answer, of whatever status. Redirects are not followed and nothing is ever sent again. Rejects with a `NetworkError` where
   * no whole answer came within the time, or one beyond the size allowed.
   */
  request(request: HttpRequest, timeoutMs: number): Promise<HttpAnswer>;
  /** An answer without an end, as it comes. */
  stream(request: HttpRequest, listener: StreamListener): Connection;
  socket(url: string, listener: SocketListener): SocketConnection;
}
