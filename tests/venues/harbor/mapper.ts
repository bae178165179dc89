import { parseDecimalRounded, parseDecimalText } from '#domain/decimal-text.ts';
import { type Instrument, instrumentSchema } from '#domain/instrument.ts';
import type { OrderRequest, OrderType, Side } from '#domain/order.ts';
import { formatScaled } from '#domain/scale.ts';
import type { HistoryBar, OpenOrder, VenueInput } from '#engine/live-port.ts';
import {
  barSchema,
  lineSchema,
  type OrderBody,
  quoteMessageSchema,
  type VenueInstrument,
  type VenueLine,
  type VenueOrder,
} from './schema.ts';

export const venueName = 'HARBOR';
export const minuteMs = 60_000;
const ownIdForm = /^tw-/;
const externalPrefix = 'external-';
const timesInForce = {
  fillOrKill: 'FOK',
  immediateOrCancel: 'IOC',
  goodTillCancel: 'GTC',
  goodTillTime: 'GTD',
} as const;

/** What a reading needs beside the text itself. */
export interface Reading {
  readonly moneyDecimals: number;
  instrumentOf(symbol: string): Instrument | undefined;
  /** A short piece of something that was said, without secrets. */
  excerpt(value: unknown): string;
}

/** Undefined where a figure cannot be read or does not fit. */
export function mapInstrument(listed: VenueInstrument): Instrument | undefined {
  const { symbol, base, quote, priceDecimals, quantityDecimals } = listed;
  const parsed = instrumentSchema.safeParse({
    ...{ id: `${base}${quote}.${venueName}`, symbol, venue: venueName, kind: 'fx', priceDecimals, quantityDecimals },
    ...{ baseCurrency: base, quoteCurrency: quote, contractSize: 1, pipDecimals: Math.max(0, priceDecimals - 1) },
    tickSize: parseDecimalText(listed.tick, priceDecimals),
    lotSize: parseDecimalText(listed.lot, quantityDecimals),
    minimumQuantity: parseDecimalText(listed.minimum, quantityDecimals),
    maximumQuantity: parseDecimalText(listed.maximum, quantityDecimals),
    marginRate: Number(listed.margin),
  });
  return parsed.success ? parsed.data : undefined;
}

export function mapQuote(message: unknown, reading: Reading): VenueInput {
  const parsed = quoteMessageSchema.safeParse(message);
  const instrument = parsed.success ? reading.instrumentOf(parsed.data.symbol) : undefined;
  if (!parsed.success || instrument === undefined) return quarantined('quote', message, reading);
  const bidPrice = parseDecimalText(parsed.data.bid, instrument.priceDecimals) ?? 0;
  const askPrice = parseDecimalText(parsed.data.ask, instrument.priceDecimals) ?? 0;
  if (bidPrice <= 0 || askPrice < bidPrice) return quarantined('quote', message, reading);
  return { type: 'quote.updated', instrument: instrument.id, bidPrice, askPrice };
}

/** The middle of two prices may lie between two ticks; it goes to the even one. */
export function mapBar(bar: unknown, reading: Reading): HistoryBar | undefined {
  const parsed = barSchema.safeParse(bar);
  const instrument = parsed.success ? reading.instrumentOf(parsed.data.symbol) : undefined;
  if (!parsed.success || instrument === undefined || parsed.data.time % minuteMs !== 0) return undefined;
  const price = (text: string): number => parseDecimalRounded(text, instrument.priceDecimals, 'halfEven') ?? 0;
  const { time: openAt, volume } = parsed.data;
  const [open, high, low, close] = [parsed.data.open, parsed.data.high, parsed.data.low, parsed.data.close].map(price);
  const spread = parseDecimalText(parsed.data.spread, instrument.priceDecimals);
  if (open === undefined || high === undefined || low === undefined || close === undefined) return undefined;
  if (spread === undefined || low <= 0 || low > Math.min(open, close) || high < Math.max(open, close)) return undefined;
  return { instrument: instrument.id, openAt, open, high, low, close, volume, spread };
}

