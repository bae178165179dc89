import { z } from 'zod';

/**
 * The venue's shapes, as loosely as we can read them: fields that we do not use are not named, fields that we do not know are
 * let through, and a field that the venue may leave out is optional, never zero.
 */

/** Figures are texts; what they are worth is decided by the instrument's decimals. */
const figure = z.string();
/** 64 bits wide, so that some come as numbers and some as texts; always a text for us. */
const id = z.union([z.string().regex(/^\d+$/), z.int().nonnegative().transform(String)]);
/** Milliseconds; the venue writes some of them as texts. */
const instant = z.union([
  z.int().nonnegative(),
  z
    .string()
    .regex(/^\d{1,15}$/)
    .transform(Number),
]);
const sideSchema = z.enum(['BUY', 'SELL']);

export const errorSchema = z.looseObject({ code: z.coerce.number().int(), msg: z.string().default('') });
export const serverTimeSchema = z.looseObject({ serverTime: instant });

const filterSchema = z.looseObject({
  filterType: z.string(),
  tickSize: figure.optional(),
  minPrice: figure.optional(),
  maxPrice: figure.optional(),
  stepSize: figure.optional(),
  minQty: figure.optional(),
  maxQty: figure.optional(),
  notional: figure.optional(),
  multiplierUp: figure.optional(),
  multiplierDown: figure.optional(),
  limit: z.int().optional(),
});

export const exchangeSymbolSchema = z.looseObject({
  symbol: z.string().min(1),
  contractType: z.string(),
  status: z.string(),
  baseAsset: z.string(),
  quoteAsset: z.string(),
  marginAsset: z.string(),
  filters: z.array(filterSchema),
});
export type ExchangeSymbol = z.infer<typeof exchangeSymbolSchema>;

/** Each symbol is read by itself: one that cannot be read must not hide the others. */
export const exchangeInfoSchema = z.looseObject({ symbols: z.array(z.unknown()) });

/** Twelve places, the first seven of which we read: open time, open, high, low, close, base volume, close time. */
export const klineRowSchema = z.tuple([instant, figure, figure, figure, figure, figure, instant], z.unknown());
export const klineRowsSchema = z.array(z.unknown());

export const premiumIndexSchema = z.looseObject({
  symbol: z.string(),
  markPrice: figure,
  indexPrice: figure.optional(),
  lastFundingRate: figure,
  nextFundingTime: instant,
  time: instant.optional(),
});
export const bookTickerRestSchema = z.looseObject({
  symbol: z.string(),
  bidPrice: figure,
  askPrice: figure,
  time: instant.optional(),
});

const level = z.tuple([figure, figure], z.unknown());
export const depthSnapshotSchema = z.looseObject({ lastUpdateId: id, bids: z.array(level), asks: z.array(level) });

/** An ordinary order, as acknowledged, queried or listed. Average price and quote sum are not in acknowledgements any more. */
export const orderSchema = z.looseObject({
  symbol: z.string(),
  orderId: id,
  clientOrderId: z.string(),
  side: sideSchema,
  type: z.string(),
  origType: z.string().optional(),
  status: z.string(),
  origQty: figure,
  executedQty: figure.optional(),
  cumQty: figure.optional(),
  price: figure,
  stopPrice: figure.optional(),
  reduceOnly: z.boolean().optional(),
  closePosition: z.boolean().optional(),
  timeInForce: z.string().optional(),
  goodTillDate: instant.optional(),
  time: instant.optional(),
  updateTime: instant,
});
export type VenueOrder = z.infer<typeof orderSchema>;

/** A conditional order. `actualOrderId` is empty until its ordinary child exists. */
export const algoOrderSchema = z.looseObject({
  algoId: id,
  clientAlgoId: z.string(),
  algoType: z.string().optional(),
  orderType: z.string(),
  symbol: z.string(),
  side: sideSchema,
  quantity: figure,
  algoStatus: z.string(),
  triggerPrice: figure,
  price: figure.optional(),
  reduceOnly: z.boolean().optional(),
  closePosition: z.boolean().optional(),
  actualOrderId: z.union([id, z.literal('')]).optional(),
  createTime: instant.optional(),
  updateTime: instant.optional(),
});
export type VenueAlgoOrder = z.infer<typeof algoOrderSchema>;

export const userTradeSchema = z.looseObject({
  symbol: z.string(),
  id,
  orderId: id,
  side: sideSchema,
  price: figure,
  qty: figure,
  realizedPnl: figure,
  commission: figure.optional(),
  commissionAsset: z.string().optional(),
  time: instant,
});
export type UserTrade = z.infer<typeof userTradeSchema>;

export const incomeSchema = z.looseObject({
  symbol: z.string().optional(),
  incomeType: z.string(),
  income: figure,
  asset: z.string(),
  time: instant,
  tranId: id.optional(),
});
export type Income = z.infer<typeof incomeSchema>;

export const balanceSchema = z.looseObject({ asset: z.string(), balance: figure, updateTime: instant.optional() });
export const positionRiskSchema = z.looseObject({
  symbol: z.string(),
  positionSide: z.string(),
  positionAmt: figure,
  entryPrice: figure,
  markPrice: figure.optional(),
  liquidationPrice: figure.optional(),
  updateTime: instant.optional(),
});
export type PositionRisk = z.infer<typeof positionRiskSchema>;

