import type { InstrumentId } from '#domain/instrument.ts';
import type { Bracket, OrderRequest, OrderType, Side } from '#domain/order.ts';

/** An order as the venue keeps it. An order type has at most one price of its own, so `price` is the limit or the stop; 0 at the market. */
export interface VenueOrder {
  readonly clientOrderId: string;
  readonly venueOrderId: string;
  readonly instrument: InstrumentId;
  readonly side: Side;
  readonly orderType: OrderType;
  readonly timeInForce: OrderRequest['timeInForce'];
  /** Infinity where the order has no expiry. */
  readonly expiresAt: number;
  readonly isReduceOnly: boolean;
  readonly bracket: Bracket | null;
  /** The entry that a bracket's stop or target protects; null on every other order. */
  readonly parentOrderId: string | null;
  readonly isCloseOut: boolean;
  quantity: number;
  filledQuantity: number;
  price: number;
  /** Since when the order stands with this price: prices before it were made without the order. */
  workingFromAt: number;
  /** True once the order has seen a price it did not fill at, and so waits in the book instead of taking. */
  isResting: boolean;
  /** A stop that was touched is an order at the market from then on. */
  isTriggered: boolean;
  isWorking: boolean;
  /** Start of the bar in which a bracket's entry last filled, -1 where a quote filled it. */
  entryBarAt: number;
  /** True where that entry filled inside the bar, not at its open. */
  isEntryInsideBar: boolean;
  /** The observation that last filled the order: one observation fills an order at most once. */
  filledObservation: number;
}

/** What differs between orders at birth; everything else starts alike. */
export type OrderOrigin = Pick<
  VenueOrder,
  'clientOrderId' | 'venueOrderId' | 'instrument' | 'side' | 'orderType' | 'quantity' | 'workingFromAt'
> &
  Partial<VenueOrder>;

export function createVenueOrder(origin: OrderOrigin): VenueOrder {
  return {
    timeInForce: 'goodTillCancel',
    expiresAt: Infinity,
    isReduceOnly: false,
    bracket: null,
    parentOrderId: null,
    isCloseOut: false,
    filledQuantity: 0,
    price: 0,
    isResting: false,
    isTriggered: false,
    isWorking: true,
    entryBarAt: -1,
    isEntryInsideBar: false,
    filledObservation: -1,
    ...origin,
  };
}

/** What is left to fill. */
export function remainingQuantity(order: Readonly<VenueOrder>): number {
  return order.quantity - order.filledQuantity;
}

/** Whether the order takes whatever price comes next. */
export function isAtMarket(order: Readonly<VenueOrder>): boolean {
  return order.orderType === 'market' || order.isTriggered;
}

export function isImmediate(order: Readonly<VenueOrder>): boolean {
  return order.timeInForce === 'fillOrKill' || order.timeInForce === 'immediateOrCancel';
}

export function limitPriceOf(order: Readonly<VenueOrder>): number | null {
  return order.orderType === 'limit' ? order.price : null;
}

export function stopPriceOf(order: Readonly<VenueOrder>): number | null {
  return order.orderType === 'stop' ? order.price : null;
}
