import { parseDecimalRounded } from '#domain/decimal-text.ts';
import type { Instrument } from '#domain/instrument.ts';
import type { HistoryBar } from '#engine/live-port.ts';
import { parseVenueTime } from './oanda-time.ts';
import { candleSchema, type VenueCandle } from './schema.ts';

export const minuteMs = 60_000;

/** Candles are taken only from inside this span; what opens at or after `nowAt` less a minute cannot be over. */
export interface CandleSpan {
  readonly fromAt: number;
  readonly untilAt: number;
  readonly nowAt: number;
}

export interface CandleProblem {
  readonly reason: string;
  readonly candle: unknown;
}

export interface MappedCandles {
  readonly bars: readonly HistoryBar[];
  readonly problems: readonly CandleProblem[];
}

/** A bar in which the price doubles is a mistake of its figures. */
const rangeFactorMax = 2;

/**
 * Closed bars of one minute out of a list of candles, oldest first and each once: mid prices, with the spread of the close. Candles still
 * forming and those outside of the span are left out; what cannot be a bar, or comes again or too late in the list, is named as a problem.
 */
export function mapCandles(instrument: Instrument, candles: readonly unknown[], span: CandleSpan): MappedCandles {
  const bars: HistoryBar[] = [];
  const problems: CandleProblem[] = [];
  for (const candle of candles) {
    const bar = mapCandle(instrument, candle, span.nowAt);
    if (bar === undefined) continue;
    if (typeof bar === 'string') problems.push({ reason: bar, candle });
    else if (bar.openAt < span.fromAt || bar.openAt >= span.untilAt) continue;
    else {
      const lastAt = bars.at(-1)?.openAt ?? -1;
      if (bar.openAt > lastAt) bars.push(bar);
      else problems.push({ reason: bar.openAt === lastAt ? 'DUPLICATE_BAR' : 'UNORDERED_BAR', candle });
    }
  }
  return { bars, problems };
}

/** One candle: a bar, undefined where it is still forming, or the reason why it is none. */
function mapCandle(instrument: Instrument, candle: unknown, nowAt: number): HistoryBar | string | undefined {
  const parsed = candleSchema.safeParse(candle);
  if (!parsed.success) return 'MALFORMED_BAR';
  const { complete, time, volume } = parsed.data;
  if (!complete) return undefined;
  const openAt = parseVenueTime(time);
  if (openAt === undefined || openAt % minuteMs !== 0) return 'BAD_BAR_TIME';
  if (openAt + minuteMs > nowAt) return 'FUTURE_BAR';
  const prices = midPrices(parsed.data, instrument);
  const spread = closingSpread(parsed.data, instrument);
  if (prices === undefined || spread === undefined || !Number.isFinite(volume) || volume < 0) return 'BAD_BAR_FIGURES';
  const { open, high, low, close } = prices;
  if (high < low || open > high || open < low || close > high || close < low) return 'BAD_BAR_FIGURES';
  if (high > low * rangeFactorMax) return 'ABSURD_BAR';
  return { instrument: instrument.id, openAt, ...prices, volume, spread };
}

type Prices = Readonly<Record<'open' | 'high' | 'low' | 'close', number>>;

function midPrices(candle: VenueCandle, instrument: Instrument): Prices | undefined {
  const { mid } = candle;
  if (mid === undefined) return undefined;
  const [open, high, low, close] = [mid.o, mid.h, mid.l, mid.c].map((text) => tickOf(text, instrument));
  if (open === undefined || high === undefined || low === undefined || close === undefined) return undefined;
  return { open, high, low, close };
}

/** 0 where the sides of the book were not told; undefined where they make no spread. */
function closingSpread(candle: VenueCandle, instrument: Instrument): number | undefined {
  const { bid, ask } = candle;
  if (bid === undefined || ask === undefined) return 0;
  const bidClose = tickOf(bid.c, instrument);
  const askClose = tickOf(ask.c, instrument);
  if (bidClose === undefined || askClose === undefined || askClose < bidClose) return undefined;
  return askClose - bidClose;
}

/** Mid prices may lie between two ticks. */
function tickOf(text: string, instrument: Instrument): number | undefined {
  const price = parseDecimalRounded(text, instrument.priceDecimals, 'halfEven');
  return price !== undefined && price > 0 ? price : undefined;
}
