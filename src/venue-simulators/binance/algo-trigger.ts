import { positionOf } from './account-ledger.ts';
import { tellAlgo } from './algo-payloads.ts';
import type { AlgoOrder } from './algo-store.ts';
import { markPrices, touchOf } from './mark-price.ts';
import type { Market } from './markets.ts';
import { createOrder, enterOrder } from './order-entry.ts';
import { isOpen, type Order, type OrderTimeInForce } from './order-store.ts';
import { refusals } from './refusals.ts';
import { takeOne } from './script-switches.ts';
import { serverNow, type World } from './world.ts';

/** Shows a market's prices to the conditional orders that wait for them, oldest first. */
export function checkTriggers(world: World, market: Market): void {
  if (world.algos.open.size === 0 || market.status !== 'TRADING') return;
  for (const algo of [...world.algos.open.values()]) {
    if (algo.market !== market) continue;
    if (algo.goodTillAt > 0 && algo.goodTillAt <= serverNow(world)) endAlgo(world, algo, 'EXPIRED');
    else if (isTouched(world, algo)) triggerAlgo(world, algo);
  }
}

/** Orders bound to a position expire with it. */
export function expireBound(world: World, market: Market): void {
  if (world.algos.open.size === 0 || positionOf(world.ledger, market.instrumentId).signedQuantity !== 0) return;
  for (const algo of [...world.algos.open.values()]) {
    if (algo.market === market && algo.timeInForce === 'GTE_GTC') endAlgo(world, algo, 'EXPIRED');
  }
}

/** Whether the price an order waits for has come: the mark, or the side of the touch that it would trade at. */
export function isTouched(world: World, algo: AlgoOrder): boolean {
  const price = watchedPrice(world, algo);
  if (price === 0) return false;
  const sign = algo.side === 'BUY' ? 1 : -1;
  switch (algo.type) {
    case 'STOP':
    case 'STOP_MARKET':
      return sign * (price - algo.triggerPrice) >= 0;
    case 'TAKE_PROFIT':
    case 'TAKE_PROFIT_MARKET':
      return sign * (price - algo.triggerPrice) <= 0;
    case 'TRAILING_STOP_MARKET':
      return hasTurned(algo, price, sign);
  }
}

/** A conditional order ends without becoming another one. */
export function endAlgo(world: World, algo: AlgoOrder, status: 'CANCELED' | 'EXPIRED'): void {
  world.algos.open.delete(algo.algoId);
  algo.status = status;
  algo.updatedAt = serverNow(world);
  tellAlgo(world, algo);
}

/** Once the order that it became has ended, a conditional order is finished. */
export function finishAlgo(world: World, child: Order | undefined): void {
  const algo = child?.algo ?? null;
  if (child === undefined || algo === null || isOpen(child) || algo.status !== 'TRIGGERED') return;
  algo.status = 'FINISHED';
  algo.updatedAt = serverNow(world);
  tellAlgo(world, algo);
}

/**
 * The sequence is the venue's own: first it says that the order is triggering and no more, then everything about the ordinary order that
 * came of it and its fills, under the same client id, and only then which order that was.
 */
function triggerAlgo(world: World, algo: AlgoOrder): void {
  world.algos.open.delete(algo.algoId);
  algo.status = 'TRIGGERING';
  algo.triggeredAt = serverNow(world);
  algo.updatedAt = algo.triggeredAt;
  tellAlgo(world, algo);
  if (takeOne(world.script.rejectTriggers)) {
    rejectAlgo(world, algo, world.script.rejectTriggers.reason);
    return;
  }
  const quantity = algo.isClosePosition ? heldAgainst(world, algo) : algo.quantity;
  if (quantity === 0) {
    rejectAlgo(world, algo, refusals.reduceOnly.msg);
    return;
  }
  const child = createChild(world, algo, quantity);
  const refusal = enterOrder(world, child);
  if (refusal === undefined) linkChild(world, algo, child);
  else rejectAlgo(world, algo, refusal.msg);
}

function createChild(world: World, algo: AlgoOrder, quantity: number): Order {
  const isLimit = algo.type === 'STOP' || algo.type === 'TAKE_PROFIT';
  const { market, side } = algo;
  return createOrder(world, {
    clientOrderId: algo.clientAlgoId,
    market,
    side,
    type: isLimit ? 'LIMIT' : 'MARKET',
    timeInForce: isLimit ? ordinaryTime(algo.timeInForce) : 'GTC',
    quantity,
    price: isLimit ? algo.price : 0,
    isReduceOnly: algo.isReduceOnly || algo.isClosePosition,
    isClosePosition: algo.isClosePosition,
    goodTillAt: isLimit ? algo.goodTillAt : 0,
    origin: 'client',
    algo,
  });
}

/** An order bound to a position waits like any other once it has become ordinary. */
function ordinaryTime(timeInForce: AlgoOrder['timeInForce']): OrderTimeInForce {
  return timeInForce === 'GTE_GTC' ? 'GTC' : timeInForce;
}

function linkChild(world: World, algo: AlgoOrder, child: Order): void {
  algo.childOrderId = child.orderId;
  algo.status = 'TRIGGERED';
  algo.updatedAt = serverNow(world);
  tellAlgo(world, algo);
  finishAlgo(world, child);
}

function rejectAlgo(world: World, algo: AlgoOrder, reason: string): void {
  const now = serverNow(world);
  algo.status = 'REJECTED';
  algo.rejectReason = reason;
  algo.updatedAt = now;
  tellAlgo(world, algo);
  world.user.send({
    e: 'CONDITIONAL_ORDER_TRIGGER_REJECT',
    E: now,
    T: now,
    or: { s: algo.market.symbol, i: algo.algoId, r: reason },
  });
}

function heldAgainst(world: World, { market, side }: AlgoOrder): number {
  const held = positionOf(world.ledger, market.instrumentId).signedQuantity;
  return Math.max(0, side === 'SELL' ? held : -held);
}

function watchedPrice(world: World, { market, workingType, side }: AlgoOrder): number {
  if (workingType === 'MARK_PRICE') return markPrices(world, market).markPrice;
  const touch = touchOf(world, market);
  if (touch === undefined) return 0;
  return side === 'BUY' ? touch.ask : touch.bid;
}

/** Follows the price once it was active, and says when it has come back by the callback. */
function hasTurned(algo: AlgoOrder, price: number, sign: 1 | -1): boolean {
  if (algo.bestPrice === 0) {
    if (algo.activatePrice > 0 && sign * (price - algo.activatePrice) > 0) return false;
    algo.bestPrice = price;
  }
  if (sign * (price - algo.bestPrice) < 0) algo.bestPrice = price;
  return sign * (price - algo.bestPrice * (1 + sign * algo.callbackFraction)) >= 0;
}
