import { parseDecimalRounded, parseDecimalText } from '#domain/decimal-text.ts';
import type { HistoryBar, VenueInput } from '#engine/live-port.ts';
import type { Market } from './filters.ts';

export const minuteMs = 60_000;
/** A price may be this many times another one of the same minute, or this part of it; beyond that it is no price. */
const absurdRatio = 3;

/** Something usable, or why there is nothing to use. */
export type Read<T> = { readonly value: T } | { readonly problem: string };

export interface QuoteTexts {
  readonly bidPrice: string;
  readonly askPrice: string;
}

/** The best bid and ask. Refused where a side is empty, they cross, or either is beyond what a price can be. */
export function quoteInput(
  { bidPrice: bid, askPrice: ask }: QuoteTexts,
  market: Market,
  markPrice: number | undefined,
): Read<Extract<VenueInput, { type: 'quote.updated' }>> {
  const { instrument } = market;
  const bidPrice = parseDecimalText(bid, instrument.priceDecimals);
  const askPrice = parseDecimalText(ask, instrument.priceDecimals);
  if (bidPrice === undefined || askPrice === undefined) return { problem: 'a bid and an ask in ticks are expected' };
  if (!isPrice(bidPrice, market, markPrice) || !isPrice(askPrice, market, markPrice))
    return { problem: 'an absurd price' };
  if (bidPrice >= askPrice) return { problem: 'the bid is not below the ask' };
  return { value: { type: 'quote.updated', instrument: instrument.id, bidPrice, askPrice } };
}

export interface MarkTexts {
  readonly markPrice: string;
  readonly indexPrice: string | undefined;
  readonly fundingRate: string;
  readonly nextFundingAt: number;
}

/** The mark price, half to even in ticks since the venue gives it more digits than prices have. */
export function markInput(texts: MarkTexts, market: Market): Read<Extract<VenueInput, { type: 'mark.updated' }>> {
  const { instrument } = market;
  const markPrice = parseDecimalRounded(texts.markPrice, instrument.priceDecimals, 'halfEven');
  const indexPrice = parseDecimalRounded(texts.indexPrice ?? '', instrument.priceDecimals, 'halfEven');
  const rate = fractionOf(texts.fundingRate);
  if (markPrice === undefined || !isPrice(markPrice, market, undefined)) return { problem: 'an absurd mark price' };
  if (rate === undefined || Math.abs(rate) > 1) return { problem: 'an absurd funding rate' };
  return {
    value: {
      type: 'mark.updated',
      instrument: instrument.id,
      markPrice,
      indexPrice: indexPrice === undefined || indexPrice <= 0 ? null : indexPrice,
      fundingRate: rate,
      nextFundingAt: texts.nextFundingAt,
    },
  };
}

export interface BarTexts {
  readonly openAt: number;
  readonly open: string;
  readonly high: string;
  readonly low: string;
  readonly close: string;
  readonly volume: string;
}

/** A closed bar of one minute. `venueNow` is the venue's time: what has not closed by then is of the future. */
export function historyBar(texts: BarTexts, market: Market, venueNow: number): Read<HistoryBar> {
  const { instrument } = market;
  const ticks = (text: string): number => parseDecimalText(text, instrument.priceDecimals) ?? Number.NaN;
  const [open, high, low, close] = [ticks(texts.open), ticks(texts.high), ticks(texts.low), ticks(texts.close)];
  const volume = fractionOf(texts.volume);
  if (texts.openAt % minuteMs !== 0) return { problem: `a whole minute is expected, found '${texts.openAt}'` };
  if (texts.openAt + minuteMs > venueNow) return { problem: `a bar of the future, '${texts.openAt}'` };
  if (![open, high, low, close].every((price) => isPrice(price, market, undefined)))
    return { problem: 'an absurd price' };
  if (high < Math.max(open, close) || low > Math.min(open, close))
    return { problem: 'its range does not hold its prices' };
  if (high > low * absurdRatio) return { problem: 'an absurd range' };
  if (volume === undefined || volume < 0) return { problem: 'an absurd volume' };
  return { value: { instrument: instrument.id, openAt: texts.openAt, open, high, low, close, volume, spread: 0 } };
}

/** A plain decimal as a number; for rates and volumes, which are not counted in steps. */
export function fractionOf(text: string): number | undefined {
  if (!/^-?\d{1,30}(?:\.\d{1,30})?$/.test(text)) return undefined;
  return Number(text);
}

function isPrice(price: number, { filters }: Market, markPrice: number | undefined): boolean {
  if (!Number.isSafeInteger(price) || price <= 0) return false;
  if (price < filters.minimumPrice || price > filters.maximumPrice) return false;
  return markPrice === undefined || (price <= markPrice * absurdRatio && price * absurdRatio >= markPrice);
}
