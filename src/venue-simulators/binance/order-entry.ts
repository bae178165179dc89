import type { EventByType } from '#domain/events.ts';
import type { OrderRequest } from '#domain/order.ts';
import { tellOrder } from './order-events.ts';
import { dropOrder, isOpen, keepOrder, type Order, type OrderTerms } from './order-store.ts';
import { type Refusal, refusals } from './refusals.ts';
import { takeOne } from './script-switches.ts';
import { nextOrderId } from './venue-ids.ts';
import { serverNow, type World } from './world.ts';

export function createOrder(world: World, terms: OrderTerms): Order {
  const now = serverNow(world);
  world.floorOrders += 1;
  return {
    isClosePosition: false,
    goodTillAt: 0,
    algo: null,
    floorId: `w${world.floorOrders}`,
    ...terms,
    orderId: nextOrderId(world.ids),
    createdAt: now,
    status: 'NEW',
    filledQuantity: 0,
    filledQuote: 0,
    updatedAt: now,
    hiddenUntilAt: now + world.script.hideOrdersMs,
    isResting: false,
    modifications: 0,
    isTold: false,
    refusalCode: null,
  };
}

/**
 * Lets an order into the market, at once or after the script's latency; what it leads to is told on the account's stream. A refusal leaves
 * no trace of it.
 */
export function enterOrder(world: World, order: Order): Refusal | undefined {
  const { script, orders } = world;
  if (takeOne(script.reducedQuantities)) order.quantity = partOf(order, script.reducedQuantities.fraction);
  keepOrder(orders, order);
  if (script.matchLatencyMs === 0) return reachMarket(world, order);
  tellNew(world, order);
  world.time.after(script.matchLatencyMs, () => {
    if (isOpen(order)) reachMarket(world, order);
  });
  return undefined;
}

/** Says once that an order is there. */
export function tellNew(world: World, order: Order): void {
  if (order.isTold) return;
  order.isTold = true;
  tellOrder(world, order, { type: 'NEW' });
}

/** An order ends without another fill. */
export function endOrder(world: World, order: Order, type: 'CANCELED' | 'EXPIRED', expiryReason = '0'): void {
  if (!isOpen(order)) return;
  order.status = type;
  order.updatedAt = serverNow(world);
  world.orders.open.delete(order.orderId);
  tellOrder(world, order, { type, expiryReason });
}

/** Asks the floor to take an order out; one that has not reached the market yet ends at once. */
export function withdrawOrder(world: World, order: Order): void {
  if (world.floor.state.workingById.has(order.floorId)) {
    const reason = 'CANCELED_BY_CLIENT';
    world.floor.send({ type: 'order.cancelRequested', at: 0, clientOrderId: order.floorId, reason });
  } else {
    endOrder(world, order, 'CANCELED');
  }
}

function reachMarket(world: World, order: Order): Refusal | undefined {
  const request = requestOf(world, order);
  world.floor.send({ type: 'order.submitted', at: 0, order: request });
  order.isResting = isOpen(order);
  if (order.refusalCode === null) return undefined;
  dropOrder(world.orders, order);
  return refusalOf(order.refusalCode);
}

function requestOf(world: World, order: Order): OrderRequest {
  const isLimit = order.type === 'LIMIT';
  return {
    clientOrderId: order.floorId,
    instrument: order.market.instrumentId,
    side: order.side === 'BUY' ? 'buy' : 'sell',
    quantity: order.quantity + overfillOf(world, order),
    orderType: isLimit ? 'limit' : 'market',
    limitPrice: isLimit ? order.price : null,
    stopPrice: null,
    timeInForce: timesInForce[isLimit ? order.timeInForce : 'GTC'],
    expiresAt: isLimit && order.timeInForce === 'GTD' ? order.goodTillAt - world.script.clockSkewMs : null,
    isReduceOnly: order.isReduceOnly,
    purpose: order.isReduceOnly ? 'exit' : 'entry',
    bracket: null,
    strategy: '',
    reason: '',
  };
}

const timesInForce = {
  GTC: 'goodTillCancel',
  GTX: 'goodTillCancel',
  IOC: 'immediateOrCancel',
  FOK: 'fillOrKill',
  GTD: 'goodTillTime',
} as const;

function overfillOf({ script }: World, order: Order): number {
  if (order.isReduceOnly || !takeOne(script.overfills)) return 0;
  return partOf(order, script.overfills.fraction);
}

/** A share of an order's quantity in whole lots, at least one. */
function partOf({ quantity, market }: Order, fraction: number): number {
  const { lotSize } = market.instrument;
  return Math.max(1, Math.floor((quantity * fraction) / lotSize)) * lotSize;
}

type FloorRefusal = EventByType['order.rejected']['code'];

const refusalByCode: Readonly<Record<FloorRefusal, Refusal>> = {
  INSUFFICIENT_MARGIN: refusals.margin,
  REDUCE_ONLY: refusals.reduceOnly,
  CLOSE_OUT: refusals.inLiquidation,
  MARKET_HALTED: refusals.symbolClosed,
  TOO_MANY_ORDERS: refusals.tooManyOpen,
  INVALID_QUANTITY: refusals.stepSize,
  INVALID_PRICE: refusals.tickSize,
  UNKNOWN_INSTRUMENT: refusals.badSymbol,
};

function refusalOf(code: string): Refusal {
  return refusalByCode[code] ?? refusals.unknown;
}
