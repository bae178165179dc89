/** What a script has done to the account and its answers; everything is as usual where nothing is set. */
export interface AccountPlight {
  /** Reasons with which the next orders end right after they were created. */
  readonly cancelReasons: string[];
  /** Reasons with which the next orders are refused. */
  readonly rejectReasons: string[];
  /** How many of the next cancellations come after the order has filled. */
  fillsBeforeCancel: number;
  /** How long a new order cannot be found by asking. */
  hideMs: number;
  isLocked: boolean;
  /** What the venue's clock is ahead of the true one by. */
  skewMs: number;
  isTokenRevoked: boolean;
  hasExtraFields: boolean;
  /** How many old transactions the next transaction stream begins with. */
  replayCount: number;
  /** How candles are spoilt, and in how many of the next answers. */
  readonly candles: { mode: CandlesMode; left: number }[];
  /** Prices to be told in place of the true ones, by symbol. */
  readonly oddPrices: Map<string, OddPrice>;
  requestsPerSecond: number;
  readonly unitsDecimals: Map<string, number>;
}

export const candlesModes = [
  'duplicate',
  'missing',
  'unordered',
  'overlapping',
  'future',
  'nanoseconds',
  'revised',
  'unclosed',
  'empty',
] as const;
export type CandlesMode = (typeof candlesModes)[number];

export interface OddPrice {
  readonly bids: readonly string[];
  readonly asks: readonly string[];
}

/** The venue's limit of requests in any second from one address (developer guide). */
export const REQUESTS_PER_SECOND = 120;

export function usualPlight(): AccountPlight {
  return {
    cancelReasons: [],
    rejectReasons: [],
    fillsBeforeCancel: 0,
    hideMs: 0,
    isLocked: false,
    skewMs: 0,
    isTokenRevoked: false,
    hasExtraFields: false,
    replayCount: 0,
    candles: [],
    oddPrices: new Map(),
    requestsPerSecond: REQUESTS_PER_SECOND,
    unitsDecimals: new Map(),
  };
}
