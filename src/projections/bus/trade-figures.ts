import type { BusPayload } from '#domain/bus/bus-catalogue.ts';
import { averagePrice } from '#domain/position.ts';
import { toDecimal } from '#domain/scale.ts';
import type { BusInstrument, BusState, OpenTrade } from './bus-state.ts';
import { notionalOf, priceOf, quantityOf } from './tell-market.ts';

type Protection = Pick<BusPayload<'trade.opened'>, 'sl' | 'tp'>;

/** Everything a trade is told with: itself, its instrument, and how money is counted (null before the desk's policy). */
export interface TradeView {
  readonly trade: OpenTrade;
  readonly instrument: BusInstrument;
  readonly money: BusState['money'];
}

export function openedFigures({ trade, instrument }: TradeView): BusPayload<'trade.opened'> {
  const { position } = trade;
  const quantity = Math.abs(position.signedQuantity);
  return {
    trade_id: trade.tradeId,
    symbol: instrument.symbol,
    side: position.signedQuantity > 0 ? 'LONG' : 'SHORT',
    entry_price: priceOf(instrument, averagePrice(position)),
    qty: quantityOf(instrument, quantity),
    notional: notionalOf(instrument, quantity, averagePrice(position)),
    leverage: null,
    ...protectionOf(trade, instrument),
    confidence: null,
    strategy: position.strategy,
    rl_state_key: null,
    rl_action_key: null,
  };
}

export function updatedFigures({ trade, instrument, money }: TradeView): BusPayload<'trade.updated'> {
  const { position } = trade;
  const entryPrice = averagePrice(position);
  const { lastPrice } = instrument;
  return {
    trade_id: trade.tradeId,
    symbol: instrument.symbol,
    ...protectionOf(trade, instrument),
    pnl: null,
    R: lastPrice === null ? null : multipleOf(trade, entryPrice, lastPrice, Math.sign(position.signedQuantity)),
    classification: null,
    qty: quantityOf(instrument, Math.abs(position.signedQuantity)),
    entry_price: priceOf(instrument, entryPrice),
    realized_pnl: moneyOf(money, trade.realizedPnl),
  };
}

/** What a trade that ended in our sight came to; its position is flat, or on the other side already. */
export function closedFigures(
  { trade, instrument, money }: TradeView,
  { sign, at, reason }: TradeEnd,
): BusPayload<'trade.closed'> {
  const entryPrice = trade.openedQuantity === 0 ? 0 : trade.openedCost / trade.openedQuantity;
  const exitPrice = trade.closedQuantity === 0 ? null : trade.closedValue / trade.closedQuantity;
  const [worst, best] = sign > 0 ? [trade.lowestPrice, trade.highestPrice] : [trade.highestPrice, trade.lowestPrice];
  const pnl = moneyOf(money, trade.realizedPnl);
  return {
    ...endFigures({ trade, instrument, money }, { sign, at, reason }),
    exit_price: exitPrice === null ? null : priceOf(instrument, exitPrice),
    pnl,
    pnl_usd: money?.currency === 'USD' ? pnl : null,
    pnl_frac: exitPrice === null ? null : (sign * (exitPrice - entryPrice)) / entryPrice,
    R: exitPrice === null ? null : multipleOf(trade, entryPrice, exitPrice, sign),
    mae_R: multipleOf(trade, entryPrice, worst, sign),
    mfe_R: multipleOf(trade, entryPrice, best, sign),
    fees: moneyOf(money, trade.fees),
    funding: moneyOf(money, trade.funding),
  };
}

/** Which way it was held, when it ended and why. */
export interface TradeEnd {
  readonly sign: number;
  readonly at: number;
  readonly reason: string;
}

/** What a trade that ended out of sight came to: its end is known, its price is not. */
export function endFigures(
  { trade, instrument, money }: TradeView,
  { sign, at, reason }: TradeEnd,
): BusPayload<'trade.closed'> {
  return {
    trade_id: trade.tradeId,
    symbol: instrument.symbol,
    side: sign > 0 ? 'LONG' : 'SHORT',
    qty: quantityOf(instrument, trade.openedQuantity),
    entry_price: priceOf(instrument, trade.openedCost / trade.openedQuantity),
    exit_price: null,
    pnl: null,
    currency: money?.currency ?? null,
    pnl_usd: null,
    pnl_frac: null,
    R: null,
    duration_s: (at - trade.position.openedAt) / 1000,
    mae_R: null,
    mfe_R: null,
    fees: null,
    funding: null,
    exit_reason: reason,
    entry_confidence: null,
    model_versions: {},
    regime: null,
    strategy: trade.position.strategy,
  };
}

/** Money in whole units of the account currency. */
export function moneyOf(money: BusState['money'], steps: number): number | null {
  return money === null ? null : toDecimal(steps, money.decimals);
}

function protectionOf({ stopPrice, targetPrice }: OpenTrade, instrument: BusInstrument): Protection {
  return {
    sl: stopPrice === null ? null : priceOf(instrument, stopPrice),
    tp: targetPrice === null ? [] : [priceOf(instrument, targetPrice)],
  };
}

/** The way from the entry in distances to the first stop, positive in favour; null without a stop. */
function multipleOf({ firstStopPrice }: OpenTrade, entryPrice: number, price: number, sign: number): number | null {
  if (firstStopPrice === null || firstStopPrice === entryPrice) return null;
  return (sign * (price - entryPrice)) / Math.abs(entryPrice - firstStopPrice);
}
