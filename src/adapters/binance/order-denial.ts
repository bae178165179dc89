import type { OrderRequest } from '#domain/order.ts';
import { scaleOf } from '#domain/scale.ts';
import { filterDecimals, type Market } from './filters.ts';

/** Our ids as the venue takes them. */
const clientOrderIdPattern = /^[.A-Z:/a-z0-9_-]{1,36}$/;

/** Why an order does not leave. */
export interface Denial {
  readonly code: `DENIED_${string}`;
  readonly reason: string;
}

/** What is known when an order is about to leave; prices are in ticks, undefined where there is none yet. */
export interface DenialScene {
  readonly market: Market;
  readonly markPrice: number | undefined;
  /** Conditional orders of the instrument that work already. */
  readonly algoOrders: number;
}

/**
 * The last look before the socket. A reduction is never held back for its size: the venue exempts it from most of these, and where it
 * does not, its refusal is as definite as ours.
 */
export function orderDenial(order: OrderRequest, scene: DenialScene): Denial | undefined {
  if (!clientOrderIdPattern.test(order.clientOrderId)) {
    return { code: 'DENIED_CLIENT_ID', reason: `an id the venue takes is expected, found '${order.clientOrderId}'` };
  }
  if (order.orderType === 'limit' && order.limitPrice === null) return missing('limit');
  if (order.orderType === 'stop' && order.stopPrice === null) return missing('stop');
  if (order.isReduceOnly) return undefined;
  return marketDenial(scene) ?? sizeDenial(order, scene) ?? priceDenial(order, scene) ?? notionalDenial(order, scene);
}

function missing(kind: string): Denial {
  return { code: 'DENIED_PRICE', reason: `a ${kind} order needs its ${kind} price` };
}

function marketDenial({ market }: DenialScene): Denial | undefined {
  if (market.isTrading) return undefined;
  return { code: 'DENIED_MARKET', reason: `status 'TRADING' is expected, found '${market.status}'` };
}

function sizeDenial(order: OrderRequest, { market, algoOrders }: DenialScene): Denial | undefined {
  const { instrument, filters } = market;
  const { quantity } = order;
  if (quantity % instrument.lotSize !== 0) {
    return {
      code: 'DENIED_LOT_SIZE',
      reason: `a multiple of '${instrument.lotSize}' is expected, found '${quantity}'`,
    };
  }
  if (quantity < instrument.minimumQuantity) {
    return {
      code: 'DENIED_MIN_QUANTITY',
      reason: `at least '${instrument.minimumQuantity}' is expected, found '${quantity}'`,
    };
  }
  const most = order.orderType === 'limit' ? filters.limitQuantityMax : instrument.maximumQuantity;
  if (quantity > most)
    return { code: 'DENIED_MAX_QUANTITY', reason: `at most '${most}' is expected, found '${quantity}'` };
  if (order.orderType !== 'stop' || filters.algoOrdersMax === 0 || algoOrders < filters.algoOrdersMax) return undefined;
  return {
    code: 'DENIED_MAX_ORDERS',
    reason: `at most '${filters.algoOrdersMax}' conditional orders may work at once`,
  };
}

function priceDenial(order: OrderRequest, { market, markPrice }: DenialScene): Denial | undefined {
  const price = order.limitPrice ?? order.stopPrice;
  if (price === null) return undefined;
  const { instrument, filters } = market;
  if (price % instrument.tickSize !== 0) {
    return { code: 'DENIED_TICK_SIZE', reason: `a multiple of '${instrument.tickSize}' is expected, found '${price}'` };
  }
  if (price < filters.minimumPrice || price > filters.maximumPrice) {
    return {
      code: 'DENIED_PRICE',
      reason: `'${filters.minimumPrice}' to '${filters.maximumPrice}' is expected, found '${price}'`,
    };
  }
  if (order.orderType !== 'limit' || markPrice === undefined) return undefined;
  const share = (BigInt(price) * BigInt(scaleOf(filterDecimals))) / BigInt(markPrice);
  const isTooHigh = order.side === 'buy' && filters.multiplierUp > 0 && share > BigInt(filters.multiplierUp);
  const isTooLow = order.side === 'sell' && filters.multiplierDown > 0 && share < BigInt(filters.multiplierDown);
  if (!isTooHigh && !isTooLow) return undefined;
  return { code: 'DENIED_PERCENT_PRICE', reason: `'${price}' is too far from the mark price '${markPrice}'` };
}

function notionalDenial(order: OrderRequest, { market, markPrice }: DenialScene): Denial | undefined {
  const { instrument, filters } = market;
  const price = order.limitPrice ?? order.stopPrice ?? markPrice;
  // Without any price the venue has the last word.
  if (price === undefined || filters.minimumNotional === 0) return undefined;
  const notional = BigInt(price) * BigInt(order.quantity) * BigInt(scaleOf(filterDecimals));
  const least =
    BigInt(filters.minimumNotional) *
    BigInt(scaleOf(instrument.priceDecimals)) *
    BigInt(scaleOf(instrument.quantityDecimals));
  if (notional >= least) return undefined;
  return {
    code: 'DENIED_MIN_NOTIONAL',
    reason: `'${order.quantity}' at '${price}' is below the least notional of the venue`,
  };
}
