import type { Instrument, InstrumentId } from '#domain/instrument.ts';
import type { OrderType, Side } from '#domain/order.ts';
import type { Command, LiveVenueEvent, MarketEvent, VenueEvent, VenueMarketEvent } from './ports.ts';

type Unstamped<E> = E extends unknown ? Omit<E, 'at'> : never;

/** What a venue tells, before the engine's own time is on it. The venue's time, where it gives one, is inside. */
export type VenueInput = Unstamped<MarketEvent | VenueMarketEvent | VenueEvent | LiveVenueEvent>;

/** A closed bar of the past, prices in ticks. */
export type HistoryBar = Omit<Unstamped<Extract<MarketEvent, { type: 'bar.closed' }>>, 'type'>;

/** Which hosts and keys: `simulated` is a simulator of ours. A key belongs to exactly one. */
export type VenueEnvironment = 'simulated' | 'practice' | 'live';

/** What a venue does by itself, and so the desk need not do. */
export interface VenueTraits {
  /** The venue places an entry's stop and target itself, in one piece with the entry. */
  readonly hasNativeBrackets: boolean;
  /** The venue cancels orders by itself when it does not hear of us for a while. */
  readonly hasDeadManSwitch: boolean;
  /** Markets that never close. */
  readonly isAlwaysOpen: boolean;
}

/** One thing that was asked of the account before it may be traded. */
export interface PreflightCheck {
  readonly name: string;
  readonly isPassed: boolean;
  readonly expected: string;
  readonly found: string;
}

/** An order that works at the venue, of either family. */
export interface OpenOrder {
  readonly clientOrderId: string;
  readonly venueOrderId: string;
  /** Conditional orders wait for their trigger in an id space of their own where a venue keeps two. */
  readonly family: 'ordinary' | 'conditional';
  readonly instrument: InstrumentId;
  readonly side: Side;
  readonly quantity: number;
  readonly filledQuantity: number;
  readonly orderType: OrderType;
  readonly limitPrice: number | null;
  readonly stopPrice: number | null;
  readonly isReduceOnly: boolean;
}

/** The venue's own books, read whole: what is not in them is not there. */
export interface LiveReport {
  /** In the desk's money decimals. */
  readonly balance: number;
  /** `cost` is entry price times unsigned quantity; from an average price, so near and not exact. Flat ones are left out. */
  readonly positions: readonly {
    readonly instrument: InstrumentId;
    readonly signedQuantity: number;
    readonly cost: number;
  }[];
  readonly openOrders: readonly OpenOrder[];
  /** Up to where the account's history is in this report; `catchUp` goes on from here. */
  readonly cursor: string;
}

/**
 * What the venue says of one order. `absent` is a definite answer that the venue does not know it, which shortly after sending proves
 * nothing; `unknown` is no answer. The events of one that is found say how it stands and what it filled, with the venue's own fill ids.
 */
export type OrderFinding =
  | { readonly type: 'found'; readonly isWorking: boolean; readonly events: readonly VenueInput[] }
  | { readonly type: 'absent' }
  | { readonly type: 'unknown'; readonly reason: string };

/** What happened at the account since a cursor, oldest first, with the venue's own ids. */
export interface AccountHistory {
  readonly events: readonly VenueInput[];
  readonly cursor: string;
}

/** What came of cancelling everything. */
export interface CancelOutcome {
  readonly attempted: number;
  readonly problems: readonly string[];
}

export interface VenueListener {
  /** Something arrived. Called in the order of arrival, from timers and sockets, never from inside a call of the venue's own methods. */
  onInput(input: VenueInput): void;
  /** Something worth a line in the log. */
  onNotice(text: string): void;
}

/**
 * A real account at a venue, as the runtime sees it. No method changes anything but `prepare`, `send`, `cancelAll`, `closePosition` and
 * `renewDeadMan`. Methods that ask reject with a `VenueError` where no whole answer came; a failed question is never an empty answer.
 */
export interface LiveVenuePort {
  readonly venue: string;
  readonly traits: VenueTraits;
  /** Looks at credentials, permissions, account mode, clock and limits; changes nothing. Rejects where the venue cannot be reached. */
  preflight(): Promise<readonly PreflightCheck[]>;
  /** Instruments by the desk's symbols, as the venue lists them now. Rejects for one it does not list. */
  instruments(symbols: readonly string[]): Promise<readonly Instrument[]>;
  /** Sets what the desk needs set at the account for its instruments (leverage, margin type); what is set already is no failure. */
  prepare(instruments: readonly Instrument[]): Promise<void>;
  /** Closed bars of one minute from one open time up to another, oldest first, without repetition. */
  bars(instrument: Instrument, fromAt: number, untilAt: number): Promise<readonly HistoryBar[]>;
  /** Opens every stream for these instruments; from here on things arrive at the listener. May be called once. */
  open(instruments: readonly Instrument[], listener: VenueListener): void;
  /** Hands over a durable command and returns at once; what comes of it arrives at the listener. Never sends the same intent twice. */
  send(command: Command): void;
  findOrder(clientOrderId: string, instrument: InstrumentId): Promise<OrderFinding>;
  report(): Promise<LiveReport>;
  catchUp(cursor: string): Promise<AccountHistory>;
  /** Cancels every working order of both families; `keep` are our ids of orders that stay. */
  cancelAll(keep: ReadonlySet<string>): Promise<CancelOutcome>;
  /** Closes a position by the venue's own means, whatever its quantity is. */
  closePosition(instrument: InstrumentId): Promise<void>;
  /** Tells the venue to cancel what works by itself in so many milliseconds unless told again; 0 switches that off. */
  renewDeadMan(ms: number): Promise<void>;
  close(): Promise<void>;
}
