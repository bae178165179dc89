import { venueFigures } from './venue-account.ts';
import { createVenueOrder } from './venue-order.ts';
import { type Book, emit, type VenueState } from './venue-state.ts';
import { cancelOrder, nextVenueOrderId, placeOrder, sweepBook } from './venue-working.ts';

/**
 * Closes the account out once equity falls below its share of the margin in use: every working order goes, and every position is closed
 * at the next price of its instrument. Only closing prices and quotes are looked at, not the extremes inside a bar.
 */
export function checkCloseOut(state: VenueState, at: number): void {
  if (state.pendingCloseOuts > 0) return;
  const { equity, marginUsed } = venueFigures(state);
  const floor = state.costs.closeOutFraction * marginUsed;
  if (equity >= floor) return;
  emit(state, {
    type: 'account.closedOut',
    at,
    reason: `equity '${Math.floor(equity)}' is below '${Math.ceil(floor)}'`,
  });
  for (const order of [...state.workingById.values()]) cancelOrder(state, order, at, 'CLOSE_OUT');
  for (const book of state.books.values()) {
    sweepBook(book);
    if (book.position.signedQuantity !== 0) placeCloseOut(state, book, at);
  }
}

/** The venue's own order is not announced: its fill is the first that is heard of it. */
function placeCloseOut(state: VenueState, book: Book, at: number): void {
  const held = book.position.signedQuantity;
  state.closeOutCount += 1;
  state.pendingCloseOuts += 1;
  const order = createVenueOrder({
    clientOrderId: `closeout-${state.closeOutCount}`,
    venueOrderId: nextVenueOrderId(state),
    instrument: book.instrument.id,
    side: held > 0 ? 'sell' : 'buy',
    orderType: 'market',
    quantity: Math.abs(held),
    workingFromAt: at,
    isReduceOnly: true,
    isCloseOut: true,
  });
  placeOrder(state, book, order);
}
