import { closableQuantity } from '#sim/venue-account.ts';
import { positionOf } from './account-ledger.ts';
import { openAlgosOf } from './algo-store.ts';
import type { CallParameters } from './call-parameters.ts';
import { markPrices, touchOf } from './mark-price.ts';
import { quoteUnit } from './markets.ts';
import { createOrder, enterOrder } from './order-entry.ts';
import { filterRefusal, positionNotionalMax } from './order-filters.ts';
import { acknowledgement } from './order-payloads.ts';
import { readOrder } from './order-reading.ts';
import { dropOrder, isClientIdTaken, type OrderTerms, openOrdersOf } from './order-store.ts';
import { isRefusal, type Refusal, refusals } from './refusals.ts';
import type { WireJson } from './wire-json.ts';
import type { World } from './world.ts';

type Answer = { readonly [key: string]: WireJson } | Refusal;

/**
 * Places an ordinary order. The answer says how it stood when it was taken, or how it ended where the result was asked for; the account's
 * stream may have said more by then.
 */
export function placeOrder(world: World, parameters: CallParameters): Answer {
  const terms = readOrder(world, parameters);
  if (isRefusal(terms)) return terms;
  const refusal =
    lateRefusal(world, parameters) ?? scriptedRefusal(world, terms.isReduceOnly) ?? refusalOf(world, terms);
  if (refusal !== undefined) return refusal;
  const order = createOrder(world, terms);
  const before = { ...order };
  const problem = enterOrder(world, order);
  if (problem !== undefined) return problem;
  if (world.script.loseOrders > 0) {
    world.script.loseOrders -= 1;
    dropOrder(world.orders, order);
  }
  if (parameters.get('newOrderRespType') === 'RESULT') return acknowledgement(order);
  return acknowledgement({ ...before, quantity: order.quantity });
}

/** What a script has the matching engine say to the next order. */
export function scriptedRefusal({ script }: World, isReducing: boolean): Refusal | undefined {
  const scripted = script.refusals.find(
    ({ times, sparesReductions }) => times > 0 && !(sparesReductions && isReducing),
  );
  if (scripted === undefined) return undefined;
  scripted.times -= 1;
  if (scripted.times === 0) script.refusals.splice(script.refusals.indexOf(scripted), 1);
  const { status, code, msg } = scripted;
  return { type: 'refusal', status, code, msg };
}

/** An order that waits for the engine longer than its window is not carried out any more. */
function lateRefusal({ script }: World, parameters: CallParameters): Refusal | undefined {
  const recvWindow = Number(parameters.get('recvWindow') ?? recvWindowDefault);
  return script.matchLatencyMs > recvWindow ? refusals.expiredAtEngine : undefined;
}

function refusalOf(world: World, terms: OrderTerms): Refusal | undefined {
  if (isClientIdTaken(world.orders, terms.market, terms.clientOrderId)) return refusals.duplicateId;
  return (
    filterRefusal(world, terms) ?? countRefusal(world, terms) ?? crossRefusal(world, terms) ?? heldRefusal(world, terms)
  );
}

function countRefusal({ orders }: World, { market }: OrderTerms): Refusal | undefined {
  return openOrdersOf(orders, market).length >= market.limits.ordersMax ? refusals.tooManyOpen : undefined;
}

/** Post-only orders may not take, and all-or-nothing ones must. */
function crossRefusal(world: World, terms: OrderTerms): Refusal | undefined {
  const { timeInForce, market, side, price, quantity } = terms;
  const touch = touchOf(world, market);
  if (touch === undefined || terms.type !== 'LIMIT') return undefined;
  const crosses = side === 'BUY' ? price >= touch.ask : price <= touch.bid;
  if (timeInForce === 'GTX' && crosses) return refusals.postOnly;
  const capacity = world.floor.state.fillQuantityMax ?? Infinity;
  return timeInForce === 'FOK' && (!crosses || quantity > capacity) ? refusals.fillOrKill : undefined;
}

/** What only reduces needs something to reduce; what adds must fit into the bracket of the leverage. */
function heldRefusal(world: World, terms: OrderTerms): Refusal | undefined {
  const { market, side, quantity, isReduceOnly } = terms;
  const book = world.floor.book(market.instrumentId);
  const wireSide = side === 'BUY' ? 'buy' : 'sell';
  if (book === undefined) return refusals.badSymbol;
  const closable = closableQuantity(book, wireSide);
  if (isReduceOnly) return closable > 0 ? undefined : refusals.reduceOnly;
  const held = Math.abs(positionOf(world.ledger, market.instrumentId).signedQuantity);
  const after = closable > 0 ? quantity - closable : held + quantity;
  const notional = (after * markPrices(world, market).markPrice) / quoteUnit(market);
  return notional > positionNotionalMax(market.leverage) ? refusals.leverageBracket : undefined;
}

/** Open conditional orders of a market, which have a limit of their own. */
export function algoCountRefusal({ algos }: World, { market }: Pick<OrderTerms, 'market'>): Refusal | undefined {
  return openAlgosOf(algos, market).length >= market.limits.algoOrdersMax ? refusals.algoOrdersMax : undefined;
}

const recvWindowDefault = 5_000;
