import { z } from 'zod';

// Prices, quantities and money are decimal texts. Words of lists that may grow are texts, too: what is new in them is put aside later.
const decimal = z.string();
const instant = z.int();
const side = z.enum(['buy', 'sell']);

export const errorSchema = z.object({ code: z.string(), message: z.string().default('') });

export const instrumentSchema = z.object({
  symbol: z.string(),
  base: z.string(),
  quote: z.string(),
  priceDecimals: z.int().min(0).max(8),
  quantityDecimals: z.int().min(0).max(8),
  tick: decimal,
  lot: decimal,
  minimum: decimal,
  maximum: decimal,
  /** A fraction. */
  margin: decimal,
});
export type VenueInstrument = z.infer<typeof instrumentSchema>;
export const instrumentsSchema = z.object({ instruments: z.array(z.unknown()) });

export const orderSchema = z.object({
  id: z.string(),
  /** The sender's id; null where it gave none. One is never taken twice. */
  client: z.string().nullable(),
  symbol: z.string(),
  side,
  type: z.string(),
  quantity: decimal,
  filled: decimal,
  price: decimal.nullable(),
  reduceOnly: z.boolean(),
  state: z.string(),
  reason: z.string(),
  time: instant,
  /** Grows with every change of the order. */
  revision: z.int(),
});
export type VenueOrder = z.infer<typeof orderSchema>;
export const orderAnswerSchema = z.object({ order: orderSchema });

/** The account's ledger has a line for all that moved the balance, numbered without gaps; it goes by the name of its commonest line. */
export const lineHeadSchema = z.object({ line: z.int().positive(), kind: z.string(), time: instant, balance: decimal });
export const lineSchema = z.discriminatedUnion('kind', [
  lineHeadSchema.extend({
    kind: z.literal('fill'),
    order: z.string(),
    client: z.string().nullable(),
    symbol: z.string(),
    side,
    quantity: decimal,
    price: decimal,
    fee: decimal,
    profit: decimal,
    spreadCost: decimal,
  }),
  lineHeadSchema.extend({ kind: z.literal('interest'), symbol: z.string(), amount: decimal, days: z.int() }),
  lineHeadSchema.extend({ kind: z.literal('transfer'), amount: decimal }),
  lineHeadSchema.extend({ kind: z.literal('closeOut'), reason: z.string() }),
]);
export type VenueLine = z.infer<typeof lineSchema>;
export const linesSchema = z.object({ fills: z.array(lineHeadSchema.loose()) });
export type LedgerLines = z.infer<typeof linesSchema>['fills'];
/** An order with the lines of its fills. */
export const foundOrderSchema = z.object({ order: orderSchema, fills: z.array(lineHeadSchema.loose()) });

export const accountSchema = z.object({
  environment: z.string(),
  currency: z.string(),
  mayTrade: z.boolean(),
  isNetting: z.boolean(),
  time: instant,
  balance: decimal,
  /** The newest line of the ledger; 0 before the first. */
  line: z.int().min(0),
  positions: z.array(z.object({ symbol: z.string(), quantity: decimal, cost: decimal })),
  orders: z.array(orderSchema),
});
export type VenueAccount = z.infer<typeof accountSchema>;

/** Mid prices, with one decimal more than the instrument has; the spread is that of the close. */
export const barSchema = z.object({
  symbol: z.string(),
  time: instant,
  open: decimal,
  high: decimal,
  low: decimal,
  close: decimal,
  spread: decimal,
  volume: z.int().min(0),
});
export const barsSchema = z.object({ bars: z.array(z.unknown()) });

/** Messages of one connection are numbered from 1 on. A refusal has no number and is the last. */
export const messageSchema = z.object({ n: z.int().positive().optional(), type: z.string() }).loose();
export type VenueMessage = z.infer<typeof messageSchema>;
export const quoteMessageSchema = z.object({ symbol: z.string(), bid: decimal, ask: decimal });
export const barMessageSchema = z.object({ bar: z.unknown() });
export const lineMessageSchema = z.object({ fill: lineHeadSchema.loose() });

/** What is asked of the venue: orders, changes of their price, and a stream. */
export const orderBodySchema = z.object({
  client: z.string().min(1).max(36).nullable(),
  symbol: z.string(),
  side,
  type: z.enum(['market', 'limit', 'stop']),
  quantity: decimal,
  price: decimal.nullable(),
  timeInForce: z.enum(['FOK', 'IOC', 'GTC', 'GTD']),
  expiresAt: instant.nullable(),
  reduceOnly: z.boolean(),
});
export type OrderBody = z.infer<typeof orderBodySchema>;
export const changeBodySchema = z.object({ price: decimal });
export const subscriptionSchema = z.object({
  type: z.literal('subscribe'),
  token: z.string(),
  symbols: z.array(z.string()),
});
