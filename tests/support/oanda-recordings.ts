/*
 * Answers and lines as they were recorded from the venue, by clients that publish them (hootnot/oanda-api-v20, jiji2#507). They are
 * kept as they were, and only what they look like is compared: names and kinds of values.
 */

export const recordedClose = {
  orderCreateTransaction: {
    id: '2316',
    batchID: '2316',
    type: 'MARKET_ORDER',
    instrument: 'EUR_USD',
    units: '-100',
    timeInForce: 'FOK',
    positionFill: 'REDUCE_ONLY',
    reason: 'TRADE_CLOSE',
    tradeClose: { units: '100', tradeID: '2313' },
    time: '2016-10-28T15:11:58.023004583Z',
    userID: 1_435_156,
    accountID: '101-004-1435156-001',
  },
  orderFillTransaction: {
    id: '2317',
    orderID: '2316',
    batchID: '2316',
    type: 'ORDER_FILL',
    instrument: 'EUR_USD',
    units: '-100',
    price: '1.09289',
    pl: '-0.1455',
    financing: '0.0000',
    accountBalance: '33848.1208',
    reason: 'MARKET_ORDER_TRADE_CLOSE',
    tradesClosed: [{ tradeID: '2313', units: '-100', realizedPL: '-0.1455', financing: '0.0000' }],
    time: '2016-10-28T15:11:58.023004583Z',
    userID: 1_435_156,
    accountID: '101-004-1435156-001',
  },
  relatedTransactionIDs: ['2316', '2317'],
  lastTransactionID: '2317',
};

export const recordedReject = {
  orderRejectTransaction: {
    type: 'MARKET_IF_TOUCHED_ORDER_REJECT',
    instrument: 'USD_JPY',
    units: '300',
    price: '110.79999999999999',
    timeInForce: 'GTC',
    triggerCondition: 'DEFAULT',
    partialFill: 'DEFAULT',
    positionFill: 'DEFAULT',
    reason: 'CLIENT_ORDER',
    rejectReason: 'PRICE_PRECISION_EXCEEDED',
    id: '6864',
    accountID: '001-009-1939778-001',
    userID: 1_939_778,
    batchID: '6864',
    requestID: '78566986778195099',
    time: '2019-03-07T12:02:47.539716401Z',
  },
  relatedTransactionIDs: ['6864'],
  lastTransactionID: '6864',
  errorMessage: 'The price specified contains more precision than is allowed for the instrument',
  errorCode: 'PRICE_PRECISION_EXCEEDED',
};

export const recordedCandles = {
  instrument: 'DE30/EUR',
  granularity: 'M5',
  candles: [
    {
      volume: 132,
      time: '2016-10-17T19:35:00.000000000Z',
      complete: true,
      mid: { h: '10508.0', c: '10506.0', l: '10503.8', o: '10503.8' },
    },
  ],
};

export const recordedPrice = {
  type: 'PRICE',
  time: '2019-05-28T13:06:32.682119462Z',
  bids: [{ price: '1.11914', liquidity: 10_000_000 }],
  asks: [{ price: '1.11925', liquidity: 10_000_000 }],
  closeoutBid: '1.11899',
  closeoutAsk: '1.11940',
  status: 'tradeable',
  tradeable: true,
  instrument: 'EUR_USD',
};

export const recordedHeartbeat = { type: 'HEARTBEAT', time: '2016-10-27T08:38:44.327443673Z' };

export const recordedTransactionHeartbeat = {
  type: 'HEARTBEAT',
  lastTransactionID: '2311',
  time: '2016-10-28T11:56:12.002855862Z',
};

export const recordedSummary = {
  account: {
    marginCloseoutNAV: '35454.4740',
    marginUsed: '10581.5000',
    currency: 'EUR',
    resettablePL: '-13840.3525',
    NAV: '35454.4740',
    marginCloseoutMarginUsed: '10581.5000',
    marginCloseoutPositionValue: '211630.0000',
    openTradeCount: 2,
    id: '101-004-1435156-001',
    openPositionCount: 1,
    marginCloseoutPercent: '0.14923',
    marginCallMarginUsed: '10581.5000',
    hedgingEnabled: false,
    positionValue: '211630.0000',
    pl: '-13840.3525',
    lastTransactionID: '2123',
    marginAvailable: '24872.9740',
    marginRate: '0.05',
    marginCallPercent: '0.29845',
    pendingOrderCount: 0,
    withdrawalLimit: '24872.9740',
    unrealizedPL: '0.0000',
    alias: 'hootnotv20',
    createdByUserID: 1_435_156,
    marginCloseoutUnrealizedPL: '0.0000',
    createdTime: '2016-06-24T21:03:50.914647476Z',
    balance: '35454.4740',
  },
  lastTransactionID: '2123',
};

