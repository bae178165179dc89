import { isMarketOpen } from '#domain/calendar.ts';
import { accountRate } from '#sim/venue-account.ts';
import type { Book } from '#sim/venue-state.ts';
import type { OandaAccount } from './oanda-account.ts';
import { fineInstantText, priceText } from './wire-text.ts';

/** What can be had at a price, as the venue tells it for the first level. */
const liquidity = 10_000_000;
/** Closing prices at a close-out lie a fifth of the spread further out. */
const closeoutShare = 0.2;

/** Whether orders in an instrument fill now. */
export function isTradeable(account: OandaAccount, book: Book, now: number): boolean {
  const { calendar } = account.floor.state;
  if (book.bidPrice <= 0 || account.floor.isHalted(book.instrument.id)) return false;
  return calendar === null || isMarketOpen(calendar, now);
}

/** A price as streams and lists tell it; undefined while there is none. */
export function priceBody(account: OandaAccount, book: Book, now: number): Record<string, unknown> | undefined {
  const { instrument } = book;
  const odd = account.plight.oddPrices.get(instrument.symbol);
  if (book.bidPrice <= 0 && odd === undefined) return undefined;
  const isOpen = isTradeable(account, book, now);
  const margin = Math.ceil((book.askPrice - book.bidPrice) * closeoutShare);
  const bid = priceText(instrument, book.bidPrice);
  const ask = priceText(instrument, book.askPrice);
  const level = (price: string): unknown => ({ price, liquidity });
  return {
    type: 'PRICE',
    time: fineInstantText(priceAt(book, now) + account.plight.skewMs, book.bidPrice % 1_000),
    bids: (odd?.bids ?? [bid]).map(level),
    asks: (odd?.asks ?? [ask]).map(level),
    closeoutBid: priceText(instrument, Math.max(1, book.bidPrice - margin)),
    closeoutAsk: priceText(instrument, book.askPrice + margin),
    status: isOpen ? 'tradeable' : 'non-tradeable',
    tradeable: isOpen,
    instrument: instrument.symbol,
  };
}

/** When the price was made: on a weekend that is long ago. */
export function priceAt(book: Book, now: number): number {
  return Number.isFinite(book.quoteAt) ? book.quoteAt : now;
}

/** Factors from the quote currency into the account's; undefined while a price on the way is missing. */
export function conversionFactors(account: OandaAccount, book: Book): Record<string, string> | undefined {
  const rate = accountRate(account.floor.state, book.instrument.quoteCurrency);
  if (rate === undefined) return undefined;
  const factor = (rate.numerator / rate.denominator).toFixed(8);
  return { positiveUnits: factor, negativeUnits: factor };
}
