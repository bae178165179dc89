import type { VenueInput } from '#engine/live-port.ts';
import { type AccountBook, isNewState } from './account-book.ts';

/**
 * Whether an input says anything new of an order: acknowledgement, stream and lookup each tell that an order was taken, and how it ended.
 * Fills are told apart by their trades, elsewhere.
 */
export function isNews(book: AccountBook, input: VenueInput): boolean {
  if (input.type === 'order.accepted') return isNewState(book, input.clientOrderId, 'isAccepted');
  if (input.type === 'order.canceled' || input.type === 'order.expired' || input.type === 'order.rejected') {
    return isNewState(book, input.clientOrderId, 'isEndTold');
  }
  return true;
}
