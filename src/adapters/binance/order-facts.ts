import type { Instrument } from '#domain/instrument.ts';
import { type AccountBook, type OrderFacts, ownIdOf } from './account-book.ts';
import { orderTypeOf, priceOrNull, quantityOf, sideOf } from './mapper.ts';
import type { AlgoUpdate, OrderTradeUpdate, VenueAlgoOrder, VenueOrder } from './schema.ts';

/** Undefined from each of these: a quantity that cannot be read in the instrument's steps. */
type Facts = OrderFacts | undefined;

/** An ordinary order as a question about it answers. */
export function orderFacts(order: VenueOrder, instrument: Instrument, book: AccountBook): Facts {
  const quantity = quantityOf(order.origQty, instrument);
  const filledQuantity = quantityOf(order.executedQty ?? order.cumQty ?? '0', instrument);
  if (quantity === undefined || filledQuantity === undefined) return undefined;
  return {
    clientOrderId: ownIdOf(book, order.clientOrderId, order.orderId, 'ordinary'),
    wireId: order.clientOrderId,
    venueOrderId: order.orderId,
    family: 'ordinary',
    symbol: order.symbol,
    side: sideOf(order.side),
    quantity,
    filledQuantity,
    orderType: orderTypeOf(order.type),
    limitPrice: order.type === 'MARKET' ? null : priceOrNull(order.price, instrument),
    stopPrice: priceOrNull(order.stopPrice, instrument),
    isReduceOnly: order.reduceOnly === true || order.closePosition === true,
    at: order.updateTime,
  };
}

/** An ordinary order as the account's stream tells it. */
export function updateFacts({ T, o }: OrderTradeUpdate, instrument: Instrument, book: AccountBook): Facts {
  const quantity = quantityOf(o.q, instrument);
  const filledQuantity = quantityOf(o.z, instrument);
  if (quantity === undefined || filledQuantity === undefined) return undefined;
  return {
    clientOrderId: ownIdOf(book, o.c, o.i, 'ordinary'),
    wireId: o.c,
    venueOrderId: o.i,
    family: 'ordinary',
    symbol: o.s,
    side: sideOf(o.S),
    quantity,
    filledQuantity,
    orderType: orderTypeOf(o.o),
    limitPrice: o.o === 'MARKET' ? null : priceOrNull(o.p, instrument),
    stopPrice: priceOrNull(o.sp, instrument),
    isReduceOnly: o.R === true || o.cp === true,
    at: T,
  };
}

/** A conditional order as a question about it answers. One that closes whatever is held has a quantity of zero. */
export function algoFacts(order: VenueAlgoOrder, instrument: Instrument, book: AccountBook): Facts {
  const quantity = quantityOf(order.quantity === '' ? '0' : order.quantity, instrument);
  if (quantity === undefined) return undefined;
  return {
    clientOrderId: ownIdOf(book, order.clientAlgoId, order.algoId, 'conditional'),
    wireId: order.clientAlgoId,
    venueOrderId: order.algoId,
    family: 'conditional',
    symbol: order.symbol,
    side: sideOf(order.side),
    quantity,
    filledQuantity: 0,
    orderType: 'stop',
    limitPrice: priceOrNull(order.price, instrument),
    stopPrice: priceOrNull(order.triggerPrice, instrument),
    isReduceOnly: order.reduceOnly === true || order.closePosition === true,
    at: order.updateTime ?? order.createTime ?? 0,
  };
}

/** A conditional order as the account's stream tells it. */
export function algoUpdateFacts({ E, T, o }: AlgoUpdate, instrument: Instrument, book: AccountBook): Facts {
  const quantity = quantityOf(o.q === undefined || o.q === '' ? '0' : o.q, instrument);
  if (quantity === undefined) return undefined;
  return {
    clientOrderId: ownIdOf(book, o.caid, o.aid, 'conditional'),
    wireId: o.caid,
    venueOrderId: o.aid,
    family: 'conditional',
    symbol: o.s,
    side: sideOf(o.S),
    quantity,
    filledQuantity: 0,
    orderType: 'stop',
    limitPrice: o.o.endsWith('_MARKET') ? null : priceOrNull(o.p, instrument),
    stopPrice: priceOrNull(o.tp, instrument),
    isReduceOnly: o.R === true || o.cp === true,
    at: T ?? E,
  };
}
