import { present } from '#base/assert.ts';
import type { Instrument, InstrumentId } from '#domain/instrument.ts';
import { formatScaled, fromDecimal, scaleOf } from '#domain/scale.ts';

/** Whether a market can be traded: a settling one takes only what reduces, a closed one nothing. */
export type MarketStatus = 'TRADING' | 'SETTLING' | 'HALT' | 'CLOSE';

/** One symbol as the venue lists it. Prices and quantities are whole ticks and steps of the instrument's decimals. */
export interface Market {
  readonly symbol: string;
  /** The symbol as names of streams write it. */
  readonly streamName: string;
  readonly instrumentId: InstrumentId;
  readonly limits: MarketLimits;
  /** Tick, lot and quantities as they are at present; decimals never change. */
  instrument: Instrument;
  status: MarketStatus;
  leverage: number;
  isIsolated: boolean;
  /** By what fraction the mark price stands off where it would be. */
  markOffset: number;
  deliveryAt: number;
  /** Counts every change of the order book. */
  updateId: number;
}

/** Limits that an instrument does not know of. */
export interface MarketLimits {
  /** The largest quantity of an order at the market, in steps: smaller than that of a limit. */
  marketQuantityMax: number;
  /** In whole units of the quote currency. */
  minNotional: number;
  /** How far a price may be from the mark price, as a factor. */
  readonly priceFactorUp: number;
  readonly priceFactorDown: number;
  readonly ordersMax: number;
  readonly algoOrdersMax: number;
  /** How far the touch may be from the mark price for an order at the market, as a fraction. */
  readonly takeBound: number;
}

export const LEVERAGE_MAX = 125;
const firstUpdateId = 400_900_000;
const perpetualDeliveryAt = 4_133_404_800_000;

/** The venue's markets in the order of the instruments, which is that of their ids. */
export function createMarkets(instruments: readonly Instrument[]): Market[] {
  return instruments.map((instrument) => {
    const symbol = symbolOf(instrument);
    return {
      symbol,
      streamName: symbol.toLowerCase(),
      instrumentId: instrument.id,
      limits: limitsOf(instrument),
      instrument,
      status: 'TRADING',
      leverage: Math.min(LEVERAGE_MAX, Math.max(1, Math.round(1 / instrument.marginRate))),
      isIsolated: false,
      markOffset: 0,
      deliveryAt: perpetualDeliveryAt,
      updateId: firstUpdateId,
    };
  });
}

export function priceText({ instrument }: Market, ticks: number): string {
  return formatScaled(ticks, instrument.priceDecimals);
}

/** A price between ticks, with the eight decimals of mark prices. */
export function finePriceText({ instrument }: Market, ticks: number): string {
  return (ticks / scaleOf(instrument.priceDecimals)).toFixed(8);
}

export function quantityText({ instrument }: Market, steps: number): string {
  return formatScaled(steps, instrument.quantityDecimals);
}

/** The worth of ticks times steps in the quote currency, to its last decimal. */
export function quoteText({ instrument }: Market, amount: number): string {
  return formatScaled(amount, instrument.priceDecimals + instrument.quantityDecimals);
}

/** Ticks times steps that one unit of the quote currency is. */
export function quoteUnit({ instrument }: Market): number {
  return scaleOf(instrument.priceDecimals) * scaleOf(instrument.quantityDecimals);
}

function symbolOf({ id }: Instrument): string {
  return present(id.split(/[-.]/)[0], 'symbol');
}

/** The larger coins have larger smallest orders. */
const minNotionals: Readonly<Record<string, number>> = { BTC: 100, ETH: 20 };
const minNotionalOtherwise = 5;
/** An order at the market takes at most this share of the largest limit order. */
const marketShare = 0.12;

function limitsOf(instrument: Instrument): MarketLimits {
  const { maximumQuantity, lotSize, minimumQuantity } = instrument;
  const share = Math.floor((maximumQuantity * marketShare) / lotSize) * lotSize;
  return {
    marketQuantityMax: Math.max(minimumQuantity, share),
    minNotional: minNotionals[instrument.baseCurrency] ?? minNotionalOtherwise,
    priceFactorUp: 1.15,
    priceFactorDown: 0.85,
    ordersMax: 200,
    algoOrdersMax: 10,
    takeBound: 0.05,
  };
}

/** The highest price of an order in ticks. */
export function priceMax({ instrument }: Market): number {
  return fromDecimal(1_000_000, instrument.priceDecimals);
}
