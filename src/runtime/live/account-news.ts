import { isTerminal } from '#domain/order.ts';
import type { VenueInput } from '#engine/live-port.ts';
import { isClaim, isUnresolved } from '#engine/order-life.ts';
import type { View } from '#engine/state.ts';

/**
 * What of an account's history the desk does not know yet. Streams have told most of it before; to tell it again would change nothing but
 * the length of the journal, or would take an order back to how it stood earlier.
 */
export function accountNews(
  view: View,
  events: readonly VenueInput[],
  isTold: (input: VenueInput) => boolean,
): readonly VenueInput[] {
  const begunIds = new Set<string>();
  return events.filter((input, index) => {
    if (isTold(input) || !isNews(view, input, begunIds) || isOvertaken(events, input, index)) return false;
    if (input.type === 'account.closedOut' && !hasNewFill(view, events)) return false;
    if (input.type === 'order.accepted') begunIds.add(input.clientOrderId);
    if (input.type === 'order.adopted') begunIds.add(input.order.clientOrderId);
    return true;
  });
}

/** Orders that begin in this very history are known by the time their end is told. */
function isNews(view: View, input: VenueInput, begunIds: ReadonlySet<string>): boolean {
  switch (input.type) {
    case 'order.filled':
      return !view.seenFillIds.has(`${input.instrument} ${input.fillId}`) || isClaim(view, input);
    case 'order.accepted': {
      const record = view.orders.get(input.clientOrderId);
      if (record === undefined) return input.child !== null;
      // An order that still works was not cancelled, whatever was asked for.
      return record.state === 'submitted' || isUnresolved(record) || record.cancelRequestedAt !== null;
    }
    case 'order.rejected':
    case 'order.canceled':
    case 'order.expired': {
      const record = view.orders.get(input.clientOrderId);
      return record === undefined ? begunIds.has(input.clientOrderId) : !isTerminal(record.state);
    }
    case 'order.amended': {
      const request = view.orders.get(input.clientOrderId)?.request;
      if (request === undefined) return begunIds.has(input.clientOrderId);
      const { quantity, stopPrice, limitPrice } = request;
      return input.quantity !== quantity || input.stopPrice !== stopPrice || input.limitPrice !== limitPrice;
    }
    case 'order.adopted': {
      const record = view.orders.get(input.order.clientOrderId);
      return record === undefined || isTerminal(record.state);
    }
    case 'order.unresolved':
    case 'financing.charged':
    case 'balance.changed':
    case 'account.closedOut':
    case 'venue.impaired':
    case 'venue.restored':
    case 'message.quarantined':
    case 'bar.closed':
    case 'quote.updated':
    case 'mark.updated':
    case 'depth.updated':
    case 'instrument.changed':
      return true;
  }
}

/** A close-out whose fills are all known was told with them; told again it would throw a switch that somebody has released since. */
function hasNewFill(view: View, events: readonly VenueInput[]): boolean {
  return events.some((input) => input.type === 'order.filled' && isNews(view, input, new Set()));
}

/** Of several amendments of one order only the last says how it stands. */
function isOvertaken(events: readonly VenueInput[], input: VenueInput, index: number): boolean {
  if (input.type !== 'order.amended') return false;
  const { clientOrderId } = input;
  return events
    .slice(index + 1)
    .some((later) => later.type === 'order.amended' && later.clientOrderId === clientOrderId);
}
