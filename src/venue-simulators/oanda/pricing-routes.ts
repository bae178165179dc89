import { accountRate } from '#sim/venue-account.ts';
import type { Book } from '#sim/venue-state.ts';
import { type Exchange, failed, ok, type RouteAnswer } from './exchange.ts';
import type { OandaAccount } from './oanda-account.ts';
import { conversionFactors, priceAt, priceBody } from './price-body.ts';
import { instantText, parseInstant } from './wire-text.ts';

/** The books named in a query, or what is wrong with it. */
export function booksIn(query: ReadonlyMap<string, string>, account: OandaAccount): readonly Book[] | RouteAnswer {
  const text = query.get('instruments');
  if (text === undefined || text === '') return failed(400, "Missing required parameter 'instruments'");
  const books = [...account.floor.state.books.values()];
  const found = text.split(',').map((symbol) => books.find(({ instrument }) => instrument.symbol === symbol));
  if (found.includes(undefined)) return failed(400, "Invalid value specified for 'instruments'");
  return [...new Set(found.flatMap((book) => book ?? []))];
}

export function isAnswer(value: readonly Book[] | RouteAnswer): value is RouteAnswer {
  return 'status' in value;
}

/** GET pricing. With `since` only what has changed after it. */
export function getPricing({ query }: Exchange, account: OandaAccount, now: number): RouteAnswer {
  const books = booksIn(query, account);
  if (isAnswer(books)) return books;
  const sinceText = query.get('since');
  const since = sinceText === undefined ? -Infinity : parseInstant(sinceText);
  if (since === undefined) return failed(400, "Invalid value specified for 'since'");
  const prices = books
    .filter((book) => priceAt(book, now) > since)
    .flatMap((book) => {
      const body = priceBody(account, book, now);
      const factors = conversionFactors(account, book);
      if (body === undefined) return [];
      return [factors === undefined ? body : { ...body, quoteHomeConversionFactors: factors }];
    });
  const wantsConversions = query.get('includeHomeConversions')?.toLowerCase() === 'true';
  const conversions = wantsConversions ? { homeConversions: homeConversions(account, books) } : {};
  return ok({ time: instantText(now + account.plight.skewMs), prices, ...conversions });
}

function homeConversions(account: OandaAccount, books: readonly Book[]): unknown[] {
  const currencies = new Set(books.flatMap(({ instrument }) => [instrument.baseCurrency, instrument.quoteCurrency]));
  return [...currencies].flatMap((currency) => {
    const rate = accountRate(account.floor.state, currency);
    if (rate === undefined) return [];
    const factor = (rate.numerator / rate.denominator).toFixed(8);
    return [{ currency, accountGain: factor, accountLoss: factor, positionValue: factor }];
  });
}
