import type { PriceBasis } from '#domain/bar.ts';
import type { EventByType } from '#domain/events.ts';
import type { Instrument, InstrumentId } from '#domain/instrument.ts';
import type { PolicyRecord } from '#domain/policies/policy-record.ts';
import type { Position } from '#domain/position.ts';

/** What is kept of one instrument. */
export interface KeptMarket {
  instrument: Instrument;
  priceBasis: PriceBasis;
  /** Bid and ask in ticks, 0 before the first. */
  bidPrice: number;
  askPrice: number;
  quoteAt: number;
  isQuoteDerived: boolean;
  /** Openings and closes (ticks) of the newest bars, newest last: as many as lie between a window's stamp and its end. */
  openAts: number[];
  closes: number[];
  /** Signals up to this stamp have been deleted; null before the first signal. */
  sweptTo: number | null;
}

/** The newest window of an instrument. */
export type KeptManifold = Omit<EventByType['manifold.published'], 'type'>;

/** One open trade; prices in ticks. */
export interface KeptTrade {
  id: string;
  direction: 'long' | 'short';
  strategy: string;
  traceId: string;
  openedAt: number;
  version: number;
  peakPrice: number;
  troughPrice: number;
  /** Stops and targets that stand at the venue, by order id. */
  protection: Record<string, KeptProtection>;
  /** Ids of the orders it was made of, newest last. */
  orderIds: string[];
}

export interface KeptOrder {
  instrument: InstrumentId;
  strategy: string;
}

export interface KeptProtection {
  kind: 'stop' | 'target';
  price: number;
}

/** What is still written of a trade that has ended: its round trip is told right after. */
export interface KeptEnd {
  id: string;
  version: number;
}

export interface KeptFloors {
  minTrades: number;
  calmarMin: number;
  pnlMin: number;
}

/** A change the engine may still refuse: what it replaced, and what the history will say of it. */
export interface PendingPolicy {
  key: string;
  replaced: PolicyRecord | null;
  record: string;
}

/** What the fold carries from entry to entry: plain JSON, bounded by the universe and the limits named where each part is filled. */
export interface KeysState {
  desk: string;
  runId: string;
  kind: string;
  isWarm: boolean;
  markets: Record<InstrumentId, KeptMarket>;
  /** Listed instruments in ascending order of id. */
  instrumentIds: InstrumentId[];
  manifolds: Record<InstrumentId, KeptManifold>;
  /** Floors of the last result, by symbol. */
  floors: Record<string, KeptFloors>;
  /** Symbols whose cooldown has a key. */
  cooling: string[];
  policies: Record<string, PolicyRecord>;
  pendingPolicy: PendingPolicy | null;
  /** The desk's switch was released, and the key does not say so yet: it may have been engaged since, further on in the journal. */
  isReleasePending: boolean;
  balance: number;
  positions: Record<InstrumentId, Position>;
  /** Fills taken in lately, so that one told again changes nothing; newest last. */
  seenFills: string[];
  /** Orders that have not ended without a fill, oldest first. */
  orders: Record<string, KeptOrder>;
  trades: Record<InstrumentId, KeptTrade>;
  /** The trade of each instrument that ended last. */
  endedTrades: Record<InstrumentId, KeptEnd>;
  /** Ids of ended trades without what all ids of a run begin with, oldest first. */
  oldTrades: string[];
}

export function createKeysState(): KeysState {
  return {
    desk: '',
    runId: '',
    kind: 'none',
    isWarm: false,
    markets: {},
    instrumentIds: [],
    manifolds: {},
    floors: {},
    cooling: [],
    policies: {},
    pendingPolicy: null,
    isReleasePending: false,
    balance: 0,
    positions: {},
    seenFills: [],
    orders: {},
    trades: {},
    endedTrades: {},
    oldTrades: [],
  };
}

/** The symbol of a listed instrument, by which keys call it. */
export function symbolOf(state: KeysState, instrument: InstrumentId): string | undefined {
  return state.markets[instrument]?.instrument.symbol;
}
