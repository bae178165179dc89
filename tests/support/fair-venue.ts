import type { Event, EventByType } from '#domain/events.ts';
import { type OrderRequest, signOf } from '#domain/order.ts';
import { euro } from './desk-events.ts';
import type { OpenedDesk } from './opened-desk.ts';

/** An order as the venue has it. `isTold` says whether the desk has heard that it works. */
export interface FairOrder {
  readonly request: OrderRequest;
  state: 'pending' | 'working' | 'ended';
  filled: number;
  isTold: boolean;
  isUnknown: boolean;
  isCancelAsked: boolean;
}

/** A small venue of one instrument with books of its own: it keeps its word, but may refuse, stay silent and fill in parts. */
export interface FairVenue {
  readonly desk: OpenedDesk;
  readonly orders: FairOrder[];
  position: number;
  fills: number;
  lastExitAt: number;
  lastTold: Event | undefined;
}

export function fairVenue(desk: OpenedDesk): FairVenue {
  return { desk, orders: [], position: 0, fills: 0, lastExitAt: -Infinity, lastTold: undefined };
}

/** Lets the desk hear something, and takes in the commands that it leads to. */
export function hear(venue: FairVenue, event: Event): void {
  venue.lastTold = event;
  takeCommands(venue, venue.desk.tell(event));
}

export function takeCommands(venue: FairVenue, produced: readonly Event[]): void {
  for (const event of produced) {
    if (event.type === 'order.submitted') {
      const { order } = event;
      if (order.purpose === 'exit') venue.lastExitAt = event.at;
      venue.orders.push({
        request: order,
        state: 'pending',
        filled: 0,
        isTold: false,
        isUnknown: false,
        isCancelAsked: false,
      });
    }
    if (event.type !== 'order.cancelRequested') continue;
    const order = venue.orders.find(({ request }) => request.clientOrderId === event.clientOrderId);
    if (order !== undefined) order.isCancelAsked = true;
  }
}

/** Takes an order; one for the market fills at once. */
export function take(venue: FairVenue, order: FairOrder): void {
  order.state = 'working';
  order.isTold = true;
  const { clientOrderId } = order.request;
  const at = venue.desk.at();
  hear(venue, { type: 'order.accepted', at, clientOrderId, venueOrderId: clientOrderId, venueAt: at, child: null });
  if (order.request.orderType === 'market') fill(venue, order, order.request.quantity);
}

export function refuse(venue: FairVenue, order: FairOrder, code: string): void {
  order.state = 'ended';
  const { clientOrderId } = order.request;
  hear(venue, { type: 'order.rejected', at: venue.desk.at(), clientOrderId, code, reason: 'refused' });
}

/** The answer gets lost; whether the order was taken is known to the venue alone. */
export function lose(venue: FairVenue, order: FairOrder, isTaken: boolean): void {
  order.state = isTaken ? 'working' : 'ended';
  order.isUnknown = true;
  const { clientOrderId } = order.request;
  hear(venue, { type: 'order.unresolved', at: venue.desk.at(), clientOrderId, reason: 'no answer' });
}

/** The desk asks what became of an order nobody knew of. */
export function resolve(venue: FairVenue, order: FairOrder): void {
  order.isUnknown = false;
  if (order.state === 'working') take(venue, order);
  else if (order.filled === 0) refuse(venue, order, 'NOT_FOUND');
  else end(venue, order);
}

/** Fills so much of an order, of one that only reduces no more than there is; what then guards nothing ends. */
export function fill(venue: FairVenue, order: FairOrder, wanted: number): void {
  const { request } = order;
  const sign = signOf(request.side);
  const room = request.isReduceOnly ? Math.max(0, -sign * venue.position) : Number.MAX_SAFE_INTEGER;
  const quantity = Math.min(wanted, request.quantity - order.filled, room);
  if (quantity <= 0) {
    if (request.isReduceOnly && room === 0) end(venue, order);
    return;
  }
  order.filled += quantity;
  if (order.filled === request.quantity) order.state = 'ended';
  venue.position += sign * quantity;
  hear(venue, fillEvent(venue, request.clientOrderId, request.side, quantity));
  if (order.state === 'working' && request.orderType === 'market') end(venue, order);
}

/** Somebody else trades at the account. */
export function trade(venue: FairVenue, signedQuantity: number): void {
  if (signedQuantity === 0) return;
  venue.position += signedQuantity;
  hear(venue, fillEvent(venue, `hand-${venue.fills}`, signedQuantity > 0 ? 'buy' : 'sell', Math.abs(signedQuantity)));
}

function fillEvent(
  venue: FairVenue,
  clientOrderId: string,
  side: OrderRequest['side'],
  quantity: number,
): EventByType['order.filled'] {
  venue.fills += 1;
  const id = `f${venue.fills}`;
  const at = venue.desk.at();
  return {
    type: 'order.filled',
    at,
    clientOrderId,
    venueOrderId: clientOrderId,
    fillId: id,
    instrument: euro,
    side,
    quantity,
    price: 110_000,
    fee: 0,
    realizedPnl: 0,
    spreadCost: 0,
    balance: venue.desk.view.account.balance,
    venueAt: at,
    isPessimistic: false,
  };
}

/** Ends an order that works, as it was asked to or by itself. */
export function end(venue: FairVenue, order: FairOrder): void {
  order.state = 'ended';
  const { clientOrderId } = order.request;
  hear(venue, { type: 'order.canceled', at: venue.desk.at(), clientOrderId, reason: 'canceled' });
}

/** How much of the position the stops that the desk has heard of would close. */
export function coveredAtVenue(venue: FairVenue): number {
  return standingStops(venue)
    .filter(({ isTold, isUnknown, isCancelAsked }) => isTold && !isUnknown && !isCancelAsked)
    .filter(({ request }) => signOf(request.side) * venue.position < 0)
    .reduce((sum, { request, filled }) => sum + request.quantity - filled, 0);
}

export function standingStops({ orders }: FairVenue): readonly FairOrder[] {
  return orders.filter(({ request, state }) => request.purpose === 'stopLoss' && state === 'working');
}
