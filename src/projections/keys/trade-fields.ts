import type { EventByType } from '#domain/events.ts';
import type { Instrument } from '#domain/instrument.ts';
import type { Position } from '#domain/position.ts';
import { formatScaled, mulDivRound } from '#domain/scale.ts';
import type { KeptTrade } from './keys-state.ts';

/** Decimals that an average price has beyond those of the instrument. */
const averageDecimals = 2;
const averageScale = 100;

/** All fields of an open trade (crypto desk specification 12.6); every value is text, prices and quantities are decimals. */
export function openFields(
  trade: KeptTrade,
  position: Readonly<Position>,
  instrument: Instrument,
  at: number,
): Record<string, string> {
  const { priceDecimals, quantityDecimals, symbol } = instrument;
  const held = Math.abs(position.signedQuantity);
  const average = held === 0 ? 0 : mulDivRound(position.cost, averageScale, held, 'halfEven');
  return {
    trade_id: trade.id,
    instrument: symbol,
    lifecycle: 'open',
    version: String(trade.version),
    side: trade.direction,
    qty: formatScaled(held, quantityDecimals),
    avg_entry: formatScaled(average, priceDecimals + averageDecimals),
    ...reachFields(trade, instrument),
    ...protectionFields(trade, instrument),
    strategy: trade.strategy,
    orders: JSON.stringify(trade.orderIds),
    trace_id: trade.traceId,
    opened_ms: String(trade.openedAt),
    updated_ms: String(at),
  };
}

export function reachFields(
  { peakPrice, troughPrice }: KeptTrade,
  { priceDecimals }: Instrument,
): Record<string, string> {
  return { peak: formatScaled(peakPrice, priceDecimals), trough: formatScaled(troughPrice, priceDecimals) };
}

/** Of several stops and targets the ones that are reached first; empty where none stands. */
export function protectionFields(trade: KeptTrade, { priceDecimals }: Instrument): Record<string, string> {
  const isLong = trade.direction === 'long';
  const pricesOf = (kind: 'stop' | 'target'): number[] =>
    Object.values(trade.protection).flatMap((child) => (child.kind === kind ? [child.price] : []));
  const text = (price: number): string => (Number.isFinite(price) ? formatScaled(price, priceDecimals) : '');
  return {
    sl: text(isLong ? Math.max(...pricesOf('stop')) : Math.min(...pricesOf('stop'))),
    tp: text(isLong ? Math.min(...pricesOf('target')) : Math.max(...pricesOf('target'))),
  };
}

/** What a round trip adds to the trade it ends; money in whole units of the account currency. */
export function roundTripFields(
  event: EventByType['roundTrip.closed'],
  instrument: Instrument,
  moneyDecimals: number,
): Record<string, string> {
  const money = (amount: number): string => formatScaled(amount, moneyDecimals);
  const price = (ticks: number): string =>
    formatScaled(Math.round(ticks * averageScale), instrument.priceDecimals + averageDecimals);
  return {
    qty: formatScaled(event.quantity, instrument.quantityDecimals),
    avg_entry: price(event.entryPrice),
    exit_price: price(event.exitPrice),
    pnl: money(event.realizedPnl),
    fees: money(event.fees),
    financing: money(event.financing),
    mae: money(event.maximumAdverse),
    mfe: money(event.maximumFavorable),
    reason: event.reason,
  };
}
