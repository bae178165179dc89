import { priceText, quantityText } from './markets.ts';
import type { ToldFill } from './order-events.ts';
import { averagePriceText } from './order-payloads.ts';
import type { Order } from './order-store.ts';
import type { WireJson } from './wire-json.ts';
import { serverNow, type World } from './world.ts';

/** Tells everybody that a position was closed by the venue. */
export function publishForceOrder(world: World, order: Order, fill: ToldFill): void {
  const { market } = order;
  const now = serverNow(world);
  const text = JSON.stringify({
    e: 'forceOrder',
    E: now,
    st: 1,
    o: {
      s: market.symbol,
      S: order.side,
      o: 'LIMIT',
      f: 'IOC',
      q: quantityText(market, order.quantity),
      p: priceText(market, fill.price),
      ap: averagePriceText(order),
      X: order.status,
      l: quantityText(market, fill.quantity),
      z: quantityText(market, order.filledQuantity),
      T: now,
    },
  });
  world.hub.publish(`${market.streamName}@forceOrder`, text);
  world.hub.publish('!forceOrder@arr', text);
}

/** An entry of the account's list of orders that the venue sent by itself. */
export function forceOrderReport(order: Order): WireJson {
  const { market } = order;
  return {
    orderId: order.orderId,
    symbol: market.symbol,
    status: order.status,
    clientOrderId: order.clientOrderId,
    price: priceText(market, order.price),
    avgPrice: averagePriceText(order),
    origQty: quantityText(market, order.quantity),
    executedQty: quantityText(market, order.filledQuantity),
    cumQuote: '0',
    timeInForce: 'IOC',
    type: 'LIMIT',
    reduceOnly: order.isReduceOnly,
    closePosition: false,
    side: order.side,
    positionSide: 'BOTH',
    stopPrice: '0',
    workingType: 'CONTRACT_PRICE',
    origType: 'LIMIT',
    time: order.createdAt,
    updateTime: order.updatedAt,
  };
}
