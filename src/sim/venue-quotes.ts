import type { EventByType } from '#domain/events.ts';
import { signOf } from '#domain/order.ts';
import { fillOrder } from './venue-fill.ts';
import { isAtMarket, isImmediate, type VenueOrder } from './venue-order.ts';
import type { Book, VenueState } from './venue-state.ts';
import { cancelOrder, sweepBook } from './venue-working.ts';

type Quote = EventByType['quote.updated'];

/**
 * Shows a quote to the orders of its book, oldest first. A quote hides nothing: what it touches fills at it, a limit at the quote's own
 * price where that is better. The list grows while brackets are placed, and their stops and targets meet the same quote.
 */
export function matchQuote(state: VenueState, book: Book, quote: Quote): void {
  for (let index = 0; index < book.orders.length; index += 1) {
    const order = book.orders[index];
    if (order?.isWorking === true) showQuote(state, book, order, quote);
  }
  sweepBook(book);
}

function showQuote(state: VenueState, book: Book, order: VenueOrder, quote: Quote): void {
  const sign = signOf(order.side);
  const facing = order.side === 'buy' ? quote.askPrice : quote.bidPrice;
  if (order.orderType === 'stop' && sign * (facing - order.price) >= 0) order.isTriggered = true;
  const isReached = order.orderType === 'limit' && sign * (order.price - facing) >= 0;
  if (isAtMarket(order) || isReached) {
    const slippage = isAtMarket(order) ? book.slippage : 0;
    const spread = quote.askPrice - quote.bidPrice;
    const moment = { at: quote.at, venueAt: quote.at, barAt: -1, isInsideBar: false };
    fillOrder(state, book, order, {
      ...moment,
      price: facing + sign * slippage,
      spread,
      slippage,
      isPessimistic: false,
    });
  } else if (order.orderType === 'limit' && isImmediate(order)) {
    cancelOrder(state, order, quote.at, 'NOT_FILLABLE');
  }
  order.isResting = true;
}
