import { assert, present } from '#base/assert.ts';
import { limitPriceOf, stopPriceOf, type VenueOrder } from './venue-order.ts';
import { type Book, ENDED_IDS_MAX, emit, type VenueState } from './venue-state.ts';

/** The book of an instrument that is known to be listed. */
export function bookOf(state: VenueState, instrument: string): Book {
  return present(state.books.get(instrument), `book of '${instrument}'`);
}

/** The next venue order id: a pure function of how many orders there were. */
export function nextVenueOrderId(state: VenueState): string {
  state.orderCount += 1;
  return `sim-order-${state.orderCount}`;
}

export function placeOrder(state: VenueState, book: Book, order: VenueOrder): void {
  assert(!isIdUsed(state, order.clientOrderId), `order '${order.clientOrderId}' is placed once`);
  book.orders.push(order);
  state.workingById.set(order.clientOrderId, order);
  state.nextExpiryAt = Math.min(state.nextExpiryAt, order.expiresAt);
}

export function isIdUsed(state: VenueState, clientOrderId: string): boolean {
  return state.workingById.has(clientOrderId) || state.endedIds.has(clientOrderId);
}

export function cancelOrder(state: VenueState, order: VenueOrder, at: number, reason: string): void {
  endOrder(state, order);
  emit(state, { type: 'order.canceled', at, clientOrderId: order.clientOrderId, reason });
}

/** Gives an order another total quantity, what it has filled included, and says how it stands. */
export function resizeOrder(state: VenueState, order: VenueOrder, quantity: number, at: number): void {
  assert(quantity > order.filledQuantity, `order '${order.clientOrderId}' keeps something to fill`);
  order.quantity = quantity;
  announceOrder(state, order, at);
}

/** Says how an order stands at the venue. */
export function announceOrder(state: VenueState, order: VenueOrder, at: number): void {
  const { clientOrderId, quantity } = order;
  emit(state, {
    type: 'order.amended',
    at,
    clientOrderId,
    quantity,
    stopPrice: stopPriceOf(order),
    limitPrice: limitPriceOf(order),
  });
}

/** Takes an order off the book. It stays in its book's list until that is swept, so that whoever walks the list is not disturbed. */
export function endOrder(state: VenueState, order: VenueOrder): void {
  assert(order.isWorking, `order '${order.clientOrderId}' ends once`);
  order.isWorking = false;
  state.workingById.delete(order.clientOrderId);
  state.endedIds.add(order.clientOrderId);
  if (state.endedIds.size > ENDED_IDS_MAX) forgetOldest(state.endedIds);
  if (order.isCloseOut) state.pendingCloseOuts -= 1;
  if (order.expiresAt <= state.nextExpiryAt) state.nextExpiryAt = earliestExpiry(state);
}

export function sweepBook(book: Book): void {
  if (book.orders.some((order) => !order.isWorking)) book.orders = book.orders.filter((order) => order.isWorking);
}

/** Every working order whose time is over, at that time, ends in the order of acceptance. */
export function expireOrders(state: VenueState, at: number): void {
  for (const order of [...state.workingById.values()]) {
    if (order.expiresAt > at) continue;
    endOrder(state, order);
    sweepBook(bookOf(state, order.instrument));
    emit(state, { type: 'order.expired', at, clientOrderId: order.clientOrderId, reason: 'EXPIRES_AT' });
  }
}

function earliestExpiry(state: VenueState): number {
  let earliestAt = Infinity;
  for (const order of state.workingById.values()) earliestAt = Math.min(earliestAt, order.expiresAt);
  return earliestAt;
}

function forgetOldest(ids: Set<string>): void {
  for (const id of ids) {
    ids.delete(id);
    return;
  }
}
