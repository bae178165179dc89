import type { Bar } from '#domain/bar.ts';
import { hourOfWeek } from '#domain/costs.ts';
import type { Side } from '#domain/order.ts';
import { askAround, bidAround, type QuoteBasis } from '#domain/quote-around.ts';
import type { Book } from './venue-state.ts';

/** What one side trades at during a bar: `best` and `worst` are the extremes as that side sees them, a buyer the ask, a seller the bid. */
export interface SidePrices {
  readonly open: number;
  readonly best: number;
  readonly worst: number;
  readonly close: number;
}

/** A bar laid out as bid and ask. The spread is one figure for the whole bar, since the bar knows no more. */
export interface BarPrices {
  readonly buy: SidePrices;
  readonly sell: SidePrices;
  readonly spread: number;
}

/** The spread in ticks during a bar: the recorded one, else the cost table's for the hour in which the bar opened. */
export function barSpread(book: Book, bar: Readonly<Bar>): number {
  return bar.spread > 0 ? bar.spread : (book.spreadByHour[hourOfWeek(bar.openAt)] ?? 0);
}

/** The side and the tick that a book's bars are laid out with. */
export function basisOf(book: Book): QuoteBasis {
  return { priceBasis: book.priceBasis, tickSize: book.instrument.tickSize };
}

export function barPrices(book: Book, bar: Readonly<Bar>): BarPrices {
  const spread = barSpread(book, bar);
  const basis = basisOf(book);
  const ask = (price: number): number => askAround(basis, price, spread);
  const bid = (price: number): number => bidAround(basis, price, spread);
  const buy = { open: ask(bar.open), best: ask(bar.low), worst: ask(bar.high), close: ask(bar.close) };
  const sell = { open: bid(bar.open), best: bid(bar.high), worst: bid(bar.low), close: bid(bar.close) };
  return { buy, sell, spread: buy.open - sell.open };
}

/** Of two prices the one that is worse for the side. */
export function worsePrice(side: Side, first: number, second: number): number {
  return side === 'buy' ? Math.max(first, second) : Math.min(first, second);
}