/** Read for what it is worth: each of its fields has been missing from one version or another. */
export const accountConfigSchema = z.looseObject({
  canTrade: z.boolean().optional(),
  dualSidePosition: z.boolean().optional(),
  multiAssetsMargin: z.boolean().optional(),
});
export const apiRestrictionsSchema = z.looseObject({
  enableWithdrawals: z.boolean().optional(),
  enableFutures: z.boolean().optional(),
  ipRestrict: z.boolean().optional(),
});
export const positionModeSchema = z.looseObject({ dualSidePosition: z.boolean() });
export const multiAssetsSchema = z.looseObject({ multiAssetsMargin: z.boolean() });
/** The margin type is spelled `isolated`, `ISOLATED`, `cross` or `CROSSED`, depending on who answers. */
export const symbolConfigSchema = z.looseObject({ symbol: z.string(), marginType: z.string(), leverage: z.int() });
export const listenKeySchema = z.looseObject({ listenKey: z.string().min(1) });

/** A payload of a combined stream, or the answer to a subscription. */
export const wrappedSchema = z.looseObject({ stream: z.string(), data: z.unknown() });
export const subscriptionAnswerSchema = z.looseObject({
  id: z.union([z.int(), z.string()]).nullable(),
  result: z.unknown().optional(),
  error: errorSchema.optional(),
});
/** `st` is 1 for this product and 2 for the coin-margined one, which shares some streams with it. */
export const streamHeadSchema = z.looseObject({ e: z.string(), E: instant.optional(), st: z.int().optional() });

export const bookTickerSchema = z.looseObject({
  s: z.string(),
  u: id.optional(),
  b: figure,
  a: figure,
  T: instant.optional(),
});
export const markPriceSchema = z.looseObject({
  E: instant.optional(),
  s: z.string(),
  p: figure,
  i: figure.optional(),
  r: figure,
  T: instant,
});
export const klineSchema = z.looseObject({
  s: z.string(),
  k: z.looseObject({
    t: instant,
    i: z.string(),
    o: figure,
    h: figure,
    l: figure,
    c: figure,
    v: figure,
    x: z.boolean(),
  }),
});
export const depthUpdateSchema = z.looseObject({
  s: z.string(),
  U: id,
  u: id,
  pu: id,
  b: z.array(level),
  a: z.array(level),
});
export type DepthUpdate = z.infer<typeof depthUpdateSchema>;

/** Fees are missing from liquidations; `N` is null there or missing, too. */
export const orderTradeUpdateSchema = z.looseObject({
  E: instant,
  T: instant,
  o: z.looseObject({
    s: z.string(),
    c: z.string(),
    S: sideSchema,
    o: z.string(),
    f: z.string().optional(),
    q: figure,
    p: figure.optional(),
    sp: figure.optional(),
    x: z.string(),
    X: z.string(),
    i: id,
    l: figure,
    z: figure,
    L: figure,
    n: figure.nullish(),
    N: z.string().nullish(),
    T: instant,
    t: id,
    R: z.boolean().optional(),
    ot: z.string().optional(),
    cp: z.boolean().optional(),
    rp: figure.optional(),
    gtd: instant.optional(),
    er: z.coerce.string().optional(),
  }),
});
export type OrderTradeUpdate = z.infer<typeof orderTradeUpdateSchema>;

export const tradeLiteSchema = z.looseObject({ s: z.string(), c: z.string(), t: id, i: id });

export const accountUpdateSchema = z.looseObject({
  E: instant,
  T: instant,
  a: z.looseObject({
    m: z.string(),
    B: z.array(z.looseObject({ a: z.string(), wb: figure, bc: figure.optional() })).default([]),
    P: z.array(z.looseObject({ s: z.string(), pa: figure, ps: z.string().optional() })).default([]),
  }),
});
export type AccountUpdate = z.infer<typeof accountUpdateSchema>;

export const algoUpdateSchema = z.looseObject({
  E: instant,
  T: instant.optional(),
  o: z.looseObject({
    caid: z.string(),
    aid: id,
    s: z.string(),
    S: sideSchema,
    o: z.string(),
    q: figure.optional(),
    X: z.string(),
    tp: figure.optional(),
    p: figure.optional(),
    R: z.boolean().optional(),
    cp: z.boolean().optional(),
    ai: z.union([id, z.literal('')]).nullish(),
    rm: z.string().nullish(),
  }),
});
export type AlgoUpdate = z.infer<typeof algoUpdateSchema>;

export const triggerRejectSchema = z.looseObject({
  or: z.looseObject({ s: z.string(), i: id, r: z.string().default('') }),
});
export const marginCallSchema = z.looseObject({
  p: z.array(z.looseObject({ s: z.string() })).default([]),
});
export const accountConfigUpdateSchema = z.looseObject({
  ac: z.looseObject({ s: z.string(), l: z.int() }).optional(),
  ai: z.looseObject({ j: z.boolean() }).optional(),
});
export const listenKeyExpiredSchema = z.looseObject({ E: instant.optional(), listenKey: z.string().optional() });
