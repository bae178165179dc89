import { assert, present } from '#base/assert.ts';
import type { EventByType } from '#domain/events.ts';
import type { OrderRequest } from '#domain/order.ts';
import type { Command } from '#engine/ports.ts';
import { closableQuantity } from './venue-account.ts';
import { createVenueOrder } from './venue-order.ts';
import { isOrderPrice, refusalOf } from './venue-refusal.ts';
import { emit, QUEUE_MAX, type VenueState } from './venue-state.ts';
import {
  announceOrder,
  bookOf,
  cancelOrder,
  nextVenueOrderId,
  placeOrder,
  resizeOrder,
  sweepBook,
} from './venue-working.ts';

/** Puts a command on its way: it arrives after the latency, and never before what the venue has already seen. */
export function sendCommand(state: VenueState, command: Command): void {
  assert(state.arrivals.length < QUEUE_MAX, `more than ${QUEUE_MAX} commands are on their way`);
  const lastAt = state.arrivals.at(-1)?.at ?? -Infinity;
  const at = Math.max(command.at + state.costs.latencyMs, state.at, lastAt);
  state.arrivals.push({ at, command });
  state.nextArrivalAt = Math.min(state.nextArrivalAt, at);
}

/** The earliest command on its way reaches the venue. */
export function admitArrival(state: VenueState): void {
  const { at, command } = present(state.arrivals.shift(), 'command on its way');
  state.nextArrivalAt = state.arrivals[0]?.at ?? Infinity;
  switch (command.type) {
    case 'order.submitted':
      admitOrder(state, command.order, at);
      break;
    case 'order.cancelRequested':
      admitCancel(state, command, at);
      break;
    case 'order.amendRequested':
      admitAmendment(state, command, at);
      break;
  }
}

function admitOrder(state: VenueState, request: OrderRequest, at: number): void {
  const { clientOrderId, instrument, side, quantity, orderType, timeInForce, isReduceOnly, bracket } = request;
  const refusal = refusalOf(state, request, at);
  if (refusal !== undefined) {
    emit(state, { type: 'order.rejected', at, clientOrderId, ...refusal });
    return;
  }
  const book = bookOf(state, instrument);
  const price = request.limitPrice ?? request.stopPrice ?? 0;
  const venueOrderId = nextVenueOrderId(state);
  const expiresAt = request.expiresAt ?? Infinity;
  const terms = {
    clientOrderId,
    venueOrderId,
    instrument,
    side,
    orderType,
    timeInForce,
    expiresAt,
    isReduceOnly,
    bracket,
  };
  const order = createVenueOrder({ ...terms, quantity, price, workingFromAt: at });
  placeOrder(state, book, order);
  emit(state, { type: 'order.accepted', at, clientOrderId, venueOrderId, venueAt: at, child: null });
  if (isReduceOnly && quantity > closableQuantity(book, side))
    resizeOrder(state, order, closableQuantity(book, side), at);
}

/** An order that is unknown or has ended cannot be cancelled any more: its end was already told, so nothing is answered. */
function admitCancel(
  state: VenueState,
  { clientOrderId, reason }: EventByType['order.cancelRequested'],
  at: number,
): void {
  const order = state.workingById.get(clientOrderId);
  if (order === undefined) return;
  cancelOrder(state, order, at, reason === '' ? 'CANCEL_REQUESTED' : reason);
  sweepBook(bookOf(state, order.instrument));
}

/**
 * Moves an order's own price. An amendment that does not fit, with a price off the ticks or for another type of order, changes nothing; the
 * answer says in either case how the order stands. A moved limit takes again at its first price.
 */
function admitAmendment(state: VenueState, command: EventByType['order.amendRequested'], at: number): void {
  const order = state.workingById.get(command.clientOrderId);
  if (order === undefined) return;
  const isStop = order.orderType === 'stop';
  const price = isStop ? command.stopPrice : command.limitPrice;
  const other = isStop ? command.limitPrice : command.stopPrice;
  const canMove = order.orderType !== 'market' && !order.isTriggered && other === null;
  if (canMove && isOrderPrice(bookOf(state, order.instrument), price)) {
    order.price = price;
    order.workingFromAt = at;
    order.isResting = false;
  }
  announceOrder(state, order, at);
}
