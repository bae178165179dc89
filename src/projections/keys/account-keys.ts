import { type ConversionRate, conversionRate, quoteToMoney } from '#domain/conversion.ts';
import { spreadTicksAt } from '#domain/costs.ts';
import type { EventByType } from '#domain/events.ts';
import type { Instrument } from '#domain/instrument.ts';
import type { KeyChange } from '#domain/keys/key-change.ts';
import type { DeskPolicy } from '#domain/policies.ts';
import { type Position, unrealizedQuote } from '#domain/position.ts';
import { askAround, bidAround } from '#domain/quote-around.ts';
import { formatScaled, scaleOf } from '#domain/scale.ts';
import { type BudgetFigures, riskBudget } from '#metrics/risk-budget.ts';
import { costPolicy, deskDocument, deskPolicy } from './kept-policies.ts';
import type { KeptMarket, KeysState } from './keys-state.ts';

/** How long a budget stands (FX desk specification b.3). */
const budgetLifeMs = 300_000;

/** The quote that a bar leaves behind where no newer one was told: its close with the spread of the bar or of the cost table. */
export function followBar(state: KeysState, market: KeptMarket, bar: EventByType['bar.closed']): void {
  const desk = deskPolicy(state);
  const costs = costPolicy(state);
  if (desk === undefined || costs === undefined) return;
  if (!market.isQuoteDerived && market.quoteAt >= bar.openAt) return;
  const spread = bar.spread > 0 ? bar.spread : spreadTicksAt(costs, market.instrument, bar.openAt);
  const basis = { priceBasis: market.priceBasis, tickSize: market.instrument.tickSize };
  market.bidPrice = bidAround(basis, bar.close, spread);
  market.askPrice = askAround(basis, bar.close, spread);
  market.quoteAt = bar.at;
  market.isQuoteDerived = true;
}

export function followQuote(state: KeysState, quote: EventByType['quote.updated']): void {
  const market = state.markets[quote.instrument];
  if (market === undefined || quote.bidPrice <= 0 || quote.askPrice < quote.bidPrice) return;
  market.bidPrice = quote.bidPrice;
  market.askPrice = quote.askPrice;
  market.quoteAt = quote.at;
  market.isQuoteDerived = false;
}

/**
 * Writes what the desk may use as margin now (FX desk specification f.1, f.4). Where a price on the way to the account currency is missing, or
 * no module of the desk takes a budget, nothing is written: a figure that is not exact is none.
 */
export function writeBudget(state: KeysState, at: number, change: (change: KeyChange) => void): void {
  const desk = deskPolicy(state);
  const ramp = deskDocument(state, 'budget-ramp');
  const targetFraction = ramp?.['targetFraction'];
  const base = ramp?.['budgetBase'];
  if (!state.isWarm || desk === undefined || typeof targetFraction !== 'number') return;
  if (base !== 'margin' && base !== 'equity') return;
  const figures = accountFigures(state, desk);
  if (figures === undefined) return;
  const { budget } = riskBudget(figures, targetFraction, base);
  const money = (amount: number): string => formatScaled(amount, desk.moneyDecimals);
  const fields = {
    balance: money(figures.balance),
    margin_available: money(figures.marginAvailable),
    target_pct: String(targetFraction),
    budget: money(Math.floor(budget)),
    ts: String(Math.floor(at / 1000)),
    ts_ms: String(at),
  };
  change({ type: 'hash', key: 'risk:alloc_budget', fields, ttlMs: budgetLifeMs });
}

/** Balance and margin in integer money; undefined while a position cannot be priced. Equal to what the engine sizes by. */
export function accountFigures(state: KeysState, desk: DeskPolicy): BudgetFigures | undefined {
  let unrealizedPnl = 0;
  let marginUsed = 0;
  for (const id of state.instrumentIds) {
    const position = state.positions[id];
    const market = state.markets[id];
    if (market === undefined || position === undefined || position.signedQuantity === 0) continue;
    const profit = profitOf(state, market, position, desk);
    const unit = unitWorth(state, market, desk);
    if (profit === undefined || unit === undefined) return undefined;
    unrealizedPnl += profit;
    marginUsed += Math.abs(position.signedQuantity) * (unit * market.instrument.marginRate);
  }
  const used = Math.ceil(marginUsed);
  const marginAvailable = Math.max(0, state.balance + unrealizedPnl - used);
  return { balance: state.balance, marginUsed: used, marginAvailable };
}

/** Profit at the price the position could be closed at. */
function profitOf(state: KeysState, market: KeptMarket, position: Position, desk: DeskPolicy): number | undefined {
  const { instrument, bidPrice, askPrice } = market;
  const rate = rateOf(state, instrument.quoteCurrency, desk);
  if (rate === undefined || bidPrice <= 0) return undefined;
  const closePrice = position.signedQuantity > 0 ? bidPrice : askPrice;
  return quoteToMoney(unrealizedQuote(position, closePrice), instrument, rate, desk.moneyDecimals);
}

/** Worth of one quantity step in money at mid: by the base currency where it has a rate, else through the quote currency. */
function unitWorth(state: KeysState, market: KeptMarket, desk: DeskPolicy): number | undefined {
  const { baseCurrency, quoteCurrency, priceDecimals, quantityDecimals, contractSize } = market.instrument;
  const mid = midOf(market);
  if (mid === undefined) return undefined;
  const unit = (scaleOf(desk.moneyDecimals) / scaleOf(quantityDecimals)) * contractSize;
  const worth = (unit * mid) / scaleOf(priceDecimals);
  if (quoteCurrency === desk.accountCurrency) return worth;
  const baseRate = rateOf(state, baseCurrency, desk);
  if (baseRate !== undefined) return unit * (baseRate.numerator / baseRate.denominator);
  const quoteRate = rateOf(state, quoteCurrency, desk);
  return quoteRate === undefined ? undefined : worth * (quoteRate.numerator / quoteRate.denominator);
}

function rateOf(state: KeysState, currency: string, desk: DeskPolicy): ConversionRate | undefined {
  return conversionRate(currency, desk.accountCurrency, listedInstruments(state), (instrument) => {
    const mid = midOf(state.markets[instrument.id]);
    return mid === undefined ? undefined : Math.round(mid);
  });
}

function listedInstruments(state: KeysState): Instrument[] {
  return state.instrumentIds.flatMap((id) => state.markets[id]?.instrument ?? []);
}

function midOf(market: KeptMarket | undefined): number | undefined {
  return market === undefined || market.bidPrice <= 0 ? undefined : (market.bidPrice + market.askPrice) / 2;
}
