import type { InstrumentId } from '#domain/instrument.ts';
import type { OrderType, Side } from '#domain/order.ts';
import type { VenueInput } from '#engine/live-port.ts';
import type { Market } from './filters.ts';

/** Orders and trades are remembered up to these bounds; what has ended goes first. */
export const knownOrdersMax = 2_000;
export const seenTradesMax = 20_000;

/** The two families of orders: ordinary ones, and conditional ones, which wait for their trigger in an id space of their own. */
export type OrderFamily = 'ordinary' | 'conditional';

/** An order as it stands, of whatever hand. Prices are in ticks. */
export interface OrderFacts {
  /** Ours, or `external-…` for an order of another hand. */
  readonly clientOrderId: string;
  /** The id that the venue knows it by: our own or another hand's. */
  readonly wireId: string;
  readonly venueOrderId: string;
  readonly family: OrderFamily;
  readonly symbol: string;
  readonly side: Side;
  readonly quantity: number;
  readonly filledQuantity: number;
  readonly orderType: OrderType;
  readonly limitPrice: number | null;
  readonly stopPrice: number | null;
  readonly isReduceOnly: boolean;
  /** The venue's time. */
  readonly at: number;
}

/** An order that this process has sent, seen or been told of. */
export type KnownOrder = { -readonly [K in keyof OrderFacts]: OrderFacts[K] } & {
  isWorking: boolean;
  /** That the venue has it was told. */
  isAccepted: boolean;
  /** How it ended was told. */
  isEndTold: boolean;
  /** Its time is over and we take it back: what the venue calls a cancellation is its expiry. */
  isExpiring: boolean;
};

/** What is known of the account, kept by what the venue tells. Plain data; the functions of this folder change it. */
export interface AccountBook {
  readonly accountCurrency: string;
  readonly moneyDecimals: number;
  /** Our ids begin with this. */
  readonly ownIdPrefix: string;
  /** By the venue's symbol. */
  readonly markets: ReadonlyMap<string, Market>;
  /** By our id. */
  readonly orders: Map<string, KnownOrder>;
  /** Trades that were told, as `symbol id`. */
  readonly seenTrades: Set<string>;
  /** Fundings that were told, as `symbol minute`. */
  readonly seenFundings: Set<string>;
  /** Signed quantities by symbol; flat ones are left out. */
  readonly positions: Map<string, number>;
  /** The wallet balance, and the venue's time up to which it is known to be whole. */
  readonly wallet: { balance: number; at: number };
  /** Assets other than the account's that a fee was taken in. */
  readonly foreignFeeAssets: Set<string>;
}

/** What follows from something the venue told. */
export type Reaction =
  | { readonly type: 'tell'; readonly input: VenueInput }
  | { readonly type: 'notice'; readonly text: string }
  | {
      readonly type: 'impair';
      readonly part: string;
      readonly instrument: InstrumentId | null;
      readonly reason: string;
    }
  | { readonly type: 'findOrder'; readonly clientOrderId: string; readonly instrument: InstrumentId }
  | { readonly type: 'checkAccount'; readonly reason: string; readonly instrument: InstrumentId | null }
  | {
      readonly type: 'expectTrade';
      readonly symbol: string;
      readonly tradeId: string;
      readonly clientOrderId: string;
      readonly instrument: InstrumentId;
    }
  | { readonly type: 'rereadLeverage'; readonly symbol: string }
  | { readonly type: 'restoreSettings'; readonly symbol: string }
  | { readonly type: 'askFunding'; readonly at: number; readonly amount: number };

export type AccountBookOptions = Pick<AccountBook, 'accountCurrency' | 'moneyDecimals' | 'ownIdPrefix' | 'markets'>;

export function accountBook(options: AccountBookOptions): AccountBook {
  return {
    ...options,
    orders: new Map(),
    seenTrades: new Set(),
    seenFundings: new Set(),
    positions: new Map(),
    wallet: { balance: 0, at: 0 },
    foreignFeeAssets: new Set(),
  };
}

/**
 * Our id of an order at the venue. Orders of other hands are named by the venue's own id, whose form is not ours to choose; the ordinary
 * order that a conditional one became carries its wire id, and so belongs to it.
 */
