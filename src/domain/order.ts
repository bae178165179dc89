import { z } from 'zod';

/** The strategy of what came by other hands than this desk's. */
export const EXTERNAL_STRATEGY = 'external';

/** Unsigned quantities carry their direction in `side`; signed ones belong to positions alone. */
export const sideSchema = z.enum(['buy', 'sell']);
export type Side = z.infer<typeof sideSchema>;

export const orderTypeSchema = z.enum(['market', 'limit', 'stop']);
export type OrderType = z.infer<typeof orderTypeSchema>;

/** fillOrKill and immediateOrCancel end at once; goodTillTime ends at `expiresAt`. */
const timeInForceSchema = z.enum(['fillOrKill', 'immediateOrCancel', 'goodTillCancel', 'goodTillTime']);

/** Why the order exists: an entry may open, everything else may only reduce. */
export const orderPurposeSchema = z.enum(['entry', 'exit', 'stopLoss', 'takeProfit']);
export type OrderPurpose = z.infer<typeof orderPurposeSchema>;

/** Stop and target that the venue places itself when an entry fills, each for the quantity filled. */
export const bracketSchema = z.strictObject({
  stopPrice: z.int().nullable(),
  targetPrice: z.int().nullable(),
});
export type Bracket = Readonly<z.infer<typeof bracketSchema>>;

/** The whole text of an order as it is sent; prices and quantities are integers in the instrument's decimals. */
export const orderRequestSchema = z.strictObject({
  clientOrderId: z.string().min(1).max(36),
  instrument: z.string(),
  side: sideSchema,
  quantity: z.int().positive(),
  orderType: orderTypeSchema,
  limitPrice: z.int().nullable(),
  stopPrice: z.int().nullable(),
  timeInForce: timeInForceSchema,
  expiresAt: z.int().nullable(),
  isReduceOnly: z.boolean(),
  purpose: orderPurposeSchema,
  bracket: bracketSchema.nullable(),
  strategy: z.string(),
  reason: z.string(),
});
export type OrderRequest = Readonly<z.infer<typeof orderRequestSchema>>;

export const orderStates = [
  'initialized',
  'submitted',
  'accepted',
  'partiallyFilled',
  'filled',
  'canceled',
  'rejected',
  'denied',
  'expired',
] as const;
export type OrderState = (typeof orderStates)[number];

/** What an order event does to an order's state. A partial fill and a final one are told apart by the quantity left. */
export type OrderChange =
  | 'submit'
  | 'deny'
  | 'accept'
  | 'adopt'
  | 'reject'
  | 'fillPart'
  | 'fillRest'
  | 'cancel'
  | 'expire';

/**
 * Allowed changes as data. Venue events may come out of order: a fill may precede its acceptance, a late acceptance
 * changes nothing, and a fill after a cancellation is real (the venue filled before it cancelled). An order that was given up as
 * refused and is found working at the venue is adopted: the venue is the truth of what happened there.
 * A change that is not listed is refused by the caller with an event, never applied.
 */
export const orderTransitions: Readonly<Record<OrderState, Readonly<Partial<Record<OrderChange, OrderState>>>>> = {
  initialized: {
    submit: 'submitted',
    deny: 'denied',
    accept: 'accepted',
    adopt: 'accepted',
    fillPart: 'partiallyFilled',
    fillRest: 'filled',
    cancel: 'canceled',
  },
  submitted: {
    accept: 'accepted',
    adopt: 'accepted',
    reject: 'rejected',
    fillPart: 'partiallyFilled',
    fillRest: 'filled',
    cancel: 'canceled',
    expire: 'expired',
  },
  accepted: {
    accept: 'accepted',
    adopt: 'accepted',
    reject: 'rejected',
    fillPart: 'partiallyFilled',
    fillRest: 'filled',
    cancel: 'canceled',
    expire: 'expired',
  },
  partiallyFilled: {
    accept: 'partiallyFilled',
    adopt: 'partiallyFilled',
    fillPart: 'partiallyFilled',
    fillRest: 'filled',
    cancel: 'canceled',
    expire: 'expired',
  },
  filled: { accept: 'filled', cancel: 'filled' },
  canceled: { accept: 'canceled', adopt: 'accepted', cancel: 'canceled', fillPart: 'canceled', fillRest: 'filled' },
  rejected: { reject: 'rejected', adopt: 'accepted', fillPart: 'partiallyFilled', fillRest: 'filled' },
  denied: {},
  expired: {
    accept: 'expired',
    adopt: 'accepted',
    expire: 'expired',
    cancel: 'expired',
    fillPart: 'expired',
    fillRest: 'filled',
  },
};

/** The state after a change, or undefined where the table does not allow it. */
export function nextOrderState(state: OrderState, change: OrderChange): OrderState | undefined {
  return orderTransitions[state][change];
}

/** An order nothing more is expected of. */
export function isTerminal(state: OrderState): boolean {
  return (
    state === 'filled' || state === 'canceled' || state === 'rejected' || state === 'denied' || state === 'expired'
  );
}

export function oppositeSide(side: Side): Side {
  return side === 'buy' ? 'sell' : 'buy';
}

/** Plus one for a buy, minus one for a sell. */
export function signOf(side: Side): 1 | -1 {
  return side === 'buy' ? 1 : -1;
}
