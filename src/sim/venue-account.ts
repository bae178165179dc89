import { present } from '#base/assert.ts';
import { type ConversionRate, conversionRate } from '#domain/conversion.ts';
import type { Instrument } from '#domain/instrument.ts';
import { type Side, signOf } from '#domain/order.ts';
import { unrealizedQuote } from '#domain/position.ts';
import { scaleOf } from '#domain/scale.ts';
import type { Book, VenueState } from './venue-state.ts';

/** What the account is worth and what its positions bind, in steps of money; not rounded, since they decide and are never booked. */
export interface VenueFigures {
  readonly equity: number;
  readonly marginUsed: number;
}

/** The mid in whole ticks, or undefined while the instrument has no price. */
export function bookMid(book: Book | undefined): number | undefined {
  return book === undefined || book.bidPrice <= 0 ? undefined : Math.round((book.bidPrice + book.askPrice) / 2);
}

/** The rate from a currency into the account's at current mids; undefined while a price on the way is missing. */
export function accountRate(state: VenueState, currency: string): ConversionRate | undefined {
  return conversionRate(currency, state.accountCurrency, state.instruments, (instrument) =>
    bookMid(state.books.get(instrument.id)),
  );
}

/** Worth in steps of money of one tick of price on one step of quantity. */
export function tickWorth(state: VenueState, book: Book): number {
  const { quoteCurrency, id } = book.instrument;
  const rate = present(accountRate(state, quoteCurrency), `rate of '${id}' into '${state.accountCurrency}'`);
  return (
    (stepWorth(state, book.instrument) / scaleOf(book.instrument.priceDecimals)) * (rate.numerator / rate.denominator)
  );
}

/** Worth of a quantity at mid. A quantity of the account's own currency is worth itself, whatever the price. */
export function notionalAtMid(state: VenueState, book: Book, quantity: number): number {
  if (book.instrument.baseCurrency === state.accountCurrency) return quantity * stepWorth(state, book.instrument);
  return quantity * ((book.bidPrice + book.askPrice) / 2) * tickWorth(state, book);
}

function marginOf(state: VenueState, book: Book, quantity: number): number {
  return quantity === 0 ? 0 : notionalAtMid(state, book, quantity) * book.instrument.marginRate;
}

/** Equity at the prices at which the positions could be closed, and the margin they use at mid. */
export function venueFigures(state: VenueState): VenueFigures {
  let equity = state.balance;
  let marginUsed = 0;
  for (const book of state.books.values()) {
    const held = book.position.signedQuantity;
    if (held === 0) continue;
    equity += unrealizedQuote(book.position, held > 0 ? book.bidPrice : book.askPrice) * tickWorth(state, book);
    marginUsed += marginOf(state, book, Math.abs(held));
  }
  return { equity, marginUsed };
}

/** Whether a fill would leave a position no larger than before, or the equity covers the margin of all positions after it. */
export function canAfford(state: VenueState, book: Book, side: Side, quantity: number): boolean {
  const before = book.position.signedQuantity;
  const after = before + signOf(side) * quantity;
  if (Math.abs(after) <= Math.abs(before)) return true;
  const { equity, marginUsed } = venueFigures(state);
  return marginUsed - marginOf(state, book, Math.abs(before)) + marginOf(state, book, Math.abs(after)) <= equity;
}

/** What a reduce-only order of the side could still close. */
export function closableQuantity(book: Book, side: Side): number {
  return Math.max(0, -signOf(side) * book.position.signedQuantity);
}

/** Steps of money that one step of quantity is worth at a price of one. */
function stepWorth(state: VenueState, instrument: Instrument): number {
  return (scaleOf(state.moneyDecimals) / scaleOf(instrument.quantityDecimals)) * instrument.contractSize;
}
