import { parseDecimalRounded, parseDecimalText } from '#domain/decimal-text.ts';
import type { Instrument } from '#domain/instrument.ts';
import type { OrderType, Side } from '#domain/order.ts';
import { formatScaled } from '#domain/scale.ts';
import type { OpenOrder, VenueInput } from '#engine/live-port.ts';
import type { OrderFacts } from './account-book.ts';

/** One execution as the venue tells it, figures still as texts. */
export interface TradeFacts {
  readonly clientOrderId: string;
  readonly venueOrderId: string;
  readonly tradeId: string;
  readonly side: 'BUY' | 'SELL';
  readonly price: string;
  readonly quantity: string;
  /** Undefined where the venue left it out. */
  readonly realizedPnl: string | undefined;
  readonly fee: string | undefined;
  readonly feeAsset: string | undefined;
  readonly at: number;
}

export interface MoneyOptions {
  readonly accountCurrency: string;
  readonly moneyDecimals: number;
}

/** A fill without the balance after it, which only the account's whole story tells. */
export type FillInput = Omit<Extract<VenueInput, { type: 'order.filled' }>, 'balance'>;

/**
 * An execution as a fill. A fee in another asset is not money of the account and counts as none here. Undefined where price or quantity
 * cannot be read: nothing is made up for them.
 */
export function fillInput(trade: TradeFacts, instrument: Instrument, options: MoneyOptions): FillInput | undefined {
  // What was traded is exact in steps; the price of a liquidation may lie between two ticks.
  const quantity = parseDecimalText(trade.quantity, instrument.quantityDecimals);
  const price = parseDecimalRounded(trade.price, instrument.priceDecimals, 'halfEven');
  const realizedPnl = moneyOf(trade.realizedPnl ?? '0', options);
  const fee = isForeignFee(trade, options) ? 0 : feeOf(trade.fee ?? '0', options);
  if (quantity === undefined || quantity <= 0 || price === undefined || price <= 0) return undefined;
  if (realizedPnl === undefined || fee === undefined) return undefined;
  return {
    type: 'order.filled',
    clientOrderId: trade.clientOrderId,
    venueOrderId: trade.venueOrderId,
    fillId: trade.tradeId,
    instrument: instrument.id,
    side: sideOf(trade.side),
    quantity,
    price,
    fee,
    realizedPnl,
    // The venue does not say what the spread cost.
    spreadCost: 0,
    venueAt: trade.at,
    isPessimistic: false,
  };
}

export function isForeignFee({ fee, feeAsset }: TradeFacts, { accountCurrency }: MoneyOptions): boolean {
  return feeAsset !== undefined && feeAsset !== accountCurrency && fee !== undefined && /[1-9]/.test(fee);
}

/** Money in the account's decimals, half to even; undefined where it cannot be read. */
export function moneyOf(text: string, { moneyDecimals }: MoneyOptions): number | undefined {
  return parseDecimalRounded(text, moneyDecimals, 'halfEven');
}

function feeOf(text: string, { moneyDecimals }: MoneyOptions): number | undefined {
  return parseDecimalRounded(text, moneyDecimals, 'up');
}

export function acceptedInput(facts: OrderFacts): VenueInput {
  const { clientOrderId, venueOrderId, at } = facts;
  return { type: 'order.accepted', clientOrderId, venueOrderId, venueAt: at, child: null };
}

/** An order of another hand, told as if it were a request of ours. One that closes whatever is held has no quantity to tell. */
export function adoptedInput(facts: OrderFacts, instrument: Instrument): VenueInput {
  return {
    type: 'order.adopted',
    order: {
      clientOrderId: facts.clientOrderId,
      instrument: instrument.id,
      side: facts.side,
      quantity: facts.quantity > 0 ? facts.quantity : instrument.minimumQuantity,
      orderType: facts.orderType,
      limitPrice: facts.limitPrice,
      stopPrice: facts.stopPrice,
      timeInForce: 'goodTillCancel',
      expiresAt: null,
      isReduceOnly: facts.isReduceOnly,
      purpose: purposeOf(facts),
      bracket: null,
      strategy: 'external',
      reason: facts.quantity > 0 ? 'sent by another hand' : 'sent by another hand, closes whatever is held',
    },
    venueOrderId: facts.venueOrderId,
    venueAt: facts.at,
    reason: 'an order of another hand works at the venue',
  };
}

