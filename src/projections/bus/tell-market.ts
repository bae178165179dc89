import type { EventByType } from '#domain/events.ts';
import { intervalOfMs } from '#domain/interval.ts';
import { scaleOf, toDecimal } from '#domain/scale.ts';
import type { BusInstrument, BusState } from './bus-state.ts';
import type { Teller } from './teller.ts';

const noDayFigures = { volume_24h: null, change_24h_frac: null } as const;

export function takeListing(state: BusState, { instrument }: EventByType['instrument.listed']): void {
  const { id, symbol, quoteCurrency, priceDecimals, quantityDecimals, contractSize } = instrument;
  state.instruments[id] ??= {
    symbol,
    quoteCurrency,
    priceDecimals,
    quantityDecimals,
    contractSize,
    lastPrice: null,
    lastOpenAt: 0,
  };
}

/** A bar is a tick of its close; one that is not newer than the last is none. Its extremes mark the trade that is open. */
export function takeBar(state: BusState, teller: Teller, bar: EventByType['bar.closed']): void {
  const instrument = state.instruments[bar.instrument];
  if (instrument === undefined || bar.openAt <= instrument.lastOpenAt) return;
  instrument.lastOpenAt = bar.openAt;
  instrument.lastPrice = bar.close;
  const trade = state.trades[bar.instrument];
  if (trade !== undefined) {
    trade.lowestPrice = Math.min(trade.lowestPrice, bar.low);
    trade.highestPrice = Math.max(trade.highestPrice, bar.high);
  }
  if (!state.isWarm) return;
  const decimal = (ticks: number): number => toDecimal(ticks, instrument.priceDecimals);
  teller.tell('market.tick', {
    symbol: instrument.symbol,
    price: decimal(bar.close),
    ...noDayFigures,
    bid: null,
    ask: null,
    ohlcv: {
      open_at: bar.openAt,
      open: decimal(bar.open),
      high: decimal(bar.high),
      low: decimal(bar.low),
      close: decimal(bar.close),
      volume: bar.volume,
    },
    timeframe: timeframeOf(state),
  });
}

export function takeQuote(state: BusState, teller: Teller, quote: EventByType['quote.updated']): void {
  const instrument = state.instruments[quote.instrument];
  if (instrument === undefined || quote.bidPrice <= 0 || quote.askPrice < quote.bidPrice) return;
  instrument.lastPrice = (quote.bidPrice + quote.askPrice) / 2;
  if (!state.isWarm) return;
  teller.tell('market.tick', {
    symbol: instrument.symbol,
    price: toDecimal(instrument.lastPrice, instrument.priceDecimals),
    ...noDayFigures,
    bid: toDecimal(quote.bidPrice, instrument.priceDecimals),
    ask: toDecimal(quote.askPrice, instrument.priceDecimals),
    ohlcv: null,
    timeframe: null,
  });
}

/** The interval of the desk's bars as candle keys spell it; null before the desk's policy, or where it has no such name. */
export function timeframeOf({ barIntervalMs }: Pick<BusState, 'barIntervalMs'>): string | null {
  return barIntervalMs === null ? null : (intervalOfMs(barIntervalMs) ?? null);
}

/** A price in ticks as a decimal number. */
export function priceOf(instrument: BusInstrument, ticks: number): number {
  return toDecimal(ticks, instrument.priceDecimals);
}

/** A quantity in steps as a decimal number. */
export function quantityOf(instrument: BusInstrument, steps: number): number {
  return toDecimal(steps, instrument.quantityDecimals);
}

/** Worth in the quote currency of a quantity at a price. */
export function notionalOf(
  { priceDecimals, quantityDecimals, contractSize }: BusInstrument,
  steps: number,
  ticks: number,
): number {
  return (steps * ticks * contractSize) / (scaleOf(priceDecimals) * scaleOf(quantityDecimals));
}
