import type { Instrument } from '#domain/instrument.ts';
import { priceOf } from './mapper.ts';
import { parseVenueTime } from './oanda-time.ts';
import type { VenuePrice } from './schema.ts';

/** The best prices at an instant of the venue's, in ticks. */
export interface VenueQuote {
  readonly bidPrice: number;
  readonly askPrice: number;
  readonly venueAt: number;
}

/** What a price line comes to: a quote, a word that the market is closed, or the reason why it is neither. */
export type ReadPrice =
  | { readonly type: 'quote'; readonly quote: VenueQuote }
  | { readonly type: 'closed'; readonly status: string }
  | { readonly type: 'bad'; readonly reason: string };

/** The first price of each side; the prices at which the venue closes accounts out are never looked at. */
export function readPrice(price: VenuePrice, instrument: Instrument): ReadPrice {
  if (!isTradeable(price)) return { type: 'closed', status: price.status ?? 'non-tradeable' };
  const [bid] = price.bids;
  const [ask] = price.asks;
  if (bid === undefined || ask === undefined) return { type: 'bad', reason: 'EMPTY_SIDE' };
  const bidPrice = priceOf(bid.price, instrument);
  const askPrice = priceOf(ask.price, instrument);
  const venueAt = parseVenueTime(price.time);
  if (bidPrice === undefined || askPrice === undefined) return { type: 'bad', reason: 'BAD_PRICE' };
  if (venueAt === undefined) return { type: 'bad', reason: 'BAD_TIME' };
  if (askPrice < bidPrice) return { type: 'bad', reason: 'CROSSED_PRICES' };
  return { type: 'quote', quote: { bidPrice, askPrice, venueAt } };
}

/** How far prices may move from one quote to the next, or apart within one, before they are doubted. */
const moveFractionMax = 0.2;

/** Whether a quote is so far from another one that a mistake is likelier than the move. */
export function isAbsurdMove(quote: VenueQuote, from: VenueQuote): boolean {
  return isFar(quote.bidPrice, from.bidPrice) || isFar(quote.askPrice, from.askPrice);
}

/** Whether the two sides are so far apart that they are no market. */
export function isAbsurdSpread(quote: VenueQuote): boolean {
  return isFar(quote.askPrice, quote.bidPrice);
}

function isFar(price: number, from: number): boolean {
  return Math.abs(price - from) > from * moveFractionMax;
}

/** Older servers say it in the status alone; nothing at all means tradeable. */
function isTradeable(price: VenuePrice): boolean {
  return price.tradeable ?? (price.status === undefined || price.status === 'tradeable');
}
