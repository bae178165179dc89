import type { InstrumentId } from '#domain/instrument.ts';
import type { OrderPurpose, OrderType, Side } from '#domain/order.ts';
import { compareIds } from './transaction-id.ts';

/** What is known of an order at the venue. */
export interface KnownOrder {
  readonly venueOrderId: string;
  readonly clientOrderId: string;
  readonly instrument: InstrumentId;
  readonly side: Side;
  readonly orderType: OrderType;
  readonly purpose: OrderPurpose;
  readonly stopPrice: number | null;
  readonly limitPrice: number | null;
  /** The trade that the order protects and whose size it follows; null for orders with units of their own. */
  readonly tradeId: string | null;
  quantity: number;
  filledQuantity: number;
  isPending: boolean;
}

/** The venue keeps a position as the trades that opened it, each with its own stop and target. */
export interface KnownTrade {
  readonly tradeId: string;
  /** The venue's spelling of its instrument. */
  readonly symbol: string;
  /** The id of the entry that opened it, where that was ours. */
  readonly entryOrderId: string | null;
  signedQuantity: number;
}

/** What has been read so far of an account's transactions, as far as later ones need it. */
export interface AccountBook {
  readonly orderById: Map<string, KnownOrder>;
  readonly venueIdByClientId: Map<string, string>;
  readonly tradeById: Map<string, KnownTrade>;
  /** Transaction types that were told once as not understood. */
  readonly strangeTypes: Set<string>;
  /** The newest balance that was read, with the transaction that told it. */
  balance: { readonly id: string; readonly amount: number } | null;
  closeOutBatchId: string | null;
}

export const bookOrdersMax = 4096;
export const bookTradesMax = 4096;
export const strangeTypesMax = 64;

export function createAccountBook(): AccountBook {
  return {
    orderById: new Map(),
    venueIdByClientId: new Map(),
    tradeById: new Map(),
    strangeTypes: new Set(),
    balance: null,
    closeOutBatchId: null,
  };
}

/** A copy that can be carried on without touching the first. */
export function copyAccountBook(book: AccountBook): AccountBook {
  return {
    orderById: new Map([...book.orderById].map(([id, order]) => [id, { ...order }])),
    venueIdByClientId: new Map(book.venueIdByClientId),
    tradeById: new Map([...book.tradeById].map(([id, trade]) => [id, { ...trade }])),
    strangeTypes: new Set(book.strangeTypes),
    balance: book.balance,
    closeOutBatchId: book.closeOutBatchId,
  };
}

/** Notes an order; beyond the bound the oldest that has ended goes, and where none has, the oldest. */
export function noteOrder(book: AccountBook, order: KnownOrder): void {
  book.orderById.set(order.venueOrderId, order);
  book.venueIdByClientId.set(order.clientOrderId, order.venueOrderId);
  if (book.orderById.size <= bookOrdersMax) return;
  const oldest = book.orderById.values().find(({ isPending }) => !isPending) ?? book.orderById.values().next().value;
  if (oldest === undefined) return;
  book.orderById.delete(oldest.venueOrderId);
  if (book.venueIdByClientId.get(oldest.clientOrderId) === oldest.venueOrderId)
    book.venueIdByClientId.delete(oldest.clientOrderId);
}

export function noteTrade(book: AccountBook, trade: KnownTrade): void {
  book.tradeById.set(trade.tradeId, trade);
  if (book.tradeById.size <= bookTradesMax) return;
  const oldest = book.tradeById.keys().next().value;
  if (oldest !== undefined) book.tradeById.delete(oldest);
}

/** The order that our id names now: a replaced one has handed its id on. */
export function orderOfClient(book: AccountBook, clientOrderId: string): KnownOrder | undefined {
  const venueOrderId = book.venueIdByClientId.get(clientOrderId);
  return venueOrderId === undefined ? undefined : book.orderById.get(venueOrderId);
}

/**
 * Notes what a transaction says of the balance and gives the newest that is known: told late, an older one is not gone back to. Undefined
 * where none has ever been read.
 */
export function noteBalance(book: AccountBook, id: string, amount: number | undefined): number | undefined {
  const isNewer = book.balance === null || compareIds(id, book.balance.id) >= 0;
  if (amount !== undefined && isNewer) book.balance = { id, amount };
  return book.balance?.amount;
}
