import type { Instrument } from '#domain/instrument.ts';
import type { OrderRequest } from '#domain/order.ts';
import { isExternal, type KnownOrder, type OrderFacts, type OrderFamily } from './account-book.ts';
import type { EndpointName } from './endpoints.ts';
import { priceText, quantityText } from './mapper.ts';
import type { Parameters } from './signing.ts';

/** The venue takes no end of an order nearer than ten minutes; a minute more lets ours be a little wrong. */
const goodTillLeastMs = 660_000;

export interface Request {
  readonly name: EndpointName;
  readonly parameters: Parameters;
}

export function familyOf(order: Pick<OrderRequest, 'orderType'>): OrderFamily {
  return order.orderType === 'stop' ? 'conditional' : 'ordinary';
}

/**
 * An order as the venue takes it. Whatever waits for a trigger goes to the conditional family. An order with an end nearer than the
 * venue allows is sent with the nearest it does allow, as a last resort should we not be there to take it back in time.
 */
export function submitRequest(order: OrderRequest, instrument: Instrument, venueNow: number): Request {
  const symbol = instrument.symbol;
  const side = order.side === 'buy' ? 'BUY' : 'SELL';
  const quantity = quantityText(order.quantity, instrument);
  const reduceOnly = order.isReduceOnly ? true : undefined;
  if (order.orderType === 'stop') {
    const triggerPrice = priceText(order.stopPrice ?? 0, instrument);
    const own = { algoType: 'CONDITIONAL', type: 'STOP_MARKET', triggerPrice, workingType: 'CONTRACT_PRICE' };
    return {
      name: 'newAlgoOrder',
      parameters: { symbol, side, ...own, quantity, reduceOnly, clientAlgoId: order.clientOrderId },
    };
  }
  const common = {
    symbol,
    side,
    quantity,
    reduceOnly,
    newClientOrderId: order.clientOrderId,
    newOrderRespType: 'RESULT',
  };
  if (order.orderType === 'market') return { name: 'newOrder', parameters: { ...common, type: 'MARKET' } };
  const price = priceText(order.limitPrice ?? 0, instrument);
  return { name: 'newOrder', parameters: { ...common, type: 'LIMIT', price, ...lifeOf(order, venueNow) } };
}

function lifeOf({ timeInForce, expiresAt }: OrderRequest, venueNow: number): Parameters {
  switch (timeInForce) {
    case 'fillOrKill':
      return { timeInForce: 'FOK' };
    case 'immediateOrCancel':
      return { timeInForce: 'IOC' };
    case 'goodTillCancel':
      return { timeInForce: 'GTC' };
    case 'goodTillTime': {
      const until = Math.max(expiresAt ?? 0, venueNow + goodTillLeastMs);
      return { timeInForce: 'GTD', goodTillDate: Math.ceil(until / 1_000) * 1_000 };
    }
  }
}

/** Takes an order back, by our id, or by the venue's where the order is of another hand. */
export function cancelRequest(
  order: Pick<OrderFacts, 'clientOrderId' | 'wireId' | 'venueOrderId' | 'family' | 'symbol'>,
): Request {
  const { symbol } = order;
  const isOurs = !isExternal(order.clientOrderId);
  if (order.family === 'conditional') {
    const name = 'cancelAlgoOrder';
    return {
      name,
      parameters: isOurs ? { symbol, clientAlgoId: order.wireId } : { symbol, algoId: order.venueOrderId },
    };
  }
  const name = 'cancelOrder';
  return {
    name,
    parameters: isOurs ? { symbol, origClientOrderId: order.wireId } : { symbol, orderId: order.venueOrderId },
  };
}

/** Gives a limit order another price and its whole quantity anew. */
export function amendRequest(order: KnownOrder, limitPrice: number, instrument: Instrument): Request {
  const id = isExternal(order.clientOrderId) ? { orderId: order.venueOrderId } : { origClientOrderId: order.wireId };
  return {
    name: 'modifyOrder',
    parameters: {
      symbol: order.symbol,
      side: order.side === 'buy' ? 'BUY' : 'SELL',
      ...id,
      quantity: quantityText(order.quantity, instrument),
      price: priceText(limitPrice, instrument),
    },
  };
}
