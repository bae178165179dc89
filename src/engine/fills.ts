import { quoteToMoney } from '#domain/conversion.ts';
import type { Event, EventByType } from '#domain/events.ts';
import type { InstrumentId } from '#domain/instrument.ts';
import { EXTERNAL_STRATEGY } from '#domain/order.ts';
import type { DeskPolicy } from '#domain/policies.ts';
import { applyFill, flatPosition } from '#domain/position.ts';
import { rateToAccount } from './account.ts';
import { fillOrder, isNewFill } from './order-life.ts';
import type { EngineState, OpenTrip } from './state.ts';

/**
 * Takes in a fill: the order, the position, the account, the cooldowns and the running round trip. A fill of an order we do
 * not know (a close-out, a hand at the venue) moves the position all the same, since the venue is the truth of what happened.
 */
export function evolveFill(
  state: EngineState,
  fill: EventByType['order.filled'],
  publish: (fact: Event) => void,
): boolean {
  if (!isNewFill(state, fill)) return false;
  const record = fillOrder(state, fill);
  const position = state.positions[fill.instrument] ?? flatPosition(fill.instrument);
  state.positions[fill.instrument] = position;
  const heldBefore = position.signedQuantity;
  const effect = applyFill(position, fill);
  state.account.balance = fill.balance;
  state.account.fees += fill.fee;
  state.account.spreadCost += fill.spreadCost;
  state.account.realizedPnl += fill.realizedPnl;
  state.counts.fills += 1;
  const isEntry = effect.openedQuantity > 0;
  if (isEntry) position.strategy = record?.request.strategy ?? EXTERNAL_STRATEGY;
  noteCooldown(state, cooldownKey(position.strategy, fill.instrument), isEntry ? 'entryAt' : 'exitAt', fill.at);
  const trip = state.trips[fill.instrument];
  if (effect.closedQuantity > 0 && trip !== undefined) closeTrip(trip, fill, effect.closedQuantity);
  if (heldBefore !== 0 && heldBefore * position.signedQuantity <= 0 && trip !== undefined) {
    delete state.trips[fill.instrument];
    publish(roundTrip(trip, fill, record?.request.reason ?? EXTERNAL_STRATEGY));
  }
  if (isEntry) openTrip(state, fill, effect.openedQuantity);
  return true;
}

export function cooldownKey(strategy: string, instrument: InstrumentId): string {
  return `${strategy} ${instrument}`;
}

function noteCooldown(state: EngineState, key: string, which: 'entryAt' | 'exitAt', at: number): void {
  const times = state.cooldowns[key] ?? { entryAt: 0, exitAt: 0 };
  times[which] = at;
  state.cooldowns[key] = times;
}

function openTrip(state: EngineState, fill: EventByType['order.filled'], quantity: number): void {
  const share = quantity / fill.quantity;
  let trip = state.trips[fill.instrument];
  if (trip === undefined) {
    trip = newTrip(fill.side === 'buy' ? 'long' : 'short', fill.at);
    state.trips[fill.instrument] = trip;
  }
  trip.openedQuantity += quantity;
  trip.openedCost += quantity * fill.price;
  trip.fees += Math.round(fill.fee * share);
  trip.spreadCost += Math.round(fill.spreadCost * share);
}

function newTrip(direction: OpenTrip['direction'], openedAt: number): OpenTrip {
  return {
    openedAt,
    direction,
    openedQuantity: 0,
    openedCost: 0,
    closedQuantity: 0,
    closedValue: 0,
    realizedPnl: 0,
    fees: 0,
    financing: 0,
    spreadCost: 0,
    maximumAdverse: 0,
    maximumFavorable: 0,
  };
}

function closeTrip(trip: OpenTrip, fill: EventByType['order.filled'], quantity: number): void {
  const share = quantity / fill.quantity;
  trip.closedQuantity += quantity;
  trip.closedValue += quantity * fill.price;
  trip.realizedPnl += fill.realizedPnl;
  trip.fees += Math.round(fill.fee * share);
  trip.spreadCost += Math.round(fill.spreadCost * share);
}

function roundTrip(trip: OpenTrip, fill: EventByType['order.filled'], reason: string): EventByType['roundTrip.closed'] {
  return {
    type: 'roundTrip.closed',
    at: fill.at,
    instrument: fill.instrument,
    direction: trip.direction,
    openedAt: trip.openedAt,
    quantity: trip.openedQuantity,
    entryPrice: trip.openedQuantity === 0 ? 0 : trip.openedCost / trip.openedQuantity,
    exitPrice: trip.closedQuantity === 0 ? fill.price : trip.closedValue / trip.closedQuantity,
    realizedPnl: trip.realizedPnl,
    fees: trip.fees,
    financing: trip.financing,
    spreadCost: trip.spreadCost,
    // The exit is a point of the way too: a stop inside a bar ends the trip before that bar is marked.
    maximumAdverse: Math.min(trip.maximumAdverse, trip.realizedPnl),
    maximumFavorable: Math.max(trip.maximumFavorable, trip.realizedPnl),
    reason,
  };
}

export function evolveFinancing(state: EngineState, event: EventByType['financing.charged']): void {
  state.account.balance = event.balance;
  state.account.financing += event.amount;
  const trip = state.trips[event.instrument];
  if (trip !== undefined) trip.financing += event.amount;
}

/** Marks the running round trip at the extremes of a bar: how far it went against and in favour, in money. */
export function markTrips(state: EngineState, bar: EventByType['bar.closed'], desk: DeskPolicy): void {
  const trip = state.trips[bar.instrument];
  const position = state.positions[bar.instrument];
  const market = state.markets[bar.instrument];
  if (trip === undefined || position === undefined || market === undefined || position.signedQuantity === 0) return;
  const rate = rateToAccount(state, market.instrument.quoteCurrency, desk);
  if (rate === undefined) return;
  const held = Math.abs(position.signedQuantity);
  const isLong = position.signedQuantity > 0;
  const worst = isLong ? bar.low * held - position.cost : position.cost - bar.high * held;
  const best = isLong ? bar.high * held - position.cost : position.cost - bar.low * held;
  const money = (amount: number): number =>
    quoteToMoney(amount, market.instrument, rate, desk.moneyDecimals) + trip.realizedPnl;
  trip.maximumAdverse = Math.min(trip.maximumAdverse, money(worst));
  trip.maximumFavorable = Math.max(trip.maximumFavorable, money(best));
}
