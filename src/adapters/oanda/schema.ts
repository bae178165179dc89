import { z } from 'zod';

// Shapes as OANDA's v20 specification 3.0.25 has them, loosely: keys that are not listed are let through and enumerations are texts, since
// newer servers know more of both. Prices, units, money and ids are texts on the wire and stay texts here.

const text = z.string();
const optional = z.string().optional();

const clientExtensionsSchema = z.looseObject({ id: optional, tag: optional, comment: optional });

export const heartbeatSchema = z.looseObject({ type: z.literal('HEARTBEAT'), time: text, lastTransactionID: optional });

const priceLevelSchema = z.looseObject({ price: text });

/** A price of the stream or of a poll. The lists may be empty; the close-out prices are never prices to open at. */
export const priceSchema = z.looseObject({
  instrument: text,
  time: text,
  bids: z.array(priceLevelSchema),
  asks: z.array(priceLevelSchema),
  status: optional,
  tradeable: z.boolean().optional(),
});
export type VenuePrice = z.infer<typeof priceSchema>;

export const pricingAnswerSchema = z.looseObject({ time: optional, prices: z.array(z.unknown()) });

const candlePricesSchema = z.looseObject({ o: text, h: text, l: text, c: text });

export const candleSchema = z.looseObject({
  time: text,
  complete: z.boolean(),
  volume: z.number(),
  mid: candlePricesSchema.optional(),
  bid: candlePricesSchema.optional(),
  ask: candlePricesSchema.optional(),
});
export type VenueCandle = z.infer<typeof candleSchema>;

/** Candles are read one by one, so that a bad one takes no other with it. */
export const candlesAnswerSchema = z.looseObject({ candles: z.array(z.unknown()) });

export const venueInstrumentSchema = z.looseObject({
  name: text,
  type: optional,
  displayPrecision: z.int(),
  pipLocation: z.int(),
  tradeUnitsPrecision: z.int(),
  minimumTradeSize: text,
  maximumOrderUnits: text,
  marginRate: text,
});
export type VenueInstrument = z.infer<typeof venueInstrumentSchema>;

export const instrumentsAnswerSchema = z.looseObject({ instruments: z.array(z.unknown()) });

export const accountsAnswerSchema = z.looseObject({ accounts: z.array(z.looseObject({ id: text })) });

const positionSideSchema = z.looseObject({ units: text, averagePrice: optional });

export const positionSchema = z.looseObject({
  instrument: text,
  long: positionSideSchema,
  short: positionSideSchema,
});
export type VenuePosition = z.infer<typeof positionSchema>;

export const positionAnswerSchema = z.looseObject({ position: positionSchema });

const tradeSchema = z.looseObject({
  id: text,
  instrument: text,
  currentUnits: text,
  initialUnits: optional,
  clientExtensions: clientExtensionsSchema.optional(),
});

export const tradeAnswerSchema = z.looseObject({ trade: tradeSchema });

/** An order of any type; those that hang on a trade have neither instrument nor units of their own. */
export const venueOrderSchema = z.looseObject({
  id: text,
  type: text,
  state: optional,
  instrument: optional,
  units: optional,
  price: optional,
  trailingStopValue: optional,
  timeInForce: optional,
  gtdTime: optional,
  positionFill: optional,
  tradeID: optional,
  clientTradeID: optional,
  clientExtensions: clientExtensionsSchema.optional(),
});
export type VenueOrder = z.infer<typeof venueOrderSchema>;

export const orderAnswerSchema = z.looseObject({ order: venueOrderSchema });

export const ordersAnswerSchema = z.looseObject({ orders: z.array(venueOrderSchema) });

/** The account with all that is open in it, as one moment. */
export const accountSchema = z.looseObject({
  id: text,
  currency: text,
  balance: text,
  hedgingEnabled: z.boolean().optional(),
  newPositionsLocked: z.boolean().optional(),
  marginCloseoutPercent: optional,
  lastTransactionID: optional,
  positions: z.array(positionSchema),
  orders: z.array(venueOrderSchema),
  trades: z.array(tradeSchema),
});
export type VenueAccount = z.infer<typeof accountSchema>;

export const accountAnswerSchema = z.looseObject({ account: accountSchema, lastTransactionID: text });

const tradePartSchema = z.looseObject({
  tradeID: text,
  units: text,
  price: optional,
  realizedPL: optional,
  financing: optional,
  halfSpreadCost: optional,
  clientExtensions: clientExtensionsSchema.optional(),
});
export type VenueTradePart = z.infer<typeof tradePartSchema>;

const positionFinancingSchema = z.looseObject({ instrument: optional, instrumentID: optional, financing: text });

/** A transaction of any type: what its own type does not have is absent. */
export const transactionSchema = z.looseObject({
  id: text,
  type: text,
  time: text,
  batchID: optional,
  reason: optional,
  rejectReason: optional,
  instrument: optional,
  units: optional,
  price: optional,
  fullVWAP: optional,
  timeInForce: optional,
  gtdTime: optional,
  positionFill: optional,
  orderID: optional,
  clientOrderID: optional,
  tradeID: optional,
  clientTradeID: optional,
  replacesOrderID: optional,
  replacedByOrderID: optional,
  intendedReplacesOrderID: optional,
  clientExtensions: clientExtensionsSchema.optional(),
  accountBalance: optional,
  amount: optional,
  financing: optional,
  commission: optional,
  guaranteedExecutionFee: optional,
  halfSpreadCost: optional,
  pl: optional,
  tradeOpened: tradePartSchema.nullish(),
  tradeReduced: tradePartSchema.nullish(),
  tradesClosed: z.array(tradePartSchema).nullish(),
  positionFinancings: z.array(positionFinancingSchema).nullish(),
});
export type VenueTransaction = z.infer<typeof transactionSchema>;

export const transactionsAnswerSchema = z.looseObject({
  transactions: z.array(z.unknown()),
  lastTransactionID: text,
});

/** Pages are addresses of further requests; only the ids in them are used. */
export const transactionPagesSchema = z.looseObject({ pages: z.array(text), lastTransactionID: text });

/** Most answers name the newest transaction of the account. */
export const lastIdSchema = z.looseObject({ lastTransactionID: optional });

const rejectionSchema = z.looseObject({ rejectReason: optional });

/** What an answer that refuses says for itself; generic ones have a message alone. */
export const errorBodySchema = z.looseObject({
  errorMessage: optional,
  errorCode: optional,
  orderRejectTransaction: rejectionSchema.optional(),
  orderCancelRejectTransaction: rejectionSchema.optional(),
});
