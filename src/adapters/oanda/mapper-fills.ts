import type { Instrument } from '#domain/instrument.ts';
import type { Side } from '#domain/order.ts';
import type { VenueInput } from '#engine/live-port.ts';
import { type AccountBook, type KnownOrder, noteBalance, noteTrade } from './account-book.ts';
import { averagePriceOf, moneyOf, unitsOf } from './mapper.ts';
import { parseVenueTime } from './oanda-time.ts';
import type { VenueTradePart, VenueTransaction } from './schema.ts';
import { clientIdOf, externalPrefix, quarantined, type TransactionReading } from './transaction-reading.ts';

/**
 * The fills of one transaction: one for each trade that it closed, reduced or opened, at that trade's own price; one for all where the trades
 * do not add up to what was filled. Fee, and spread cost where trades do not tell it, go with the first. Interest that was settled by the
 * fill is told apart, for no days.
 */
export function filledOrder(
  book: AccountBook,
  transaction: VenueTransaction,
  reading: TransactionReading,
): readonly VenueInput[] {
  const fill = readFill(book, transaction, reading);
  if (typeof fill === 'string') return [quarantined(fill, transaction, reading)];
  const parts = partsOf(transaction, fill, reading);
  const isWhole = parts.every(isComplete) && parts.reduce((sum, { quantity }) => sum + quantity, 0) === fill.quantity;
  const told = isWhole ? parts : [wholePart(transaction, fill, reading)].filter(isComplete);
  if (told.length === 0) return [quarantined('BAD_FILL', transaction, reading)];
  return [
    ...(isWhole || parts.length === 0 ? [] : [quarantined('PARTS_DO_NOT_ADD_UP', transaction, reading)]),
    ...cutOrder(fill, transaction),
    ...told.map((part, index) => fillInput(transaction, fill, { part, index, count: told.length })),
    ...settledInterest(transaction, fill, reading),
    ...followTrades(book, transaction, fill),
    ...closeOut(book, transaction),
  ];
}

interface Fill {
  readonly instrument: Instrument;
  readonly side: Side;
  readonly quantity: number;
  readonly venueOrderId: string;
  readonly clientOrderId: string;
  readonly balance: number;
  readonly venueAt: number;
  readonly fee: number;
  readonly order: KnownOrder | undefined;
}

/** What all parts share, or why it cannot be told. */
function readFill(book: AccountBook, transaction: VenueTransaction, reading: TransactionReading): Fill | string {
  const instrument = reading.instrumentOf(transaction.instrument ?? '');
  if (instrument === undefined) return 'UNKNOWN_INSTRUMENT';
  const units = unitsOf(transaction.units, instrument);
  const venueAt = parseVenueTime(transaction.time);
  const balance = noteBalance(book, transaction.id, moneyOf(transaction.accountBalance, reading));
  const commission = moneyOf(transaction.commission ?? '0', reading);
  const guarantee = moneyOf(transaction.guaranteedExecutionFee ?? '0', reading);
  if (units === undefined || units === 0 || venueAt === undefined || transaction.orderID === undefined)
    return 'BAD_FILL';
  if (balance === undefined) return 'NO_BALANCE';
  if (commission === undefined || guarantee === undefined) return 'BAD_FEE';
  const order = book.orderById.get(transaction.orderID);
  return {
    instrument,
    side: units > 0 ? 'buy' : 'sell',
    quantity: Math.abs(units),
    venueOrderId: transaction.orderID,
    clientOrderId: order?.clientOrderId ?? clientIdOf(transaction.clientOrderID, transaction.orderID, reading),
    balance,
    venueAt,
    fee: commission + guarantee,
    order,
  };
}

interface FillPart {
  readonly quantity: number;
  readonly price: number;
  readonly realizedPnl: number;
  readonly spreadCost: number;
}

/** A part as it was read, with what could not be read absent. */
type ReadPart = { readonly [K in keyof FillPart]: FillPart[K] | undefined };

function isComplete(part: ReadPart): part is FillPart {
  const { quantity, price, realizedPnl, spreadCost } = part;
  return (quantity ?? 0) > 0 && price !== undefined && realizedPnl !== undefined && spreadCost !== undefined;
}

function partsOf(transaction: VenueTransaction, fill: Fill, reading: TransactionReading): readonly ReadPart[] {
  const { tradesClosed, tradeReduced, tradeOpened, halfSpreadCost } = transaction;
  const trades = [...(tradesClosed ?? []), tradeReduced, tradeOpened].filter(
    (part): part is VenueTradePart => part !== undefined && part !== null,
  );
  const isCostTold = trades.some((trade) => trade.halfSpreadCost !== undefined);
  return trades.map((trade, index): ReadPart => {
    const shared = index === 0 && !isCostTold ? halfSpreadCost : undefined;
    return {
      quantity: Math.abs(unitsOf(trade.units, fill.instrument) ?? 0),
      price: averagePriceOf(trade.price ?? fillPriceText(transaction), fill.instrument),
      realizedPnl: moneyOf(trade.realizedPL ?? '0', reading),
      spreadCost: moneyOf(trade.halfSpreadCost ?? shared ?? '0', reading),
    };
  });
}

