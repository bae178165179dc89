import { type Position, unrealizedQuote } from '#domain/position.ts';
import { scaleOf } from '#domain/scale.ts';
import { accountRate, notionalAtMid, tickWorth, venueFigures } from '#sim/venue-account.ts';
import type { Book } from '#sim/venue-state.ts';
import { type AccountOrder, compact, orderBody } from './account-order.ts';
import type { OandaAccount } from './oanda-account.ts';
import type { Trade } from './trade-book.ts';
import { instantText, priceText, shareText, unitsText } from './wire-text.ts';

export interface AccountIdentity {
  readonly accountId: string;
  readonly userId: number;
  readonly createdAt: number;
}

/** The account without its orders, trades and positions. */
export function summaryBody(account: OandaAccount, identity: AccountIdentity): Record<string, unknown> {
  const { state } = account.floor;
  const money = (amount: number): string => account.money(amount);
  return {
    id: identity.accountId,
    alias: 'Primary',
    currency: account.currency,
    createdByUserID: identity.userId,
    createdTime: instantText(identity.createdAt),
    balance: money(state.balance),
    pl: money(account.realizedPnl),
    resettablePL: money(account.realizedPnl),
    financing: money(account.financing),
    commission: money(account.commission),
    guaranteedExecutionFees: money(0),
    marginRate: marginRateText(account),
    openTradeCount: account.trades.open().length,
    openPositionCount: account.floor.ledger().positions.length,
    pendingOrderCount: account.pendingOrders().length,
    hedgingEnabled: false,
    newPositionsLocked: account.plight.isLocked,
    ...priceDependentBody(account),
    lastTransactionID: account.log.lastId,
  };
}

/** The account with everything in it. */
export function accountBody(account: OandaAccount, identity: AccountIdentity): Record<string, unknown> {
  return {
    ...summaryBody(account, identity),
    orders: account.pendingOrders().map(orderBody),
    trades: account.trades.open().map((trade) => tradeSummaryBody(account, trade)),
    positions: positionBodies(account),
  };
}

/** What moves with prices: part of the summary, and the state of the changes. */
export function priceDependentBody(account: OandaAccount): Record<string, unknown> {
  const { state } = account.floor;
  const { equity, marginUsed } = figuresOf(account);
  const unrealized = equity - state.balance;
  const available = Math.max(0, equity - marginUsed);
  const positionValue = positionValueOf(account);
  const money = (amount: number): string => account.money(amount);
  // The floor closes out at a share of the margin in use; the venue says how near that is.
  const closeout = equity > 0 ? (marginUsed * state.costs.closeOutFraction) / equity : marginUsed > 0 ? 1 : 0;
  return {
    unrealizedPL: money(unrealized),
    NAV: money(equity),
    marginUsed: money(marginUsed),
    marginAvailable: money(available),
    positionValue: money(positionValue),
    marginCloseoutUnrealizedPL: money(unrealized),
    marginCloseoutNAV: money(equity),
    marginCloseoutMarginUsed: money(marginUsed),
    marginCloseoutPositionValue: money(positionValue),
    marginCloseoutPercent: shareText(closeout),
    withdrawalLimit: money(available),
    marginCallMarginUsed: money(marginUsed),
    marginCallPercent: shareText(equity > 0 ? marginUsed / equity : 0),
  };
}

/** Every instrument that was ever traded, in the order of the floor's books. */
export function positionBodies(account: OandaAccount): Record<string, unknown>[] {
  const traded = new Set(account.trades.all().map(({ instrument }) => instrument.symbol));
  return [...account.floor.state.books.values()]
    .filter(({ instrument }) => traded.has(instrument.symbol))
    .map((book) => positionBody(account, book));
}

export function positionBody(account: OandaAccount, book: Book): Record<string, unknown> {
  const { instrument, position } = book;
  const long = sideBody(account, book, 'long');
  const short = sideBody(account, book, 'short');
  const pnl = pnlOf(account, instrument.symbol, 'long') + pnlOf(account, instrument.symbol, 'short');
  const held = Math.abs(position.signedQuantity);
  const isPriced = isBookPriced(account, book);
  const margin = isPriced && held > 0 ? notionalAtMid(account.floor.state, book, held) * instrument.marginRate : 0;
  return {
    instrument: instrument.symbol,
    pl: account.money(pnl),
    resettablePL: account.money(pnl),
    financing: account.money(0),
    commission: account.money(0),
    guaranteedExecutionFees: account.money(0),
    unrealizedPL: account.money(unrealizedOf(account, book)),
    marginUsed: account.money(margin),
    long,
    short,
  };
}

export function tradeBody(account: OandaAccount, trade: Trade): Record<string, unknown> {
  const orderOf = (id: string | null): AccountOrder | undefined => (id === null ? undefined : account.orders.get(id));
  const target = orderOf(trade.takeProfitOrderId);
  const stop = orderOf(trade.stopLossOrderId);
  return compact({
    ...tradeFields(account, trade),
    takeProfitOrder: target === undefined ? undefined : orderBody(target),
    stopLossOrder: stop === undefined ? undefined : orderBody(stop),
  });
}

/** As within an account: what protects the trade is told by its id. */
export function tradeSummaryBody(account: OandaAccount, trade: Trade): Record<string, unknown> {
  return compact({
    ...tradeFields(account, trade),
    takeProfitOrderID: trade.takeProfitOrderId ?? undefined,
    stopLossOrderID: trade.stopLossOrderId ?? undefined,
  });
}

