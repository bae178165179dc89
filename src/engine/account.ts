import { type ConversionRate, conversionRate, parity, quoteToMoney } from '#domain/conversion.ts';
import type { Instrument, InstrumentId } from '#domain/instrument.ts';
import { unrealizedQuote } from '#domain/position.ts';
import { scaleOf } from '#domain/scale.ts';
import { midPrice } from './market.ts';
import type { View } from './state.ts';

/** What the account is worth, in integer money of the account currency. */
export interface AccountFigures {
  readonly balance: number;
  readonly equity: number;
  readonly unrealizedPnl: number;
  readonly marginUsed: number;
  readonly marginAvailable: number;
}

/** The account's own currency and how its money is counted, from the desk's policy. */
export interface AccountBasis {
  readonly accountCurrency: string;
  readonly moneyDecimals: number;
}

/** The rate from a currency into the account's, at current mids rounded to ticks; undefined while no price is known. */
export function rateToAccount(view: View, currency: string, basis: AccountBasis): ConversionRate | undefined {
  if (currency === basis.accountCurrency) return parity;
  return conversionRate(currency, basis.accountCurrency, listedInstruments(view), (instrument) => {
    const mid = midPrice(view.markets[instrument.id]);
    return mid === undefined ? undefined : Math.round(mid);
  });
}

function* listedInstruments(view: View): Generator<Instrument, void, undefined> {
  for (const id of view.instrumentIds) {
    const market = view.markets[id];
    if (market !== undefined) yield market.instrument;
  }
}

/**
 * Margin of a notional as money, and what one unit of an instrument costs of it: `price × rate × marginRate`.
 * Undefined while a price on the way to the account currency is missing.
 */
export function marginPerUnit(view: View, instrument: InstrumentId, basis: AccountBasis): number | undefined {
  const notional = notionalPerUnit(view, instrument, basis);
  const market = view.markets[instrument];
  if (notional === undefined || market === undefined) return undefined;
  return notional * market.instrument.marginRate;
}

/** The venue's mark in ticks where one is known: what margin and liquidation are counted at there (reliability, F84). */
function markPriceOf(view: View, instrument: InstrumentId): number | undefined {
  const markPrice = view.venueMarkets[instrument]?.markPrice ?? 0;
  return markPrice > 0 ? markPrice : undefined;
}

/**
 * Worth of one quantity step in account money (integer decimals, as a float). Where a mark is known, at the mark through the quote
 * currency; else at mid: by the base currency's own rate where there is one, else through the quote currency (FX desk specification
 * f.2, with the cross repaired).
 */
export function notionalPerUnit(view: View, instrument: InstrumentId, basis: AccountBasis): number | undefined {
  const market = view.markets[instrument];
  const markPrice = markPriceOf(view, instrument);
  const price = markPrice ?? midPrice(market);
  if (market === undefined || price === undefined) return undefined;
  const { baseCurrency, quoteCurrency, priceDecimals, quantityDecimals, contractSize } = market.instrument;
  const unit = (scaleOf(basis.moneyDecimals) / scaleOf(quantityDecimals)) * contractSize;
  const worth = (unit * price) / scaleOf(priceDecimals);
  if (quoteCurrency === basis.accountCurrency) return worth;
  const baseRate = markPrice === undefined ? rateToAccount(view, baseCurrency, basis) : undefined;
  if (baseRate !== undefined) return unit * (baseRate.numerator / baseRate.denominator);
  const quoteRate = rateToAccount(view, quoteCurrency, basis);
  return quoteRate === undefined ? undefined : worth * (quoteRate.numerator / quoteRate.denominator);
}

/** Equity and margin at current marks, or quotes where there are none. A position without a price or a rate keeps its last known worth of zero profit. */
export function accountFigures(view: View, basis: AccountBasis): AccountFigures {
  let unrealizedPnl = 0;
  let marginUsed = 0;
  for (const id of view.instrumentIds) {
    const position = view.positions[id];
    if (position === undefined || position.signedQuantity === 0) continue;
    unrealizedPnl += positionProfit(view, id, basis);
    marginUsed += Math.abs(position.signedQuantity) * (marginPerUnit(view, id, basis) ?? 0);
  }
  const equity = view.account.balance + unrealizedPnl;
  const used = Math.ceil(marginUsed);
  return {
    balance: view.account.balance,
    equity,
    unrealizedPnl,
    marginUsed: used,
    marginAvailable: Math.max(0, equity - used),
  };
}

/** Unrealised profit of one position in money: at the venue's mark where one is known, else at the price it could be closed at. */
export function positionProfit(view: View, id: InstrumentId, basis: AccountBasis): number {
  const position = view.positions[id];
  const market = view.markets[id];
  if (position === undefined || market === undefined || position.signedQuantity === 0) return 0;
  const closePrice = markPriceOf(view, id) ?? (position.signedQuantity > 0 ? market.bidPrice : market.askPrice);
  if (closePrice <= 0) return 0;
  const rate = rateToAccount(view, market.instrument.quoteCurrency, basis);
  if (rate === undefined) return 0;
  return quoteToMoney(unrealizedQuote(position, closePrice), market.instrument, rate, basis.moneyDecimals);
}
