import { bracketOrderId } from '#domain/bracket-id.ts';
import { type OrderPurpose, oppositeSide, signOf } from '#domain/order.ts';
import { createVenueOrder, limitPriceOf, remainingQuantity, stopPriceOf, type VenueOrder } from './venue-order.ts';
import { type Book, emit, type VenueState } from './venue-state.ts';
import { cancelOrder, isIdUsed, nextVenueOrderId, placeOrder, resizeOrder } from './venue-working.ts';

/** When and where an entry filled; `barAt` is the start of the bar, or -1 for a quote. */
export interface EntryMoment {
  readonly at: number;
  readonly venueAt: number;
  readonly barAt: number;
  readonly isInsideBar: boolean;
}

type ChildKind = 'stop' | 'limit';

/** Whether an entry's stop and target were placed and neither stands any more. */
export function isBracketOver(state: VenueState, parent: VenueOrder): boolean {
  const ids = [bracketOrderId(parent.clientOrderId, 'stop'), bracketOrderId(parent.clientOrderId, 'limit')];
  return ids.some((id) => state.endedIds.has(id)) && !ids.some((id) => state.workingById.has(id));
}

/**
 * Places an entry's stop and target for the quantity that its fill opened, or grows those that stand. What the fill closed of an opposite
 * position needs no protection. A child that was cancelled stays cancelled.
 */
export function growBracket(
  state: VenueState,
  book: Book,
  parent: VenueOrder,
  fill: { opened: number; moment: EntryMoment },
): void {
  if (parent.bracket === null || fill.opened === 0) return;
  const { stopPrice, targetPrice } = parent.bracket;
  if (stopPrice !== null) growChild(state, book, parent, { ...fill, kind: 'stop', price: stopPrice });
  if (targetPrice !== null) growChild(state, book, parent, { ...fill, kind: 'limit', price: targetPrice });
}

/** After a fill of a stop or target the other one of the pair keeps what is left to protect, or goes. */
export function followSibling(state: VenueState, child: VenueOrder, at: number): void {
  if (child.parentOrderId === null) return;
  const kind = child.orderType === 'stop' ? 'limit' : 'stop';
  const sibling = state.workingById.get(bracketOrderId(child.parentOrderId, kind));
  if (sibling === undefined) return;
  const left = child.isWorking ? remainingQuantity(child) : 0;
  if (left === 0) cancelOrder(state, sibling, at, 'SIBLING_FILLED');
  else if (left < remainingQuantity(sibling)) resizeOrder(state, sibling, sibling.filledQuantity + left, at);
}

/**
 * Brings reduce-only orders in line with the position after a fill. Those that no longer reduce anything go; brackets' stops, and apart from
 * them their targets, are cut oldest first until together they do not exceed the position.
 */
export function trimProtection(state: VenueState, book: Book, at: number): void {
  const held = book.position.signedQuantity;
  for (const order of book.orders) {
    if (!order.isWorking || !order.isReduceOnly) continue;
    if (held * signOf(order.side) >= 0) cancelOrder(state, order, at, 'POSITION_CLOSED');
  }
  trimChildren(state, book, 'stop', at);
  trimChildren(state, book, 'limit', at);
}

function trimChildren(state: VenueState, book: Book, kind: ChildKind, at: number): void {
  let excess = -Math.abs(book.position.signedQuantity);
  const children = book.orders.filter(
    (order) => order.isWorking && order.parentOrderId !== null && order.orderType === kind,
  );
  for (const child of children) excess += remainingQuantity(child);
  for (const child of children) {
    if (excess <= 0) return;
    const cut = Math.min(excess, remainingQuantity(child));
    excess -= cut;
    if (cut === remainingQuantity(child)) cancelOrder(state, child, at, 'POSITION_REDUCED');
    else resizeOrder(state, child, child.quantity - cut, at);
  }
}

interface ChildGrowth {
  readonly kind: ChildKind;
  readonly price: number;
  readonly opened: number;
  readonly moment: EntryMoment;
}

function growChild(state: VenueState, book: Book, parent: VenueOrder, growth: ChildGrowth): void {
  const clientOrderId = bracketOrderId(parent.clientOrderId, growth.kind);
  const standing = state.workingById.get(clientOrderId);
  if (standing !== undefined) {
    standing.entryBarAt = growth.moment.barAt;
    standing.isEntryInsideBar = growth.moment.isInsideBar;
    resizeOrder(state, standing, standing.quantity + growth.opened, growth.moment.at);
    return;
  }
  if (isIdUsed(state, clientOrderId)) return;
  const child = createVenueOrder({
    clientOrderId,
    venueOrderId: nextVenueOrderId(state),
    instrument: parent.instrument,
    side: oppositeSide(parent.side),
    orderType: growth.kind,
    quantity: growth.opened,
    price: growth.price,
    workingFromAt: growth.moment.barAt === -1 ? growth.moment.at : growth.moment.barAt,
    isReduceOnly: true,
    parentOrderId: parent.clientOrderId,
    entryBarAt: growth.moment.barAt,
    isEntryInsideBar: growth.moment.isInsideBar,
  });
  placeOrder(state, book, child);
  announceChild(state, child, parent, growth.moment);
}

function announceChild(state: VenueState, child: VenueOrder, parent: VenueOrder, moment: EntryMoment): void {
  const purpose: OrderPurpose = child.orderType === 'stop' ? 'stopLoss' : 'takeProfit';
  emit(state, {
    type: 'order.accepted',
    at: moment.at,
    clientOrderId: child.clientOrderId,
    venueOrderId: child.venueOrderId,
    venueAt: moment.venueAt,
    child: {
      parentOrderId: parent.clientOrderId,
      instrument: child.instrument,
      side: child.side,
      quantity: child.quantity,
      purpose,
      stopPrice: stopPriceOf(child),
      limitPrice: limitPriceOf(child),
    },
  });
}