function wholePart(transaction: VenueTransaction, fill: Fill, reading: TransactionReading): ReadPart {
  return {
    quantity: fill.quantity,
    price: averagePriceOf(fillPriceText(transaction), fill.instrument),
    realizedPnl: moneyOf(transaction.pl ?? '0', reading),
    spreadCost: moneyOf(transaction.halfSpreadCost ?? '0', reading),
  };
}

function fillPriceText(transaction: VenueTransaction): string | undefined {
  return transaction.fullVWAP ?? transaction.price;
}

interface PartPlace {
  readonly part: FillPart;
  readonly index: number;
  readonly count: number;
}

function fillInput(transaction: VenueTransaction, fill: Fill, place: PartPlace): VenueInput {
  const { quantity, price, realizedPnl, spreadCost } = place.part;
  return {
    type: 'order.filled',
    clientOrderId: fill.clientOrderId,
    venueOrderId: fill.venueOrderId,
    fillId: place.count === 1 ? transaction.id : `${transaction.id}-${place.index + 1}`,
    instrument: fill.instrument.id,
    side: fill.side,
    quantity,
    price,
    fee: place.index === 0 ? fill.fee : 0,
    realizedPnl,
    spreadCost,
    balance: fill.balance,
    venueAt: fill.venueAt,
    isPessimistic: false,
  };
}

function settledInterest(
  transaction: VenueTransaction,
  fill: Fill,
  reading: TransactionReading,
): readonly VenueInput[] {
  const amount = moneyOf(transaction.financing ?? '0', reading);
  if (amount === undefined) return [quarantined('BAD_FINANCING', transaction, reading)];
  if (amount === 0) return [];
  const { instrument, balance } = fill;
  return [{ type: 'financing.charged', instrument: instrument.id, amount, days: 0, balance }];
}

/**
 * A market order is over with its fill, and a stop or target with its trade: where the venue let it close no more than there was, that is
 * all it was for.
 */
function cutOrder({ order, quantity }: Fill, { tradesClosed }: VenueTransaction): readonly VenueInput[] {
  if (order === undefined || order.filledQuantity + quantity >= order.quantity) return [];
  const isTradeClosed = (tradesClosed ?? []).some(({ tradeID }) => tradeID === order.tradeId);
  if (order.orderType !== 'market' && !isTradeClosed) return [];
  order.quantity = order.filledQuantity + quantity;
  const { clientOrderId, stopPrice, limitPrice } = order;
  return [{ type: 'order.amended', clientOrderId, quantity: order.quantity, stopPrice, limitPrice }];
}

/** Keeps the trades and the order in step with the fill; stops and targets of a trade that shrank cover no more than is left of it. */
function followTrades(book: AccountBook, transaction: VenueTransaction, fill: Fill): readonly VenueInput[] {
  const { tradesClosed, tradeReduced, tradeOpened } = transaction;
  const { order, instrument } = fill;
  if (order !== undefined) {
    order.filledQuantity += fill.quantity;
    if (order.filledQuantity >= order.quantity) order.isPending = false;
  }
  for (const { tradeID } of tradesClosed ?? []) book.tradeById.delete(tradeID);
  if (tradeOpened !== undefined && tradeOpened !== null) {
    const isOurs = !fill.clientOrderId.startsWith(externalPrefix);
    noteTrade(book, {
      tradeId: tradeOpened.tradeID,
      symbol: instrument.symbol,
      entryOrderId: isOurs ? fill.clientOrderId : null,
      signedQuantity: unitsOf(tradeOpened.units, instrument) ?? 0,
    });
  }
  return tradeReduced === undefined || tradeReduced === null ? [] : shrinkTrade(book, tradeReduced, instrument);
}

function shrinkTrade(book: AccountBook, part: VenueTradePart, instrument: Instrument): readonly VenueInput[] {
  const trade = book.tradeById.get(part.tradeID);
  const closed = Math.abs(unitsOf(part.units, instrument) ?? 0);
  if (trade === undefined || closed >= Math.abs(trade.signedQuantity)) return [];
  trade.signedQuantity -= Math.sign(trade.signedQuantity) * closed;
  const quantity = Math.abs(trade.signedQuantity);
  const children = [...book.orderById.values()].filter((order) => order.isPending && order.tradeId === part.tradeID);
  return children.map((child): VenueInput => {
    child.quantity = quantity;
    const { clientOrderId, stopPrice, limitPrice } = child;
    return { type: 'order.amended', clientOrderId, quantity, stopPrice, limitPrice };
  });
}

/** A close-out of several positions is one event of the account. */
function closeOut(book: AccountBook, transaction: VenueTransaction): readonly VenueInput[] {
  const reason = transaction.reason ?? '';
  const batchId = transaction.batchID ?? transaction.id;
  if (!reason.endsWith('MARGIN_CLOSEOUT') || book.closeOutBatchId === batchId) return [];
  book.closeOutBatchId = batchId;
  return [{ type: 'account.closedOut', reason }];
}