/** An open trade's part in the state of the changes. */
export function tradeStateBody(account: OandaAccount, trade: Trade): Record<string, unknown> {
  const value = account.money(unrealizedTrade(account, trade));
  return { id: trade.id, unrealizedPL: value, marginUsed: account.money(marginOfTrade(account, trade)) };
}

export function positionStateBody(account: OandaAccount, book: Book): Record<string, unknown> {
  const total = account.money(unrealizedOf(account, book));
  const zero = account.money(0);
  const isLong = book.position.signedQuantity > 0;
  return {
    instrument: book.instrument.symbol,
    netUnrealizedPL: total,
    longUnrealizedPL: isLong ? total : zero,
    shortUnrealizedPL: isLong ? zero : total,
    marginUsed: positionBody(account, book)['marginUsed'],
  };
}

/** Whether everything is known that a worth in account money needs. */
function isBookPriced(account: OandaAccount, book: Book): boolean {
  return book.bidPrice > 0 && accountRate(account.floor.state, book.instrument.quoteCurrency) !== undefined;
}

function tradeFields(account: OandaAccount, trade: Trade): Record<string, unknown> {
  const { instrument } = trade;
  const isOpen = trade.currentUnits !== 0;
  const closed = Math.abs(trade.initialUnits) - Math.abs(trade.currentUnits);
  return {
    id: trade.id,
    instrument: instrument.symbol,
    price: priceText(instrument, trade.price),
    openTime: trade.openTime,
    initialUnits: unitsText(instrument, trade.initialUnits),
    initialMarginRequired: account.money(trade.marginRequired),
    state: isOpen ? 'OPEN' : 'CLOSED',
    currentUnits: unitsText(instrument, trade.currentUnits),
    realizedPL: account.money(trade.realizedPnl),
    financing: account.money(trade.financing),
    dividendAdjustment: account.money(0),
    unrealizedPL: isOpen ? account.money(unrealizedTrade(account, trade)) : undefined,
    marginUsed: isOpen ? account.money(marginOfTrade(account, trade)) : undefined,
    averageClosePrice: closed === 0 ? undefined : priceText(instrument, Math.round(trade.closedCost / closed)),
    closingTransactionIDs: trade.closingTransactionIds.length === 0 ? undefined : trade.closingTransactionIds,
    closeTime: trade.closeTime ?? undefined,
    clientExtensions: trade.clientExtensions ?? undefined,
  };
}

function sideBody(account: OandaAccount, book: Book, side: 'long' | 'short'): Record<string, unknown> {
  const { instrument, position } = book;
  const isHeld = side === 'long' ? position.signedQuantity > 0 : position.signedQuantity < 0;
  const trades = isHeld ? account.trades.open(instrument.symbol) : [];
  const pnl = account.money(pnlOf(account, instrument.symbol, side));
  return compact({
    units: isHeld ? unitsText(instrument, position.signedQuantity) : '0',
    averagePrice: isHeld ? averagePriceText(position, instrument.priceDecimals) : undefined,
    tradeIDs: isHeld ? trades.map(({ id }) => id) : undefined,
    pl: pnl,
    resettablePL: pnl,
    financing: account.money(0),
    guaranteedExecutionFees: account.money(0),
    unrealizedPL: account.money(isHeld ? unrealizedOf(account, book) : 0),
  });
}

/** The average with its decimals, rounded where it lies between two prices. */
function averagePriceText({ cost, signedQuantity }: Position, priceDecimals: number): string {
  return (cost / Math.abs(signedQuantity) / scaleOf(priceDecimals)).toFixed(priceDecimals);
}

function pnlOf(account: OandaAccount, symbol: string, side: 'long' | 'short'): number {
  return account.pnlBySide.get(`${symbol} ${side}`) ?? 0;
}

function unrealizedOf(account: OandaAccount, book: Book): number {
  const held = book.position.signedQuantity;
  if (held === 0 || !isBookPriced(account, book)) return 0;
  const closing = held > 0 ? book.bidPrice : book.askPrice;
  return unrealizedQuote(book.position, closing) * tickWorth(account.floor.state, book);
}

function unrealizedTrade(account: OandaAccount, trade: Trade): number {
  const book = account.floor.book(trade.instrument.id);
  if (book === undefined || !isBookPriced(account, book)) return 0;
  const closing = trade.currentUnits > 0 ? book.bidPrice : book.askPrice;
  return (closing - trade.price) * trade.currentUnits * tickWorth(account.floor.state, book);
}

function marginOfTrade(account: OandaAccount, trade: Trade): number {
  const book = account.floor.book(trade.instrument.id);
  if (book === undefined || !isBookPriced(account, book)) return 0;
  return notionalAtMid(account.floor.state, book, Math.abs(trade.currentUnits)) * book.instrument.marginRate;
}

function figuresOf(account: OandaAccount): { equity: number; marginUsed: number } {
  const { state } = account.floor;
  return state.openPositions === 0 ? { equity: state.balance, marginUsed: 0 } : venueFigures(state);
}

function positionValueOf(account: OandaAccount): number {
  let value = 0;
  for (const book of account.floor.state.books.values()) {
    const held = Math.abs(book.position.signedQuantity);
    if (held > 0 && isBookPriced(account, book)) value += notionalAtMid(account.floor.state, book, held);
  }
  return value;
}

function marginRateText(account: OandaAccount): string {
  return String(Math.min(...account.floor.state.instruments.map(({ marginRate }) => marginRate)));
}
