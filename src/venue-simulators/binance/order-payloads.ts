import { scaleOf } from '#domain/scale.ts';
import { priceText, quantityText, quoteText } from './markets.ts';
import type { Order } from './order-store.ts';
import type { WireJson } from './wire-json.ts';

/**
 * What new, changed and cancelled orders are answered with. Since the summer of 2026 it says nothing of what was paid: neither the average
 * price nor the sum in quote currency.
 */
export function acknowledgement(order: Order): { readonly [key: string]: WireJson } {
  const { market } = order;
  return {
    clientOrderId: order.clientOrderId,
    cumQty: quantityText(market, order.filledQuantity),
    executedQty: quantityText(market, order.filledQuantity),
    orderId: order.orderId,
    origQty: quantityText(market, order.quantity),
    price: priceText(market, order.price),
    reduceOnly: order.isReduceOnly,
    side: order.side,
    positionSide: 'BOTH',
    status: order.status,
    stopPrice: priceText(market, 0),
    closePosition: order.isClosePosition,
    symbol: market.symbol,
    timeInForce: order.timeInForce,
    type: order.type,
    origType: order.type,
    updateTime: order.updatedAt,
    workingType: 'CONTRACT_PRICE',
    priceProtect: false,
    priceMatch: 'NONE',
    selfTradePreventionMode: 'EXPIRE_MAKER',
    goodTillDate: order.goodTillAt,
  };
}

/** What a question about an order is answered with. */
export function orderReport(order: Order): { readonly [key: string]: WireJson } {
  const { cumQty: _, ...rest } = acknowledgement(order);
  return {
    ...rest,
    avgPrice: averagePriceText(order),
    cumQuote: quoteText(order.market, order.filledQuote),
    time: order.createdAt,
  };
}

/** What an order paid on average, with a few decimals more than a price has. */
export function averagePriceText({ market, filledQuantity, filledQuote }: Order): string {
  const { priceDecimals } = market.instrument;
  const average = filledQuantity === 0 ? 0 : filledQuote / filledQuantity / scaleOf(priceDecimals);
  return average.toFixed(priceDecimals + 3);
}
