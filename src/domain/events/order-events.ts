import { z } from 'zod';
import { orderPurposeSchema, orderRequestSchema, sideSchema } from '../order.ts';

const at = z.int();
const instrument = z.string();
const code = z.string().min(1);
const optionalPrice = z.int().nullable();

/** What becomes of orders, as a venue tells it. */
export const orderAnswerSchemas = {
  'order.accepted': z.strictObject({
    type: z.literal('order.accepted'),
    at,
    clientOrderId: z.string(),
    venueOrderId: z.string(),
    venueAt: z.int(),
    /** Set on a bracket's stop or target, which comes into being at the venue when its entry fills. */
    child: z
      .strictObject({
        parentOrderId: z.string(),
        instrument,
        side: sideSchema,
        quantity: z.int().positive(),
        purpose: orderPurposeSchema,
        stopPrice: optionalPrice,
        limitPrice: optionalPrice,
      })
      .nullable(),
  }),
  'order.rejected': z.strictObject({
    type: z.literal('order.rejected'),
    at,
    clientOrderId: z.string(),
    code,
    reason: z.string(),
  }),
  'order.filled': z.strictObject({
    type: z.literal('order.filled'),
    at,
    clientOrderId: z.string(),
    venueOrderId: z.string(),
    fillId: z.string(),
    instrument,
    side: sideSchema,
    quantity: z.int().positive(),
    price: z.int().positive(),
    fee: z.int(),
    realizedPnl: z.int(),
    /** Half of the spread plus slippage that the price contains, in account currency: the cost share of reports. */
    spreadCost: z.int(),
    balance: z.int(),
    venueAt: z.int(),
    /** True where the bar hid the order of events and the worse reading was taken. */
    isPessimistic: z.boolean(),
  }),
  'order.canceled': z.strictObject({
    type: z.literal('order.canceled'),
    at,
    clientOrderId: z.string(),
    reason: z.string(),
  }),
  'order.expired': z.strictObject({
    type: z.literal('order.expired'),
    at,
    clientOrderId: z.string(),
    reason: z.string(),
  }),
  'order.amended': z.strictObject({
    type: z.literal('order.amended'),
    at,
    clientOrderId: z.string(),
    quantity: z.int().positive(),
    stopPrice: optionalPrice,
    limitPrice: optionalPrice,
  }),
  /** What came of a request is not known: the order may be at the venue or not. It counts in full until the venue has been asked. */
  'order.unresolved': z.strictObject({
    type: z.literal('order.unresolved'),
    at,
    clientOrderId: z.string(),
    reason: z.string(),
  }),
  /** An order at the venue that this desk did not send, or has forgotten. */
  'order.adopted': z.strictObject({
    type: z.literal('order.adopted'),
    at,
    order: orderRequestSchema,
    venueOrderId: z.string(),
    venueAt: z.int(),
    /** What it had filled before it was found; absent where that is nothing. */
    filledQuantity: z.int().nonnegative().optional(),
    reason: z.string(),
  }),
} as const;

/** What the desk decides about orders. */
export const orderIntentSchemas = {
  'order.submitted': z.strictObject({ type: z.literal('order.submitted'), at, order: orderRequestSchema }),
  'order.denied': z.strictObject({
    type: z.literal('order.denied'),
    at,
    instrument,
    code,
    reason: z.string(),
    signedQuantity: z.int(),
  }),
  'order.cancelRequested': z.strictObject({
    type: z.literal('order.cancelRequested'),
    at,
    clientOrderId: z.string(),
    reason: z.string(),
  }),
  'order.amendRequested': z.strictObject({
    type: z.literal('order.amendRequested'),
    at,
    clientOrderId: z.string(),
    stopPrice: optionalPrice,
    limitPrice: optionalPrice,
    reason: z.string(),
  }),
} as const;
