import { parseDecimalRounded } from '#domain/decimal-text.ts';
import type { Instrument } from '#domain/instrument.ts';
import { mulDivRound, scaleOf } from '#domain/scale.ts';
import type { LiveReport, OpenOrder } from '#engine/live-port.ts';
import { type AccountBook, type KnownOrder, noteBalance, noteOrder, noteTrade } from './account-book.ts';
import { moneyOf, unitsOf } from './mapper.ts';
import { readOrder } from './mapper-created-orders.ts';
import type { VenueAccount, VenuePosition } from './schema.ts';
import type { TransactionReading } from './transaction-reading.ts';

/** An account's books with the id of the last transaction in them. */
export interface AccountMoment {
  readonly account: VenueAccount;
  readonly lastTransactionID: string;
}

/** Average prices have more decimals than prices. */
const averageDecimals = 10;

/** Notes what is open in an account, so that later transactions find it. What cannot be read is left out. */
export function noteAccount(book: AccountBook, moment: AccountMoment, reading: TransactionReading): void {
  const { account, lastTransactionID } = moment;
  noteBalance(book, lastTransactionID, moneyOf(account.balance, reading));
  for (const trade of account.trades) {
    const instrument = reading.instrumentOf(trade.instrument);
    const signedQuantity = instrument === undefined ? undefined : unitsOf(trade.currentUnits, instrument);
    if (signedQuantity === undefined) continue;
    const entryId = trade.clientExtensions?.id;
    const entryOrderId = entryId !== undefined && reading.isOwnOrder(entryId) ? entryId : null;
    noteTrade(book, { tradeId: trade.id, symbol: trade.instrument, entryOrderId, signedQuantity });
  }
  for (const order of account.orders) {
    if (book.orderById.get(order.id)?.isPending === true) continue;
    const known = readOrder(book, order, reading);
    if (known !== undefined) noteOrder(book, known);
  }
}

/**
 * The account's books. A text says why they cannot be reported: a report with something left out would say that it is not there.
 */
export function reportOf(book: AccountBook, moment: AccountMoment, reading: TransactionReading): LiveReport | string {
  const { account, lastTransactionID } = moment;
  const balance = moneyOf(account.balance, reading);
  if (balance === undefined) return `a balance is a decimal number, found '${account.balance}'`;
  const positions: LiveReport['positions'][number][] = [];
  for (const position of account.positions) {
    const mapped = positionOf(position, reading);
    if (typeof mapped === 'string') return mapped;
    if (mapped.signedQuantity !== 0) positions.push(mapped);
  }
  const openOrders: OpenOrder[] = [];
  for (const { id, type } of account.orders) {
    const known = book.orderById.get(id);
    if (known === undefined) return `order '${id}' of type '${type}' cannot be read`;
    openOrders.push(openOrderOf(known));
  }
  return { balance, positions, openOrders, cursor: lastTransactionID };
}

function positionOf(position: VenuePosition, reading: TransactionReading): LiveReport['positions'][number] | string {
  const { long, short, instrument: symbol } = position;
  const isFlat = [long, short].every(({ units }) => /^-?0+(\.0+)?$/.test(units));
  const instrument = reading.instrumentOf(symbol);
  // The venue lists instruments that were ever held, also those that it no longer offers.
  if (isFlat) return { instrument: instrument?.id ?? symbol, signedQuantity: 0, cost: 0 };
  if (instrument === undefined) return `position in '${symbol}', which is not among the account's instruments`;
  const longUnits = unitsOf(long.units, instrument);
  const shortUnits = unitsOf(short.units, instrument);
  if (longUnits === undefined || shortUnits === undefined) return `units of '${symbol}' cannot be read`;
  if (longUnits !== 0 && shortUnits !== 0) return `'${symbol}' is held in both directions, one was expected`;
  const held = longUnits === 0 ? short : long;
  const signedQuantity = longUnits + shortUnits;
  const cost = costOf(held.averagePrice, Math.abs(signedQuantity), instrument);
  if (cost === undefined) return `average price of '${symbol}' cannot be read`;
  return { instrument: instrument.id, signedQuantity, cost };
}

function costOf(averagePrice: string | undefined, quantity: number, instrument: Instrument): number | undefined {
  const price = averagePrice === undefined ? undefined : parseDecimalRounded(averagePrice, averageDecimals, 'halfEven');
  if (price === undefined || price <= 0) return undefined;
  return mulDivRound(price, quantity, scaleOf(averageDecimals - instrument.priceDecimals), 'halfEven');
}

function openOrderOf(order: KnownOrder): OpenOrder {
  return {
    clientOrderId: order.clientOrderId,
    venueOrderId: order.venueOrderId,
    family: 'ordinary',
    instrument: order.instrument,
    side: order.side,
    quantity: order.quantity,
    filledQuantity: order.filledQuantity,
    orderType: order.orderType,
    limitPrice: order.limitPrice,
    stopPrice: order.stopPrice,
    isReduceOnly: order.purpose !== 'entry',
  };
}
