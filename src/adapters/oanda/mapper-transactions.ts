import type { VenueInput } from '#engine/live-port.ts';
import { type AccountBook, noteBalance, orderOfClient, strangeTypesMax } from './account-book.ts';
import { moneyOf } from './mapper.ts';
import { createdOrder } from './mapper-created-orders.ts';
import { filledOrder } from './mapper-fills.ts';
import type { VenueTransaction } from './schema.ts';
import { clientIdOf, quarantined, type TransactionReading } from './transaction-reading.ts';

/** What a transaction comes to. */
export interface Told {
  readonly inputs: readonly VenueInput[];
  readonly notices: readonly string[];
}

const nothing: Told = { inputs: [], notices: [] };

/**
 * Reads one transaction into the book and says what it comes to. Transactions of a batch are read in the order of their ids; those of types
 * that are not known change nothing but, where they tell one, the balance.
 */
export function readTransaction(book: AccountBook, transaction: VenueTransaction, reading: TransactionReading): Told {
  const { type } = transaction;
  if (type === 'ORDER_FILL') return told(filledOrder(book, transaction, reading));
  if (type === 'ORDER_CANCEL') return told(canceledOrder(book, transaction, reading));
  if (type.endsWith('_ORDER')) return told(createdOrder(book, transaction, reading));
  if (type.endsWith('_ORDER_REJECT')) return rejectedOrder(book, transaction, reading);
  if (type === 'DAILY_FINANCING') return told(chargedFinancing(book, transaction, reading));
  if (noticeTypes.has(type)) return { inputs: [], notices: [`the venue says '${type}' of the account`] };
  if (silentTypes.has(type)) return nothing;
  return told(movedBalance(book, transaction, transaction.amount, reading));
}

/** Types that are known to say nothing of orders, fills or money. */
const silentTypes: ReadonlySet<string> = new Set([
  'CREATE',
  'REOPEN',
  'CLIENT_CONFIGURE',
  'ORDER_CANCEL_REJECT',
  'ORDER_CLIENT_EXTENSIONS_MODIFY',
  'ORDER_CLIENT_EXTENSIONS_MODIFY_REJECT',
  'TRADE_CLIENT_EXTENSIONS_MODIFY',
  'TRADE_CLIENT_EXTENSIONS_MODIFY_REJECT',
  'RESET_RESETTABLE_PL',
]);

const noticeTypes: ReadonlySet<string> = new Set([
  'CLOSE',
  'CLIENT_CONFIGURE_REJECT',
  'TRANSFER_FUNDS_REJECT',
  'MARGIN_CALL_ENTER',
  'MARGIN_CALL_EXTEND',
  'MARGIN_CALL_EXIT',
  'DELAYED_TRADE_CLOSURE',
]);

const moneyTypes: ReadonlySet<string> = new Set(['TRANSFER_FUNDS', 'FEE', 'DIVIDEND_ADJUSTMENT']);

function told(inputs: readonly VenueInput[]): Told {
  return { inputs, notices: [] };
}

/** A cancelled order that another one takes the place of has not ended: its id goes on with that one. */
function canceledOrder(
  book: AccountBook,
  transaction: VenueTransaction,
  reading: TransactionReading,
): readonly VenueInput[] {
  const { orderID, clientOrderID, replacedByOrderID } = transaction;
  const reason = transaction.reason ?? 'CANCELED';
  if (orderID === undefined) return [quarantined('NO_ORDER_ID', transaction, reading)];
  const known = book.orderById.get(orderID);
  if (known !== undefined) known.isPending = false;
  if (replacedByOrderID !== undefined || reason === 'CLIENT_REQUEST_REPLACED') return [];
  const clientOrderId = known?.clientOrderId ?? clientIdOf(clientOrderID, orderID, reading);
  const type = reason === 'TIME_IN_FORCE_EXPIRED' && known?.orderType !== 'market' ? 'order.expired' : 'order.canceled';
  return [{ type, clientOrderId, reason }];
}

/**
 * A refused order is ours to hear of only where it was to be a new one; a refused change leaves the order as it stands. Where our id is
 * taken already, an order of ours is at the venue, and only a question can tell how it stands.
 */
function rejectedOrder(book: AccountBook, transaction: VenueTransaction, reading: TransactionReading): Told {
  const { clientExtensions, intendedReplacesOrderID, tradeID } = transaction;
  const clientOrderId = clientExtensions?.id;
  const code = transaction.rejectReason ?? 'REJECTED';
  const isNewOrder = intendedReplacesOrderID === undefined && tradeID === undefined;
  if (!isNewOrder) return { inputs: [], notices: [`the venue refused to change an order: '${code}'`] };
  if (clientOrderId === undefined || !reading.isOwnOrder(clientOrderId)) return nothing;
  if (code === 'CLIENT_ORDER_ID_ALREADY_EXISTS' || orderOfClient(book, clientOrderId) !== undefined)
    return told([{ type: 'order.unresolved', clientOrderId, reason: `refused as known already: '${code}'` }]);
  return told([{ type: 'order.rejected', clientOrderId, code, reason: transaction.type }]);
}

/** Interest by instrument; whole only with the balance after it. The venue does not say for how many days. */
function chargedFinancing(
  book: AccountBook,
  transaction: VenueTransaction,
  reading: TransactionReading,
): readonly VenueInput[] {
  const parts = transaction.positionFinancings ?? [];
  if (parts.length === 0) return movedBalance(book, transaction, transaction.financing, reading);
  const balance = noteBalance(book, transaction.id, moneyOf(transaction.accountBalance, reading));
  return parts.map((part): VenueInput => {
    const instrument = reading.instrumentOf(part.instrument ?? part.instrumentID ?? '');
    const amount = moneyOf(part.financing, reading);
    return instrument === undefined || amount === undefined || balance === undefined
      ? quarantined('BAD_FINANCING', transaction, reading)
      : { type: 'financing.charged', instrument: instrument.id, amount, days: 1, balance };
  });
}

/** A balance that moved for another reason than orders: by its amount, or by what it was before where none is told. */
function movedBalance(
  book: AccountBook,
  transaction: VenueTransaction,
  amountText: string | undefined,
  reading: TransactionReading,
): readonly VenueInput[] {
  const { id, type } = transaction;
  const isKnown = moneyTypes.has(type) || type === 'DAILY_FINANCING';
  const before = book.balance?.amount;
  const after = moneyOf(transaction.accountBalance, reading);
  const strange = isKnown ? [] : noteStrangeType(book, transaction, reading);
  if (after === undefined) return isKnown ? [quarantined('NO_BALANCE', transaction, reading)] : strange;
  const balance = noteBalance(book, id, after) ?? after;
  const amount = moneyOf(amountText, reading) ?? (before === undefined ? 0 : after - before);
  return amount === 0 ? strange : [...strange, { type: 'balance.changed', amount, balance, reason: type }];
}

function noteStrangeType(
  book: AccountBook,
  transaction: VenueTransaction,
  reading: TransactionReading,
): readonly VenueInput[] {
  const { type } = transaction;
  if (book.strangeTypes.has(type) || book.strangeTypes.size >= strangeTypesMax) return [];
  book.strangeTypes.add(type);
  return [quarantined('UNKNOWN_TYPE', transaction, reading)];
}
