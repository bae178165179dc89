import type { CallParameters } from './call-parameters.ts';
import { decimalParameter } from './decimal-parameter.ts';
import { touchOf } from './mark-price.ts';
import { endOrder, withdrawOrder } from './order-entry.ts';
import { tellOrder } from './order-events.ts';
import { filterRefusal } from './order-filters.ts';
import { acknowledgement } from './order-payloads.ts';
import { readMarket, readSide } from './order-reading.ts';
import { findOrder, isOpen, type Order } from './order-store.ts';
import { isRefusal, missingParameter, type Refusal, refusals } from './refusals.ts';
import type { WireJson } from './wire-json.ts';
import { serverNow, type World } from './world.ts';

type Answer = { readonly [key: string]: WireJson } | Refusal;

/** How often one order may be changed. */
export const MODIFICATIONS_MAX = 10_000;

/** The order that a call names, by the venue's id or the client's. */
export function namedOrder(world: World, parameters: CallParameters): Order | Refusal | undefined {
  const market = readMarket(world, parameters);
  if (isRefusal(market)) return market;
  const orderId = parameters.get('orderId');
  const clientOrderId = parameters.get('origClientOrderId');
  if (orderId === undefined && clientOrderId === undefined) return missingParameter('orderId');
  return findOrder(world.orders, market, { orderId, clientOrderId });
}

/** Cancels one ordinary order. One that has ended, or that only the conditional family knows, is unknown here. */
export function cancelOrder(world: World, parameters: CallParameters): Answer {
  const order = namedOrder(world, parameters);
  if (order !== undefined && isRefusal(order)) return order;
  if (order === undefined || !isOpen(order)) return refusals.cancelUnknown;
  withdrawOrder(world, order);
  return acknowledgement(order);
}

/**
 * Gives a limit order another price or quantity. It keeps its id and what it has filled. A new quantity that is filled already cancels it,
 * and so does a post-only order's new price that would take.
 */
export function modifyOrder(world: World, parameters: CallParameters): Answer {
  const order = namedOrder(world, parameters);
  if (order !== undefined && isRefusal(order)) return order;
  const change = readChange(world, order, parameters);
  if (isRefusal(change)) return change;
  const { target, quantity, price } = change;
  if (quantity <= target.filledQuantity) withdrawOrder(world, target);
  else if (isPostOnlyCrossing(world, target, price)) withdrawOrder(world, target);
  else amend(world, target, quantity, price);
  return { ...acknowledgement(target), modifyId: target.modifications };
}

interface Change {
  readonly target: Order;
  readonly quantity: number;
  readonly price: number;
}

function readChange(world: World, order: Order | undefined, parameters: CallParameters): Change | Refusal {
  const side = readSide(parameters);
  if (typeof side !== 'string') return side;
  if (order === undefined || !isOpen(order) || order.side !== side) return refusals.noOrder;
  if (order.type !== 'LIMIT') return refusals.modifyType;
  const { quantityDecimals, priceDecimals } = order.market.instrument;
  const quantity = decimalParameter('quantity', parameters.get('quantity'), quantityDecimals);
  if (typeof quantity !== 'number') return quantity;
  const price = decimalParameter('price', parameters.get('price'), priceDecimals);
  if (typeof price !== 'number') return price;
  if (quantity === order.quantity && price === order.price) return refusals.modifySame;
  if (order.modifications >= MODIFICATIONS_MAX) return refusals.modifyMax;
  return filterRefusal(world, { ...order, quantity, price }) ?? { target: order, quantity, price };
}

/** The change is told before what it leads to. An order that has not reached the market yet reaches it as changed. */
function amend(world: World, order: Order, quantity: number, price: number): void {
  order.quantity = quantity;
  order.price = price;
  order.modifications += 1;
  order.updatedAt = serverNow(world);
  tellOrder(world, order, { type: 'AMENDMENT' });
  if (!world.floor.state.workingById.has(order.floorId)) return;
  order.isResting = false;
  const clientOrderId = order.floorId;
  world.floor.resize(clientOrderId, quantity);
  const prices = { stopPrice: null, limitPrice: price };
  world.floor.send({ type: 'order.amendRequested', at: 0, clientOrderId, ...prices, reason: '' });
  order.isResting = isOpen(order);
}

function isPostOnlyCrossing(world: World, order: Order, price: number): boolean {
  const touch = touchOf(world, order.market);
  if (order.timeInForce !== 'GTX' || touch === undefined) return false;
  return order.side === 'BUY' ? price >= touch.ask : price <= touch.bid;
}

/** Cancels every ordinary order of a market; conditional ones are another family and stay. */
export function cancelOpenOrders(world: World, symbol: string): number {
  const open = [...world.orders.open.values()].filter(({ market }) => market.symbol === symbol);
  for (const order of open) {
    withdrawOrder(world, order);
    if (isOpen(order)) endOrder(world, order, 'CANCELED');
  }
  return open.length;
}
