import { isMarketOpen } from '#domain/calendar.ts';
import type { EventByType } from '#domain/events.ts';
import { askAround, bidAround } from '#domain/quote-around.ts';
import type { MarketEvent, VenueEvent, VenuePort, VenueReport } from '#engine/ports.ts';
import { sendCommand } from './venue-arrival.ts';
import { matchBar } from './venue-bars.ts';
import { passTime } from './venue-clock.ts';
import { checkCloseOut } from './venue-close-out.ts';
import { matchQuote } from './venue-quotes.ts';
import { barSpread, basisOf } from './venue-spread.ts';
import type { VenueState } from './venue-state.ts';

/**
 * A venue with one netted account, as the loop sees it: functions over the state and nothing besides, so a state read back from a snapshot
 * makes the same venue. Events carry the time at which the venue says they happened: acceptances that of arrival, fills that of the
 * observed quote or bar.
 */
export function simulatedVenue(state: VenueState): VenuePort {
  return {
    send: (command) => sendCommand(state, command),
    observe: (event) => observe(state, event),
    poll: (at) => poll(state, at),
    report: () => report(state),
  };
}

function observe(state: VenueState, event: MarketEvent | EventByType['time.ticked']): void {
  passTime(state, event.at);
  state.observations += 1;
  switch (event.type) {
    case 'bar.closed':
      observeBar(state, event);
      break;
    case 'quote.updated':
      observeQuote(state, event);
      break;
    case 'time.ticked':
      break;
  }
}

/** Quotes seen since a bar's open have told its story already, and in its true order: such a bar is passed over. */
function observeBar(state: VenueState, bar: EventByType['bar.closed']): void {
  const book = state.books.get(bar.instrument);
  if (book === undefined || book.quoteAt > bar.openAt) return;
  if (book.orders.length > 0 && isTrading(state, bar.openAt)) matchBar(state, book, bar);
  const spread = barSpread(book, bar);
  const basis = basisOf(book);
  book.bidPrice = bidAround(basis, bar.close, spread);
  book.askPrice = askAround(basis, bar.close, spread);
  if (state.openPositions > 0) checkCloseOut(state, bar.at);
}

/** A quote that cannot be traded, without a bid or with the ask below it, is left out. */
function observeQuote(state: VenueState, quote: EventByType['quote.updated']): void {
  const book = state.books.get(quote.instrument);
  if (book === undefined || quote.bidPrice <= 0 || quote.askPrice < quote.bidPrice) return;
  book.bidPrice = quote.bidPrice;
  book.askPrice = quote.askPrice;
  book.quoteAt = quote.at;
  if (book.orders.length > 0 && isTrading(state, quote.at)) matchQuote(state, book, quote);
  if (state.openPositions > 0) checkCloseOut(state, quote.at);
}

/** While the market is halted prices may move, but nothing fills. */
function isTrading(state: VenueState, at: number): boolean {
  return state.calendar === null || isMarketOpen(state.calendar, at);
}

function poll(state: VenueState, at: number): VenueEvent | undefined {
  passTime(state, at);
  const next = state.events[0];
  if (next === undefined || next.at > at) return undefined;
  state.events.shift();
  return next;
}

/** Positions in ascending order of instrument, orders in the order of acceptance. Commands on their way are not yet known to the venue. */
function report(state: VenueState): VenueReport {
  const positions: VenueReport['positions'][number][] = [];
  for (const { instrument, position } of state.books.values()) {
    const { signedQuantity, cost } = position;
    if (signedQuantity !== 0) positions.push({ instrument: instrument.id, signedQuantity, cost });
  }
  return { balance: state.balance, positions, openOrderIds: [...state.workingById.keys()] };
}
