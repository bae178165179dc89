import { isInside } from '#base/flat-intervals.ts';
import type { CalendarDocument } from '#domain/calendar.ts';
import { notionalAtMid } from './venue-account.ts';
import { type Book, emit, type VenueState } from './venue-state.ts';

const dayMs = 86_400_000;
const yearDays = 365;
/** Without a calendar the day turns at 21:00 UTC, New York's 17:00 in summer. */
const rolloverMs = 21 * 3_600_000;
/** The daily break begins two minutes before the turn of the day. */
const breakLeadMs = 2 * 60_000;

/** The first turn of the trading day at or after an instant; infinity where the calendar knows of none. */
export function nextRollover(calendar: CalendarDocument | null, at: number): number {
  if (calendar === null) return Math.ceil((at - rolloverMs) / dayMs) * dayMs + rolloverMs;
  for (const rolloverAt of rolloversOf(calendar)) if (rolloverAt >= at) return rolloverAt;
  return Infinity;
}

/** The last turn of the trading day before an instant; null where none is known. */
export function previousRollover(calendar: CalendarDocument | null, at: number): number | null {
  if (calendar === null) return nextRollover(null, at) - dayMs;
  let found: number | null = null;
  for (const rolloverAt of rolloversOf(calendar)) if (rolloverAt < at) found = rolloverAt;
  return found;
}

/** Turns the day: every open position pays or earns interest for the calendar days since the last turn, one where that is unknown. */
export function chargeFinancing(state: VenueState): void {
  const at = state.nextRolloverAt;
  const { previousRolloverAt } = state;
  // Summer time moves the turn by an hour, so days are rounded.
  const days = previousRolloverAt === null ? 1 : Math.max(1, Math.round((at - previousRolloverAt) / dayMs));
  for (const book of state.books.values()) {
    if (book.position.signedQuantity === 0) continue;
    const amount = financingAmount(state, book, days);
    state.balance += amount;
    emit(state, {
      type: 'financing.charged',
      at,
      instrument: book.instrument.id,
      amount,
      days,
      balance: state.balance,
    });
  }
  state.previousRolloverAt = at;
  state.nextRolloverAt = nextRollover(state.calendar, at + 1);
}

/**
 * Interest in money, positive where it is received: notional × (rate of what is held − rate of what is owed − markup) × days ÷ 365, rounded
 * against the holder. A currency without a rate has none.
 */
function financingAmount(state: VenueState, book: Book, days: number): number {
  const { baseCurrency, quoteCurrency } = book.instrument;
  const { financingRates, financingMarkup } = state.costs;
  const held = book.position.signedQuantity;
  const difference = (financingRates[baseCurrency] ?? 0) - (financingRates[quoteCurrency] ?? 0);
  const yearly = (held > 0 ? difference : -difference) - financingMarkup;
  const amount = Math.floor((notionalAtMid(state, book, Math.abs(held)) * yearly * days) / yearDays);
  return amount === 0 ? 0 : amount;
}

/** A break that begins with its trading week, as Sunday's does, has no turn: the day turned when the week before ended. */
function* rolloversOf(calendar: CalendarDocument): Generator<number> {
  for (let index = 0; index < calendar.breaks.length; index += 2) {
    const startAt = calendar.breaks[index] ?? Infinity;
    if (isInside(calendar.weeks, startAt - 1)) yield startAt + breakLeadMs;
  }
}
