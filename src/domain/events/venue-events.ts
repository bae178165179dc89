import { z } from 'zod';
import { instrumentSchema } from '../instrument.ts';

const at = z.int();
const instrument = z.string();
const code = z.string().min(1);
const price = z.int().positive();
const level = z.tuple([price, z.int().positive()]);

/** What a venue tells of the account, of its markets beyond prices, and of how well it can be reached. */
export const venueEventSchemas = {
  'financing.charged': z.strictObject({
    type: z.literal('financing.charged'),
    at,
    instrument,
    amount: z.int(),
    days: z.int(),
    balance: z.int(),
  }),
  'account.closedOut': z.strictObject({ type: z.literal('account.closedOut'), at, reason: z.string() }),
  'venue.reconciled': z.strictObject({
    type: z.literal('venue.reconciled'),
    at,
    balance: z.int(),
    positions: z.array(z.strictObject({ instrument, signedQuantity: z.int(), cost: z.int() })),
    openOrderIds: z.array(z.string()),
    differences: z.array(z.string()),
  }),
  /** Said at every start on a real account: whose it is, and what the venue does by itself. */
  'venue.opened': z.strictObject({
    type: z.literal('venue.opened'),
    at,
    venue: z.string(),
    account: z.string(),
    environment: z.enum(['simulated', 'practice', 'live']),
    hasNativeBrackets: z.boolean(),
  }),
  /** A part of the venue cannot be trusted: nothing is added, for one instrument or for all, until it is restored. */
  'venue.impaired': z.strictObject({
    type: z.literal('venue.impaired'),
    at,
    part: code,
    instrument: instrument.nullable(),
    reason: z.string(),
  }),
  'venue.restored': z.strictObject({
    type: z.literal('venue.restored'),
    at,
    part: code,
    instrument: instrument.nullable(),
  }),
  /** Something that could not be understood was put aside; nothing was made of it. */
  'message.quarantined': z.strictObject({
    type: z.literal('message.quarantined'),
    at,
    part: code,
    reason: z.string(),
    excerpt: z.string().max(500),
  }),
  /** The balance moved without a fill: a deposit, a withdrawal, an adjustment by the venue. */
  'balance.changed': z.strictObject({
    type: z.literal('balance.changed'),
    at,
    amount: z.int(),
    balance: z.int(),
    reason: code,
  }),
  /** The price that margin and unrealised profit are counted at, and the funding that is due next. */
  'mark.updated': z.strictObject({
    type: z.literal('mark.updated'),
    at,
    instrument,
    markPrice: price,
    indexPrice: price.nullable(),
    /** A fraction per interval; positive: longs pay shorts. */
    fundingRate: z.number(),
    nextFundingAt: z.int(),
  }),
  /** The best levels of the book, best first, each as price and quantity. Empty sides mean that the book is not known. */
  'depth.updated': z.strictObject({
    type: z.literal('depth.updated'),
    at,
    instrument,
    bids: z.array(level).max(20),
    asks: z.array(level).max(20),
  }),
  /** The venue counts or limits an instrument differently from now on; its decimals never change. */
  'instrument.changed': z.strictObject({
    type: z.literal('instrument.changed'),
    at,
    instrument: instrumentSchema,
    isTrading: z.boolean(),
    reason: z.string(),
  }),
} as const;
