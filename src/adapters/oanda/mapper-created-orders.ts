import { bracketOrderId } from '#domain/bracket-id.ts';
import type { Instrument } from '#domain/instrument.ts';
import { type OrderPurpose, type OrderRequest, type OrderType, oppositeSide, type Side } from '#domain/order.ts';
import type { VenueInput } from '#engine/live-port.ts';
import { type AccountBook, type KnownOrder, type KnownTrade, noteOrder } from './account-book.ts';
import { priceOf, unitsOf } from './mapper.ts';
import { parseVenueTime } from './oanda-time.ts';
import type { VenueOrder, VenueTransaction } from './schema.ts';
import { clientIdOf, externalPrefix, quarantined, type TransactionReading } from './transaction-reading.ts';

/** What an order's type at the venue means here. Orders that protect a trade have its instrument and follow its size. */
interface OrderKind {
  readonly orderType: OrderType;
  readonly protects: 'stopLoss' | 'takeProfit' | null;
}

const kindByType: Readonly<Record<string, OrderKind>> = {
  MARKET: { orderType: 'market', protects: null },
  FIXED_PRICE: { orderType: 'market', protects: null },
  LIMIT: { orderType: 'limit', protects: null },
  STOP: { orderType: 'stop', protects: null },
  // It becomes an order at the market once its price is seen, so its price limits nothing.
  MARKET_IF_TOUCHED: { orderType: 'stop', protects: null },
  STOP_LOSS: { orderType: 'stop', protects: 'stopLoss' },
  GUARANTEED_STOP_LOSS: { orderType: 'stop', protects: 'stopLoss' },
  TRAILING_STOP_LOSS: { orderType: 'stop', protects: 'stopLoss' },
  TAKE_PROFIT: { orderType: 'limit', protects: 'takeProfit' },
};

/** The trade that an order of a transaction protects, where the book does not have it and it must be asked for first. */
export function missingTradeId(book: AccountBook, transaction: VenueTransaction): string | undefined {
  const { type, tradeID } = transaction;
  const isProtection =
    type.endsWith('_ORDER') && (kindOf(type.slice(0, -orderSuffix.length))?.protects ?? null) !== null;
  return isProtection && tradeID !== undefined && !book.tradeById.has(tradeID) ? tradeID : undefined;
}

/** Notes an order that came into being, and tells of it as what it is: ours, a bracket's child, a moved one, or another hand's. */
export function createdOrder(
  book: AccountBook,
  transaction: VenueTransaction,
  reading: TransactionReading,
): readonly VenueInput[] {
  const type = transaction.type.slice(0, -orderSuffix.length);
  if (kindOf(type) === undefined) return [quarantined('UNKNOWN_ORDER_TYPE', transaction, reading)];
  const replaced = replacedOrder(book, transaction);
  const order = readOrder(book, { ...transaction, type, state: 'PENDING' }, reading);
  if (order === undefined) return [quarantined('BAD_ORDER', transaction, reading)];
  const known = replaced === undefined ? order : { ...order, clientOrderId: replaced.clientOrderId };
  noteOrder(book, known);
  return announcement(book, known, { transaction, reading, isReplacement: replaced !== undefined });
}

/**
 * An order as transactions and lists have it, by our id; undefined where a figure is missing. One that protects a trade whose entry was ours
 * is our bracket's child even where another hand made it without our id, as long as that child is not there already.
 */
export function readOrder(book: AccountBook, order: VenueOrder, reading: TransactionReading): KnownOrder | undefined {
  const kind = kindOf(order.type);
  if (kind === undefined) return undefined;
  const trade = kind.protects === null ? undefined : book.tradeById.get(order.tradeID ?? '');
  const body = trade === undefined ? ownBody(order, kind, reading) : tradeBody(trade, kind, reading);
  if (body === undefined) return undefined;
  const text = order.price ?? order.trailingStopValue;
  const price = text === undefined ? null : priceOf(text, body.instrument);
  if (price === undefined) return undefined;
  return {
    venueOrderId: order.id,
    clientOrderId: orderIdOf(book, order, trade, reading),
    instrument: body.instrument.id,
    side: body.side,
    quantity: body.quantity,
    filledQuantity: 0,
    orderType: kind.orderType,
    purpose: body.purpose,
    stopPrice: kind.orderType === 'stop' ? price : null,
    limitPrice: kind.orderType === 'limit' ? price : null,
    tradeId: kind.protects === null ? null : (order.tradeID ?? null),
    isPending: true,
  };
}

/** The entry whose bracket an order belongs to; null for one that is no child of ours. */
function parentOf(book: AccountBook, order: KnownOrder): string | null {
  if (order.tradeId === null || order.clientOrderId.startsWith(externalPrefix)) return null;
  return book.tradeById.get(order.tradeId)?.entryOrderId ?? order.clientOrderId.replace(/-[st]$/, '');
}

const orderSuffix = '_ORDER';