export const recordedChanges = {
  state: {
    trades: [],
    marginCloseoutNAV: '33848.2663',
    unrealizedPL: '0.0000',
    marginUsed: '0.0000',
    marginAvailable: '33848.2663',
    positions: [],
    marginCloseoutUnrealizedPL: '0.0000',
    marginCallMarginUsed: '0.0000',
    marginCallPercent: '0.00000',
    marginCloseoutPercent: '0.00000',
    NAV: '33848.2663',
    marginCloseoutMarginUsed: '0.0000',
    positionValue: '0.0000',
    orders: [],
    withdrawalLimit: '33848.2663',
  },
  changes: {
    tradesReduced: [],
    tradesOpened: [],
    ordersFilled: [],
    transactions: [
      {
        timeInForce: 'GTC',
        triggerCondition: 'TRIGGER_DEFAULT',
        positionFill: 'DEFAULT',
        stopLossOnFill: { timeInForce: 'GTC', price: '1.22000' },
        userID: 1_435_156,
        id: '2309',
        batchID: '2309',
        instrument: 'EUR_USD',
        reason: 'CLIENT_ORDER',
        time: '2016-10-25T21:07:21.065554321Z',
        units: '-100',
        type: 'LIMIT_ORDER',
        price: '1.20000',
        accountID: '101-004-1435156-001',
      },
    ],
    ordersCreated: [
      {
        triggerCondition: 'TRIGGER_DEFAULT',
        partialFill: 'DEFAULT_FILL',
        price: '1.20000',
        stopLossOnFill: { timeInForce: 'GTC', price: '1.22000' },
        createTime: '2016-10-25T21:07:21.065554321Z',
        timeInForce: 'GTC',
        instrument: 'EUR_USD',
        state: 'PENDING',
        units: '-100',
        id: '2309',
        type: 'LIMIT',
        positionFill: 'POSITION_DEFAULT',
      },
    ],
    positions: [],
    ordersTriggered: [],
    ordersCancelled: [],
    tradesClosed: [],
  },
  lastTransactionID: '2309',
};

export const recordedInstruments = {
  instruments: [
    {
      minimumTradeSize: '1',
      displayName: 'EUR/USD',
      name: 'EUR_USD',
      displayPrecision: 5,
      type: 'CURRENCY',
      minimumTrailingStopDistance: '0.00050',
      marginRate: '0.05',
      maximumOrderUnits: '100000000',
      tradeUnitsPrecision: 0,
      pipLocation: -4,
      maximumPositionSize: '0',
      maximumTrailingStopDistance: '1.00000',
    },
  ],
  lastTransactionID: '2124',
};

export const recordedPositions = {
  positions: [
    {
      short: { units: '0', resettablePL: '-272.6805', unrealizedPL: '0.0000', pl: '-272.6805' },
      unrealizedPL: '0.0000',
      long: {
        unrealizedPL: '870.0000',
        units: '20',
        resettablePL: '-13959.3000',
        tradeIDs: ['2121', '2123'],
        averagePrice: '10581.5',
        pl: '-13959.3000',
      },
      instrument: 'EUR_GBP',
      resettablePL: '-272.6805',
      pl: '-272.6805',
    },
  ],
  lastTransactionID: '2124',
};

export const recordedTrades = {
  trades: [
    {
      financing: '0.0000',
      openTime: '2016-10-28T14:28:05.231759081Z',
      price: '10678.3',
      unrealizedPL: '25.0000',
      realizedPL: '0.0000',
      instrument: 'DE30_EUR',
      state: 'OPEN',
      initialUnits: '10',
      currentUnits: '10',
      id: '2315',
    },
  ],
  lastTransactionID: '2315',
};

export const recordedPages = {
  count: 2_124,
  from: '2016-06-24T21:03:50.914647476Z',
  lastTransactionID: '2124',
  pageSize: 100,
  to: '2016-10-05T06:54:14.025946546Z',
  pages: ['https://rest.example/v3/accounts/101-004-1435156-001/transactions/idrange?from=1&to=100'],
};

/** Where a body lacks a name that was recorded, or has another kind of value there: an empty list where it looks the same. */
export function differencesFrom(recorded: unknown, found: unknown, path = ''): string[] {
  const kind = kindOf(recorded);
  if (kindOf(found) !== kind) return [`${path}: expected ${kind}, found ${kindOf(found)}`];
  if (Array.isArray(recorded) && Array.isArray(found))
    return recorded.length === 0 || found.length === 0
      ? lengthDifference(recorded, found, path)
      : differencesFrom(recorded[0], found[0], `${path}[0]`);
  if (typeof recorded !== 'object' || recorded === null) return [];
  const fields = found as Readonly<Record<string, unknown>>;
  return Object.entries(recorded).flatMap(([name, value]) => differencesFrom(value, fields[name], `${path}.${name}`));
}

function lengthDifference(recorded: readonly unknown[], found: readonly unknown[], path: string): string[] {
  return recorded.length > 0 && found.length === 0 ? [`${path}: expected something in the list`] : [];
}

/** Texts are of the same kind where both are a decimal, an instant or a name. */
function kindOf(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'a list';
  if (typeof value !== 'string') return typeof value;
  if (/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{9}Z$/.test(value)) return 'an instant';
  return /^-?\d+(\.\d+)?$/.test(value) ? 'a decimal text' : 'a text';
}
