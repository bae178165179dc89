import { present } from '#base/assert.ts';
import type { Instrument } from '#domain/instrument.ts';
import { priceText, unitsText } from './wire-text.ts';

/** Kinds of orders that clients create by themselves. */
export const entryTypes = ['MARKET', 'LIMIT', 'STOP', 'MARKET_IF_TOUCHED'] as const;
/** Kinds that belong to a trade and close it. */
export const dependentTypes = ['TAKE_PROFIT', 'STOP_LOSS'] as const;
export type EntryType = (typeof entryTypes)[number];
export type DependentType = (typeof dependentTypes)[number];

export interface ClientExtensions {
  readonly id?: string | undefined;
  readonly tag?: string | undefined;
  readonly comment?: string | undefined;
}

/** A stop or target that comes into being with the trade: at a price, or for a stop at a distance from the fill. */
export interface OnFill {
  readonly price: number | null;
  readonly distance: number | null;
  readonly timeInForce: 'GTC' | 'GTD' | 'GFD';
  readonly gtdAt: number | null;
  readonly clientExtensions: ClientExtensions | null;
}

/** What an order is asked to be: prices in ticks, units in steps with a sign. */
export interface OrderTerms {
  readonly type: EntryType | DependentType;
  readonly instrument: Instrument;
  /** Null where an order belongs to a trade and closes whatever is left of it. */
  readonly units: number | null;
  readonly price: number | null;
  readonly priceBound: number | null;
  readonly timeInForce: 'GTC' | 'GTD' | 'GFD' | 'FOK' | 'IOC';
  readonly gtdAt: number | null;
  readonly positionFill: 'DEFAULT' | 'OPEN_ONLY' | 'REDUCE_FIRST' | 'REDUCE_ONLY';
  readonly clientExtensions: ClientExtensions | null;
  readonly tradeClientExtensions: ClientExtensions | null;
  readonly takeProfitOnFill: OnFill | null;
  readonly stopLossOnFill: OnFill | null;
  readonly tradeId: string | null;
}

/** Terms of an order at the market that reduces and nothing more, but for what is told otherwise. */
export function marketTerms(instrument: Instrument, units: number, changes: Partial<OrderTerms> = {}): OrderTerms {
  return {
    type: 'MARKET',
    instrument,
    units,
    price: null,
    priceBound: null,
    timeInForce: 'FOK',
    gtdAt: null,
    positionFill: 'REDUCE_ONLY',
    clientExtensions: null,
    tradeClientExtensions: null,
    takeProfitOnFill: null,
    stopLossOnFill: null,
    tradeId: null,
    ...changes,
  };
}

export type AccountOrderState = 'PENDING' | 'FILLED' | 'TRIGGERED' | 'CANCELLED';

/** An order as the account keeps it. */
export interface AccountOrder {
  readonly id: string;
  /** Under which id the floor knows it: the floor takes no id twice, and clients may use theirs again. */
  readonly floorId: string;
  readonly terms: OrderTerms;
  /** Why it was created: it decides what its fill is called. */
  readonly reason: string;
  readonly createTime: string;
  readonly replacesOrderId: string | null;
  /** Since when a lagging index shows it. */
  readonly shownFromAt: number;
  clientExtensions: ClientExtensions | null;
  state: AccountOrderState;
  /** Steps of the whole order, and how many of them have filled; both without a sign. */
  quantity: number;
  filledQuantity: number;
  fillTransactionId: string | null;
  filledTime: string | null;
  cancelTransactionId: string | null;
  cancelledTime: string | null;
  replacedByOrderId: string | null;
  tradeOpenedId: string | null;
  tradeReducedId: string | null;
  readonly tradeClosedIds: string[];
}

/** The fields of an order that its transaction has as well. */
export function termsBody(terms: OrderTerms, clientExtensions = terms.clientExtensions): Record<string, unknown> {
  const { instrument } = terms;
  const isDependent = terms.tradeId !== null && terms.units === null;
  return compact({
    instrument: isDependent ? undefined : instrument.symbol,
    units: terms.units === null ? undefined : unitsText(instrument, terms.units),
    tradeID: isDependent ? terms.tradeId : undefined,
    price: terms.price === null ? undefined : priceText(instrument, terms.price),
    priceBound: terms.priceBound === null ? undefined : priceText(instrument, terms.priceBound),
    timeInForce: terms.timeInForce,
    gtdTime: terms.gtdAt === null ? undefined : new Date(terms.gtdAt).toISOString().replace('Z', '000000Z'),
    triggerCondition: terms.type === 'MARKET' ? undefined : 'DEFAULT',
    partialFill: isDependent || terms.type === 'MARKET' ? undefined : 'DEFAULT',
    positionFill: isDependent ? undefined : terms.positionFill,
    takeProfitOnFill: terms.takeProfitOnFill === null ? undefined : onFillBody(terms.takeProfitOnFill, instrument),
    stopLossOnFill: terms.stopLossOnFill === null ? undefined : onFillBody(terms.stopLossOnFill, instrument),
    clientExtensions: clientExtensions ?? undefined,
    tradeClientExtensions: terms.tradeClientExtensions ?? undefined,
  });
}

/** An order as lists show it. */
export function orderBody(order: AccountOrder): Record<string, unknown> {
  return compact({
    id: order.id,
    createTime: order.createTime,
    type: order.terms.type,
    ...termsBody(order.terms, order.clientExtensions),
    state: order.state,
    fillingTransactionID: order.fillTransactionId ?? undefined,
    filledTime: order.filledTime ?? undefined,
    tradeOpenedID: order.tradeOpenedId ?? undefined,
    tradeReducedID: order.tradeReducedId ?? undefined,
    tradeClosedIDs: order.tradeClosedIds.length === 0 ? undefined : order.tradeClosedIds,
    cancellingTransactionID: order.cancelTransactionId ?? undefined,
    cancelledTime: order.cancelledTime ?? undefined,
    replacesOrderID: order.replacesOrderId ?? undefined,
    replacedByOrderID: order.replacedByOrderId ?? undefined,
  });
}

/** The price at which a dependent stands, for a stop at a distance from where the trade was opened. */
export function onFillPrice(onFill: OnFill, openPrice: number, sign: number): number {
  if (onFill.price !== null) return onFill.price;
  return openPrice - sign * present(onFill.distance, 'distance of a stop');
}

function onFillBody(onFill: OnFill, instrument: Instrument): Record<string, unknown> {
  return compact({
    price: onFill.price === null ? undefined : priceText(instrument, onFill.price),
    distance: onFill.distance === null ? undefined : priceText(instrument, onFill.distance),
    timeInForce: onFill.timeInForce,
    gtdTime: onFill.gtdAt === null ? undefined : new Date(onFill.gtdAt).toISOString().replace('Z', '000000Z'),
    clientExtensions: onFill.clientExtensions ?? undefined,
  });
}

/** Leaves out what is undefined: the venue leaves out what does not apply. */
export function compact(fields: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}