/** A line of the ledger; the number of a fill's line is the id of the fill. */
export function mapLine(line: unknown, reading: Reading): VenueInput {
  const parsed = lineSchema.safeParse(line);
  if (!parsed.success) return quarantined('ledger', line, reading);
  const money = (text: string): number | undefined => parseDecimalText(text, reading.moneyDecimals);
  const balance = money(parsed.data.balance);
  if (balance === undefined) return quarantined('ledger', line, reading);
  switch (parsed.data.kind) {
    case 'fill':
      return fillOf(parsed.data, balance, reading) ?? quarantined('ledger', line, reading);
    case 'interest': {
      const amount = money(parsed.data.amount);
      const instrument = reading.instrumentOf(parsed.data.symbol)?.id;
      if (amount === undefined || instrument === undefined) return quarantined('ledger', line, reading);
      return { type: 'financing.charged', instrument, amount, days: parsed.data.days, balance };
    }
    case 'transfer': {
      const amount = money(parsed.data.amount);
      if (amount === undefined) return quarantined('ledger', line, reading);
      return { type: 'balance.changed', amount, balance, reason: 'TRANSFER' };
    }
    case 'closeOut':
      return { type: 'account.closedOut', reason: parsed.data.reason };
  }
}

type FillLine = Extract<VenueLine, { kind: 'fill' }>;

function fillOf(line: FillLine, balance: number, reading: Reading): VenueInput | undefined {
  const instrument = reading.instrumentOf(line.symbol);
  if (instrument === undefined) return undefined;
  const quantity = parseDecimalText(line.quantity, instrument.quantityDecimals) ?? 0;
  const price = parseDecimalText(line.price, instrument.priceDecimals) ?? 0;
  const [fee, realizedPnl, spreadCost] = [line.fee, line.profit, line.spreadCost].map((text) =>
    parseDecimalText(text, reading.moneyDecimals),
  );
  if (quantity <= 0 || price <= 0 || fee === undefined || realizedPnl === undefined || spreadCost === undefined)
    return undefined;
  return {
    type: 'order.filled',
    clientOrderId: idOf(line.client, line.order),
    venueOrderId: line.order,
    fillId: String(line.line),
    instrument: instrument.id,
    side: line.side,
    ...{ quantity, price, fee, realizedPnl, spreadCost, balance },
    venueAt: line.time,
    isPessimistic: false,
  };
}

/** An order as the venue has it, under our id. */
export interface OrderFacts extends OpenOrder {
  readonly state: 'sent' | 'working' | 'filled' | 'canceled' | 'expired';
  readonly reason: string;
  readonly venueAt: number;
  readonly revision: number;
}

const stateByWord: Readonly<Record<string, OrderFacts['state']>> = {
  working: 'working',
  filled: 'filled',
  cancelled: 'canceled',
  expired: 'expired',
};
const typeByWord: Readonly<Record<string, OrderType>> = { market: 'market', limit: 'limit', stop: 'stop' };

export function mapOrder(order: VenueOrder, reading: Reading): OrderFacts | undefined {
  const instrument = reading.instrumentOf(order.symbol);
  const [state, orderType] = [stateByWord[order.state], typeByWord[order.type]];
  if (instrument === undefined || state === undefined || orderType === undefined) return undefined;
  const quantity = parseDecimalText(order.quantity, instrument.quantityDecimals);
  const filledQuantity = parseDecimalText(order.filled, instrument.quantityDecimals);
  const price = order.price === null ? null : parseDecimalText(order.price, instrument.priceDecimals);
  if (quantity === undefined || filledQuantity === undefined || price === undefined) return undefined;
  return {
    clientOrderId: idOf(order.client, order.id),
    venueOrderId: order.id,
    family: 'ordinary',
    instrument: instrument.id,
    side: order.side,
    ...{ quantity, filledQuantity, orderType, state },
    limitPrice: orderType === 'limit' ? price : null,
    stopPrice: orderType === 'stop' ? price : null,
    isReduceOnly: order.reduceOnly,
    reason: order.reason === '' ? 'CANCELLED' : order.reason,
    venueAt: order.time,
    revision: order.revision,
  };
}

