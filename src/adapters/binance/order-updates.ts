import type { VenueInput } from '#engine/live-port.ts';
import {
  type AccountBook,
  balanceAfter,
  isExternal,
  isNewTrade,
  type KnownOrder,
  noteOrder,
  type OrderFacts,
  type Reaction,
} from './account-book.ts';
import type { Market } from './filters.ts';
import {
  acceptedInput,
  adoptedInput,
  amendedInput,
  expiryReason,
  type FillInput,
  fillInput,
  isForeignFee,
  type TradeFacts,
} from './mapper.ts';
import { updateFacts } from './order-facts.ts';
import { quarantined } from './quarantine.ts';
import type { OrderTradeUpdate } from './schema.ts';

const knownStates = new Set([
  'NEW',
  'PARTIALLY_FILLED',
  'FILLED',
  'CANCELED',
  'REJECTED',
  'EXPIRED',
  'EXPIRED_IN_MATCH',
  'NEW_INSURANCE',
  'NEW_ADL',
]);

/** What the venue itself sends in our name: liquidations, deleveraging, settlement. */
const venueIdPrefixes = ['autoclose-', 'adl_autoclose', 'settlement_autoclose-'];

interface Scene {
  readonly update: OrderTradeUpdate;
  readonly market: Market;
  readonly facts: OrderFacts;
  readonly book: AccountBook;
}

/** What follows from a message about an ordinary order; keeps the book. */
export function onOrderUpdate(update: OrderTradeUpdate, book: AccountBook): readonly Reaction[] {
  const { o } = update;
  const market = book.markets.get(o.s);
  const facts = market === undefined ? undefined : updateFacts(update, market.instrument, book);
  if (market === undefined || facts === undefined) return unreadable(update, 'its instrument or quantity is not known');
  const scene = { update, market, facts, book };
  if (!knownStates.has(o.X)) {
    return [...unreadable(update, `the state '${o.X}' is not known`), find(scene)];
  }
  switch (o.x) {
    case 'NEW':
      return onNew(scene);
    case 'TRADE':
    case 'CALCULATED':
      return onTrade(scene);
    case 'AMENDMENT':
      return onAmendment(scene);
    case 'CANCELED':
    case 'EXPIRED':
    case 'REJECTED':
      return onEnd(scene);
    default:
      return [...unreadable(update, `the execution '${o.x}' is not known`), find(scene)];
  }
}

function unreadable(update: OrderTradeUpdate, reason: string): Reaction[] {
  return [
    { type: 'tell', input: quarantined('account', reason, JSON.stringify(update.o)) },
    { type: 'checkAccount', reason, instrument: null },
  ];
}

function find({ facts, market }: Scene): Reaction {
  return { type: 'findOrder', clientOrderId: facts.clientOrderId, instrument: market.instrument.id };
}

function tell(input: VenueInput): Reaction {
  return { type: 'tell', input };
}

function isVenueId(wireId: string): boolean {
  return venueIdPrefixes.some((prefix) => wireId.startsWith(prefix));
}

function onNew({ facts, market, book }: Scene): readonly Reaction[] {
  const known = book.orders.get(facts.clientOrderId);
  if (isVenueId(facts.wireId)) return [];
  // A triggered stop becomes an ordinary order under its own id: nothing about the stop begins anew.
  if (known?.family === 'conditional') return [];
  if (isExternal(facts.clientOrderId)) {
    if (known !== undefined) return [];
    noteOrder(book, facts, true);
    return [tell(adoptedInput(facts, market.instrument))];
  }
  const order = noteOrder(book, facts, true);
  order.venueOrderId = facts.venueOrderId;
  return [tell(acceptedInput(facts)), ...adoptQuantity(order, facts)];
}

/** The venue may take less of a reduction than was asked for: what it took is what counts. */
export function adoptQuantity(order: KnownOrder, facts: OrderFacts): readonly Reaction[] {
  if (order.quantity === facts.quantity || facts.quantity === 0) return [];
  order.quantity = facts.quantity;
  return [tell(amendedInput(order))];
}