export function ownIdOf(book: AccountBook, wireId: string, venueOrderId: string, family: OrderFamily): string {
  if (wireId.startsWith(book.ownIdPrefix) || book.orders.get(wireId)?.wireId === wireId) return wireId;
  if (family === 'conditional') return `external-algo-${venueOrderId}`;
  const parent = [...book.orders.values()].find((order) => order.family === 'conditional' && order.wireId === wireId);
  return parent?.clientOrderId ?? `external-${venueOrderId}`;
}

export function isExternal(clientOrderId: string): boolean {
  return clientOrderId.startsWith('external-');
}

/** Takes an order in, or what is new about one that is known. One that has ended never works again. */
export function noteOrder(book: AccountBook, facts: OrderFacts, isWorking: boolean): KnownOrder {
  const known = book.orders.get(facts.clientOrderId);
  if (known === undefined) {
    const order: KnownOrder = { ...facts, isWorking, isAccepted: false, isEndTold: false, isExpiring: false };
    book.orders.set(facts.clientOrderId, order);
    forgetEnded(book);
    return order;
  }
  known.filledQuantity = Math.max(known.filledQuantity, facts.filledQuantity);
  known.isWorking = known.isWorking && isWorking;
  if (known.venueOrderId === '') known.venueOrderId = facts.venueOrderId;
  return known;
}

/** True the first time that an acceptance, or an end, of an order would be told: venues tell both more than once. */
export function isNewState(book: AccountBook, clientOrderId: string, state: 'isAccepted' | 'isEndTold'): boolean {
  const order = book.orders.get(clientOrderId);
  if (order === undefined) return true;
  const isNew = !order[state];
  order[state] = true;
  return isNew;
}

/** True the first time a trade is seen. */
export function isNewTrade(book: AccountBook, symbol: string, tradeId: string): boolean {
  return addBounded(book.seenTrades, `${symbol} ${tradeId}`, seenTradesMax);
}

/** True the first time a deposit, a withdrawal or the like is seen, for which the same holds as for fundings. */
export function isNewTransfer(book: AccountBook, amount: number, at: number): boolean {
  return isNewFunding(book, `transfer ${amount}`, at);
}

/** True the first time a funding is seen: the streams and the history give it times that differ by some seconds. */
export function isNewFunding(book: AccountBook, symbol: string, at: number): boolean {
  return addBounded(book.seenFundings, `${symbol} ${Math.round(at / 60_000)}`, seenTradesMax);
}

/**
 * The balance after a change at a venue's time. The venue tells the wallet and the trade in two messages of the same time, in either
 * order: where the wallet was told first, the change is in it already.
 */
export function balanceAfter(book: AccountBook, at: number, change: number): number {
  if (at > book.wallet.at) book.wallet.balance += change;
  return book.wallet.balance;
}

export function setWallet(book: AccountBook, balance: number, at: number): void {
  if (at < book.wallet.at) return;
  book.wallet.balance = balance;
  book.wallet.at = at;
}

export function setPosition(book: AccountBook, symbol: string, signedQuantity: number): void {
  if (signedQuantity === 0) book.positions.delete(symbol);
  if (signedQuantity !== 0) book.positions.set(symbol, signedQuantity);
}

/** The instrument's id of a symbol of the venue. */
export function instrumentIdOf(symbol: string): InstrumentId {
  return `${symbol}-PERP.BINANCE`;
}

/** The venue's symbol of an instrument's id. */
export function symbolOf(instrument: InstrumentId): string {
  return instrument.replace(/-PERP\.BINANCE$/, '');
}

function addBounded(set: Set<string>, key: string, most: number): boolean {
  if (set.has(key)) return false;
  set.add(key);
  const oldest = set.size > most ? set.values().next().value : undefined;
  if (oldest !== undefined) set.delete(oldest);
  return true;
}

function forgetEnded(book: AccountBook): void {
  if (book.orders.size <= knownOrdersMax) return;
  const ended = [...book.orders.values()].find((order) => !order.isWorking) ?? book.orders.values().next().value;
  if (ended !== undefined) book.orders.delete(ended.clientOrderId);
}
