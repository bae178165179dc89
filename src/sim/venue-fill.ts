import { assert, present } from '#base/assert.ts';
import { quoteToMoney } from '#domain/conversion.ts';
import { instrumentCost } from '#domain/costs.ts';
import { applyFill, type FillEffect } from '#domain/position.ts';
import { accountRate, canAfford, closableQuantity, tickWorth } from './venue-account.ts';
import { type EntryMoment, followSibling, growBracket, isBracketOver, trimProtection } from './venue-brackets.ts';
import { isImmediate, remainingQuantity, type VenueOrder } from './venue-order.ts';
import { type Book, emit, type VenueState } from './venue-state.ts';
import { cancelOrder, endOrder, resizeOrder } from './venue-working.ts';

/** At what price, when and why so an order fills. `price` has the slippage in it; `spread` is ask less bid at that moment. */
export interface FillTerms extends EntryMoment {
  readonly price: number;
  readonly spread: number;
  readonly slippage: number;
  readonly isPessimistic: boolean;
}

/**
 * Fills what can be filled of an order, books it, and keeps brackets and other reduce-only orders in line with the position. An order that
 * may not fill after all is cancelled with the reason: nothing to reduce, no margin, its bracket is over, or it wants all or nothing.
 */
export function fillOrder(state: VenueState, book: Book, order: VenueOrder, terms: FillTerms): void {
  const quantity = fillableQuantity(state, book, order, terms.at);
  if (quantity === 0) return;
  const effect = bookFill(state, book, order, {
    ...terms,
    quantity,
    price: Math.max(book.instrument.tickSize, terms.price),
  });
  if (remainingQuantity(order) === 0) endOrder(state, order);
  growBracket(state, book, order, { opened: effect.openedQuantity, moment: terms });
  followSibling(state, order, terms.at);
  trimProtection(state, book, terms.at);
  if (order.isWorking && isImmediate(order)) cancelOrder(state, order, terms.at, 'IMMEDIATE_OR_CANCEL');
}

/** How much of the order fills now, 0 after cancelling it. */
function fillableQuantity(state: VenueState, book: Book, order: VenueOrder, at: number): number {
  if (order.isReduceOnly && !cutToPosition(state, book, order, at)) return 0;
  const capacity = state.fillQuantityMax ?? Infinity;
  const quantity = Math.min(remainingQuantity(order), capacity);
  const refusal = refusalAtFill(state, book, order, quantity);
  if (refusal === undefined) return quantity;
  cancelOrder(state, order, at, refusal);
  return 0;
}

function refusalAtFill(state: VenueState, book: Book, order: VenueOrder, quantity: number): string | undefined {
  if (order.timeInForce === 'fillOrKill' && quantity < remainingQuantity(order)) return 'FILL_OR_KILL';
  if (order.bracket !== null && order.filledQuantity > 0 && isBracketOver(state, order)) return 'BRACKET_OVER';
  return canAfford(state, book, order.side, quantity) ? undefined : 'INSUFFICIENT_MARGIN';
}

/** Cuts a reduce-only order to what there is to reduce; false where that is nothing and the order is gone. */
function cutToPosition(state: VenueState, book: Book, order: VenueOrder, at: number): boolean {
  const closable = closableQuantity(book, order.side);
  if (closable === 0) cancelOrder(state, order, at, 'REDUCE_ONLY');
  else if (remainingQuantity(order) > closable) resizeOrder(state, order, order.filledQuantity + closable, at);
  return closable > 0;
}

function bookFill(
  state: VenueState,
  book: Book,
  order: VenueOrder,
  fill: FillTerms & { quantity: number },
): FillEffect {
  const wasOpen = book.position.signedQuantity !== 0;
  const effect = applyFill(book.position, {
    side: order.side,
    quantity: fill.quantity,
    price: fill.price,
    at: fill.at,
  });
  const isOpen = book.position.signedQuantity !== 0;
  state.openPositions += Number(isOpen) - Number(wasOpen);
  const { realizedPnl, fee, spreadCost } = moneyOf(state, book, effect, fill);
  state.balance += realizedPnl - fee;
  assert(Number.isSafeInteger(state.balance), 'the balance is a whole number of money steps');
  order.filledQuantity += fill.quantity;
  order.filledObservation = state.observations;
  state.fillCount += 1;
  emit(state, {
    type: 'order.filled',
    at: fill.at,
    clientOrderId: order.clientOrderId,
    venueOrderId: order.venueOrderId,
    fillId: `sim-fill-${state.fillCount}`,
    instrument: order.instrument,
    side: order.side,
    quantity: fill.quantity,
    price: fill.price,
    fee,
    realizedPnl,
    spreadCost,
    balance: state.balance,
    venueAt: fill.venueAt,
    isPessimistic: fill.isPessimistic,
  });
  return effect;
}

interface FillMoney {
  readonly realizedPnl: number;
  readonly fee: number;
  readonly spreadCost: number;
}

/**
 * Profit half to even, fees up. The commission is the stated number of millionths of the notional, so per million of base currency it is
 * that much of the base currency, in account money. The spread cost is half the spread and the slippage, both on the whole quantity.
 */
function moneyOf(state: VenueState, book: Book, effect: FillEffect, fill: FillTerms & { quantity: number }): FillMoney {
  const { instrument } = book;
  const rate = present(accountRate(state, instrument.quoteCurrency), `rate of '${instrument.id}'`);
  const { commissionPerMillion } = instrumentCost(state.costs, instrument);
  const halfRate = { numerator: rate.numerator, denominator: rate.denominator * 2 };
  const doubledCost = (fill.spread + 2 * fill.slippage) * fill.quantity;
  return {
    realizedPnl: quoteToMoney(effect.realizedQuote, instrument, rate, state.moneyDecimals),
    fee:
      commissionPerMillion === 0
        ? 0
        : Math.ceil((fill.quantity * fill.price * tickWorth(state, book) * commissionPerMillion) / 1e6 - 1e-9),
    spreadCost: quoteToMoney(doubledCost, instrument, halfRate, state.moneyDecimals),
  };
}