/** How an order looks to us before the venue has said anything of it. */
export function sentOrder(request: OrderRequest): OrderFacts {
  const { clientOrderId, instrument, side, quantity, orderType, limitPrice, stopPrice, isReduceOnly } = request;
  return {
    ...{ clientOrderId, venueOrderId: '', family: 'ordinary', instrument, side, quantity, filledQuantity: 0 },
    ...{ orderType, limitPrice, stopPrice, isReduceOnly, state: 'sent', reason: '', venueAt: 0, revision: 0 },
  };
}

/** What is to be told of an order that was known as `before`. What it filled is told by the ledger alone. */
export function orderNews(before: OrderFacts | undefined, after: OrderFacts): readonly VenueInput[] {
  const isExternal = isExternalId(after.clientOrderId);
  // Orders of others at the market are over as soon as they are there; their fills say enough.
  if (isExternal && after.orderType === 'market') return [];
  const { clientOrderId, venueOrderId, venueAt, quantity, stopPrice, limitPrice, reason } = after;
  const news: VenueInput[] = [];
  if (before === undefined || before.state === 'sent')
    news.push(
      isExternal ? adoption(after) : { type: 'order.accepted', clientOrderId, venueOrderId, venueAt, child: null },
    );
  const isChanged = before?.quantity !== quantity || before.stopPrice !== stopPrice || before.limitPrice !== limitPrice;
  if (isChanged && !(isExternal && before === undefined))
    news.push({ type: 'order.amended', clientOrderId, quantity, stopPrice, limitPrice });
  if (after.state === 'canceled') news.push({ type: 'order.canceled', clientOrderId, reason });
  if (after.state === 'expired') news.push({ type: 'order.expired', clientOrderId, reason });
  return news;
}

function adoption(order: OrderFacts): VenueInput {
  const { clientOrderId, instrument, side, quantity, orderType, limitPrice, stopPrice, isReduceOnly } = order;
  return {
    type: 'order.adopted',
    order: {
      ...{ clientOrderId, instrument, side, quantity, orderType, limitPrice, stopPrice, isReduceOnly },
      ...{ timeInForce: 'goodTillCancel', expiresAt: null, purpose: isReduceOnly ? 'exit' : 'entry', bracket: null },
      ...{ strategy: '', reason: 'EXTERNAL' },
    },
    venueOrderId: order.venueOrderId,
    venueAt: order.venueAt,
    filledQuantity: order.filledQuantity,
    reason: 'EXTERNAL',
  };
}

export function orderBody(order: OrderRequest, instrument: Instrument): OrderBody {
  const price = order.limitPrice ?? order.stopPrice;
  return {
    client: order.clientOrderId,
    symbol: instrument.symbol,
    side: order.side,
    type: order.orderType,
    quantity: formatScaled(order.quantity, instrument.quantityDecimals),
    price: price === null ? null : formatScaled(price, instrument.priceDecimals),
    timeInForce: timesInForce[order.timeInForce],
    expiresAt: order.expiresAt,
    reduceOnly: order.isReduceOnly,
  };
}

/** An order at the market that ends a position, under no id of ours. */
export function closingBody(instrument: Instrument, side: Side, quantity: number): OrderBody {
  return {
    ...{ client: null, symbol: instrument.symbol, side, type: 'market', price: null, timeInForce: 'IOC' },
    ...{ quantity: formatScaled(quantity, instrument.quantityDecimals), expiresAt: null, reduceOnly: true },
  };
}

export function isExternalId(clientOrderId: string): boolean {
  return clientOrderId.startsWith(externalPrefix);
}

export function quarantined(part: string, value: unknown, reading: Reading): VenueInput {
  return { type: 'message.quarantined', part, reason: `a '${part}' was expected`, excerpt: reading.excerpt(value) };
}

/** Ids of the house begin alike; whatever else comes under is another hand's. */
function idOf(client: string | null, venueOrderId: string): string {
  return client !== null && ownIdForm.test(client) ? client : `${externalPrefix}${venueOrderId}`;
}