function onTrade(scene: Scene): readonly Reaction[] {
  const { update, facts, market, book } = scene;
  const { o } = update;
  // A liquidation under way is told before anything was traded.
  if (!/[1-9]/.test(o.l)) return [];
  const trade = tradeFacts(scene);
  const fill = fillInput(trade, market.instrument, book);
  if (fill === undefined) return unreadable(update, 'the figures of a trade cannot be read');
  if (!isNewTrade(book, o.s, trade.tradeId)) return [];
  const order = noteOrder(book, facts, o.X !== 'FILLED');
  return [...feeReactions(trade, book), ...told(fill, scene), ...surprises(scene, order)];
}

function tradeFacts({ update, facts }: Scene): TradeFacts {
  const { T, o } = update;
  return {
    clientOrderId: facts.clientOrderId,
    venueOrderId: o.i,
    // Some executions of the venue's own carry no trade id; what was filled by then tells them apart.
    tradeId: o.t === '0' ? `${o.i}-${o.z}` : o.t,
    side: o.S,
    price: o.L,
    quantity: o.l,
    realizedPnl: o.rp,
    fee: o.n ?? undefined,
    feeAsset: o.N ?? undefined,
    at: T,
  };
}

function told(fill: FillInput, { facts, book }: Scene): readonly Reaction[] {
  const balance = balanceAfter(book, fill.venueAt, fill.realizedPnl - fill.fee);
  const filled = tell({ ...fill, balance });
  if (!facts.wireId.startsWith('autoclose-')) return [filled];
  return [filled, tell({ type: 'account.closedOut', reason: `the venue liquidates '${fill.instrument}'` })];
}

function feeReactions(trade: TradeFacts, book: AccountBook): readonly Reaction[] {
  const { feeAsset } = trade;
  if (feeAsset === undefined || !isForeignFee(trade, book) || book.foreignFeeAssets.has(feeAsset)) return [];
  book.foreignFeeAssets.add(feeAsset);
  const reason = `fees are taken in '${feeAsset.slice(0, 20)}', expected '${book.accountCurrency}'; they count as none`;
  return [
    { type: 'notice', text: reason },
    { type: 'impair', part: 'fees', instrument: null, reason },
  ];
}

/** What is odd about a fill that was booked all the same, since the venue is the truth of what happened. */
function surprises({ update, facts, market }: Scene, order: KnownOrder): readonly Reaction[] {
  const instrument = market.instrument.id;
  if (update.o.rp === undefined)
    return [{ type: 'checkAccount', reason: 'a fill came without its profit', instrument }];
  if (isExternal(facts.clientOrderId)) {
    return [{ type: 'checkAccount', reason: 'another hand than ours traded', instrument }];
  }
  if (order.quantity === 0 || order.filledQuantity <= order.quantity) return [];
  const reason = `'${facts.clientOrderId}' is filled beyond its quantity`;
  return [
    { type: 'notice', text: reason },
    { type: 'checkAccount', reason, instrument },
  ];
}

function onAmendment({ facts, book }: Scene): readonly Reaction[] {
  const order = noteOrder(book, facts, true);
  // The answer to our own amendment may have told it already.
  if (order.quantity === facts.quantity && order.limitPrice === facts.limitPrice) return [];
  order.quantity = facts.quantity;
  order.limitPrice = facts.limitPrice;
  return [tell(amendedInput(order))];
}

function onEnd({ update, facts, book }: Scene): readonly Reaction[] {
  const order = noteOrder(book, facts, false);
  return [tell(endInput(order, update.o.X === 'CANCELED' ? 'CANCELED' : update.o.X, update.o.er))];
}

/** An order's end without its whole quantity. One that we took back because its time was over has expired. */
export function endInput(order: KnownOrder, state: string, reasonCode: string | undefined): VenueInput {
  const { clientOrderId } = order;
  if (state === 'REJECTED') {
    return {
      type: 'order.rejected',
      clientOrderId,
      code: 'REJECTED',
      reason: expiryReason(reasonCode, 'by the venue'),
    };
  }
  if (order.isExpiring) return { type: 'order.expired', clientOrderId, reason: 'TIME_IS_OVER' };
  const type = state === 'CANCELED' ? 'order.canceled' : 'order.expired';
  return { type, clientOrderId, reason: expiryReason(reasonCode, state) };
}