function kindOf(type: string): OrderKind | undefined {
  return Object.hasOwn(kindByType, type) ? kindByType[type] : undefined;
}

function replacedOrder(book: AccountBook, transaction: VenueTransaction): KnownOrder | undefined {
  const { replacesOrderID } = transaction;
  const replaced = replacesOrderID === undefined ? undefined : book.orderById.get(replacesOrderID);
  if (replaced !== undefined) replaced.isPending = false;
  return replaced;
}

interface OrderBody {
  readonly instrument: Instrument;
  readonly side: Side;
  readonly quantity: number;
  readonly purpose: OrderPurpose;
}

function ownBody(order: VenueOrder, kind: OrderKind, reading: TransactionReading): OrderBody | undefined {
  const instrument = reading.instrumentOf(order.instrument ?? '');
  const units = instrument === undefined ? undefined : unitsOf(order.units, instrument);
  if (instrument === undefined || units === undefined || units === 0 || kind.protects !== null) return undefined;
  const purpose = order.positionFill === 'REDUCE_ONLY' ? 'exit' : 'entry';
  return { instrument, side: units > 0 ? 'buy' : 'sell', quantity: Math.abs(units), purpose };
}

function tradeBody(trade: KnownTrade, kind: OrderKind, reading: TransactionReading): OrderBody | undefined {
  const instrument = reading.instrumentOf(trade.symbol);
  if (instrument === undefined || kind.protects === null || trade.signedQuantity === 0) return undefined;
  const side = oppositeSide(trade.signedQuantity > 0 ? 'buy' : 'sell');
  return { instrument, side, quantity: Math.abs(trade.signedQuantity), purpose: kind.protects };
}

function orderIdOf(
  book: AccountBook,
  order: VenueOrder,
  trade: KnownTrade | undefined,
  reading: TransactionReading,
): string {
  const id = clientIdOf(order.clientExtensions?.id, order.id, reading);
  const entryOrderId = trade?.entryOrderId ?? null;
  if (entryOrderId === null || !id.startsWith(externalPrefix)) return id;
  const isPlain = order.type === 'STOP_LOSS' || order.type === 'TAKE_PROFIT';
  const childId = bracketOrderId(entryOrderId, order.type === 'TAKE_PROFIT' ? 'limit' : 'stop');
  return isPlain && !book.venueIdByClientId.has(childId) ? childId : id;
}

interface Creation {
  readonly transaction: VenueTransaction;
  readonly reading: TransactionReading;
  readonly isReplacement: boolean;
}

function announcement(book: AccountBook, order: KnownOrder, creation: Creation): readonly VenueInput[] {
  const { clientOrderId, quantity, stopPrice, limitPrice, venueOrderId } = order;
  const { transaction } = creation;
  const venueAt = parseVenueTime(transaction.time);
  if (venueAt === undefined) return [quarantined('BAD_TIME', transaction, creation.reading)];
  const isExternal = clientOrderId.startsWith(externalPrefix);
  if (creation.isReplacement || (transaction.replacesOrderID !== undefined && !isExternal))
    return [{ type: 'order.amended', clientOrderId, quantity, stopPrice, limitPrice }];
  if (isExternal) return adoption(order, transaction, venueAt);
  return [{ type: 'order.accepted', clientOrderId, venueOrderId, venueAt, child: childOf(book, order) }];
}

type Child = Extract<VenueInput, { type: 'order.accepted' }>['child'];

export function childOf(book: AccountBook, order: KnownOrder): Child {
  const parentOrderId = parentOf(book, order);
  const { instrument, side, quantity, purpose, stopPrice, limitPrice } = order;
  return parentOrderId === null ? null : { parentOrderId, instrument, side, quantity, purpose, stopPrice, limitPrice };
}

/** Orders at the market are over as soon as they are there; their fills say enough. */
function adoption(order: KnownOrder, transaction: VenueTransaction, venueAt: number): readonly VenueInput[] {
  if (order.orderType === 'market') return [];
  const { venueOrderId } = order;
  const reason = transaction.reason ?? transaction.type;
  return [{ type: 'order.adopted', order: adoptedRequest(order, transaction), venueOrderId, venueAt, reason }];
}

function adoptedRequest(order: KnownOrder, transaction: VenueTransaction): OrderRequest {
  const expiresAt = transaction.gtdTime === undefined ? null : (parseVenueTime(transaction.gtdTime) ?? null);
  return {
    clientOrderId: order.clientOrderId,
    instrument: order.instrument,
    side: order.side,
    quantity: order.quantity,
    orderType: order.orderType,
    limitPrice: order.limitPrice,
    stopPrice: order.stopPrice,
    timeInForce: expiresAt === null ? 'goodTillCancel' : 'goodTillTime',
    expiresAt,
    isReduceOnly: order.purpose !== 'entry',
    purpose: order.purpose,
    bracket: null,
    strategy: '',
    reason: transaction.reason ?? transaction.type,
  };
}