export function openOrder(facts: OrderFacts, instrument: Instrument): OpenOrder {
  const { clientOrderId, venueOrderId, family, side, filledQuantity, orderType, limitPrice, stopPrice, isReduceOnly } =
    facts;
  const quantity = facts.quantity > 0 ? facts.quantity : instrument.minimumQuantity;
  return {
    clientOrderId,
    venueOrderId,
    family,
    instrument: instrument.id,
    side,
    quantity,
    filledQuantity,
    orderType,
    limitPrice,
    stopPrice,
    isReduceOnly,
  };
}

export function amendedInput(
  facts: Pick<OrderFacts, 'clientOrderId' | 'quantity' | 'limitPrice' | 'stopPrice'>,
): VenueInput {
  const { clientOrderId, quantity, limitPrice, stopPrice } = facts;
  return { type: 'order.amended', clientOrderId, quantity, limitPrice, stopPrice };
}

/** Why the venue ended an order; https://developers.binance.com/docs/derivatives/usds-margined-futures/user-data-streams */
const expiryReasons: Readonly<Record<string, string>> = {
  '1': 'SELF_TRADE_PREVENTED',
  '2': 'NOT_FILLED_AT_ONCE',
  '3': 'NOT_FILLED_AT_ONCE_SELF_TRADE_PREVENTED',
  '4': 'REDUCE_ONLY_CONFLICT',
  '5': 'LIQUIDATION',
  '6': 'GOOD_TILL_UNMET',
  '7': 'SYMBOL_DELISTED',
  '8': 'EXPIRED_AFTER_TRIGGER',
  '9': 'MARKET_ORDER_NOT_FILLED',
};

export function expiryReason(code: string | undefined, otherwise: string): string {
  if (code === undefined || code === '0' || code === '') return otherwise;
  return expiryReasons[code] ?? `REASON_${code}`.slice(0, 50);
}

export function sideOf(side: 'BUY' | 'SELL'): Side {
  return side === 'BUY' ? 'buy' : 'sell';
}

/** Whatever waits for a trigger is a stop to us. */
export function orderTypeOf(type: string): OrderType {
  if (type === 'LIMIT') return 'limit';
  return type === 'MARKET' || type === 'LIQUIDATION' ? 'market' : 'stop';
}

/** A price in ticks of one decimal step each; null for the venue's zero, which means none. */
export function priceOrNull(text: string | undefined, instrument: Instrument): number | null {
  const price = parseDecimalRounded(text ?? '0', instrument.priceDecimals, 'halfEven');
  return price === undefined || price <= 0 ? null : price;
}

/** An unsigned quantity; undefined where it cannot be read. */
export function quantityOf(text: string | undefined, instrument: Instrument): number | undefined {
  return text === undefined ? undefined : parseDecimalText(text, instrument.quantityDecimals);
}

export function priceText(price: number, instrument: Instrument): string {
  return formatScaled(price, instrument.priceDecimals);
}

export function quantityText(quantity: number, instrument: Instrument): string {
  return formatScaled(quantity, instrument.quantityDecimals);
}

function purposeOf({ isReduceOnly, orderType }: OrderFacts): 'entry' | 'exit' | 'stopLoss' | 'takeProfit' {
  if (!isReduceOnly) return 'entry';
  if (orderType === 'stop') return 'stopLoss';
  return orderType === 'limit' ? 'takeProfit' : 'exit';
}
