import { admitArrival } from './venue-arrival.ts';
import { chargeFinancing, nextRollover, previousRollover } from './venue-financing.ts';
import type { VenueState } from './venue-state.ts';
import { expireOrders } from './venue-working.ts';

/**
 * Lets time pass up to an instant: commands arrive at it, orders expire and the day turns once it is over, so that a bar which ends at
 * that very instant still meets the orders and positions of its own time.
 */
export function passTime(state: VenueState, at: number): void {
  if (state.nextRolloverAt === -Infinity) startDays(state, at);
  while (isSomethingDue(state, at)) {
    const timerAt = Math.min(state.nextExpiryAt, state.nextRolloverAt);
    if (state.nextArrivalAt <= timerAt) admitArrival(state);
    else if (state.nextExpiryAt <= state.nextRolloverAt) expireOrders(state, state.nextExpiryAt);
    else chargeFinancing(state);
  }
  if (at > state.at) state.at = at;
}

/** Every step consumes an arrival, an expiry or a day, so the loop ends. */
function isSomethingDue(state: VenueState, at: number): boolean {
  return state.nextArrivalAt <= at || state.nextExpiryAt < at || state.nextRolloverAt < at;
}

/** Days before the venue's first instant are none of its business. */
function startDays(state: VenueState, at: number): void {
  state.nextRolloverAt = nextRollover(state.calendar, at);
  state.previousRolloverAt = previousRollover(state.calendar, at);
}
