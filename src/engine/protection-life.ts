import type { EventByType } from '#domain/events.ts';
import type { InstrumentId } from '#domain/instrument.ts';
import { EXTERNAL_STRATEGY, isTerminal, type OrderPurpose, signOf } from '#domain/order.ts';
import { averagePrice, type Position } from '#domain/position.ts';
import { midPrice } from './market.ts';
import { coveredQuantity, protectiveOrders, stands } from './protective-orders.ts';
import type { EngineState, OrderRecord, Protection } from './state.ts';

/** How long a filled quantity may stand without its stop before the position is closed (reliability, I-14). */
export const PROTECTION_MS = 5_000;
/** How long a venue's own stop is waited for where it keeps brackets; the rest of the time is for one of ours. */
export const VENUE_STOP_MS = 2_000;
/** A refusal is forgiven once a stop has stood for so long after it. */
const settledMs = 60_000;
/** How far from its entry the stop of a position lies that came without one: the seed's usual stop (QT_SL_PCT). */
const adoptedStopFraction = 0.02;

/**
 * Notes what an entry's fill wants to be protected by. An entry that names no stop leaves the one that the position has. A position
 * that came by other hands gets a stop of the house where the desk's strategy asks for stops at all.
 */
export function noteProtection(
  state: EngineState,
  { instrument }: Pick<EventByType['order.filled'], 'instrument'>,
  record: OrderRecord | undefined,
  asksForStops: boolean,
): void {
  const position = state.positions[instrument];
  if (state.venue === null || position === undefined || position.signedQuantity === 0) return;
  if (record === undefined || !isOwnEntry(record, position)) {
    adoptProtection(state, instrument, asksForStops);
    return;
  }
  const { bracket, strategy } = record.request;
  const before = standingProtection(state, position);
  // How long something has been naked, and how often its stop was refused, is not forgotten over the next part of a fill.
  state.protections[instrument] = {
    ...(before ?? newProtection(position)),
    stopPrice: bracket?.stopPrice ?? before?.stopPrice ?? null,
    targetPrice: bracket?.targetPrice ?? before?.targetPrice ?? null,
    strategy,
  };
}

/** Whether the position lies on the side that the order of this desk has asked for. */
function isOwnEntry({ request }: OrderRecord, { signedQuantity }: Position): boolean {
  const { purpose, strategy, side } = request;
  return purpose === 'entry' && strategy !== EXTERNAL_STRATEGY && signOf(side) * signedQuantity > 0;
}

/** A position that nobody here has asked for. A stop and a target that it came with stay what they are. */
export function adoptProtection(state: EngineState, instrument: InstrumentId, asksForStops: boolean): void {
  const position = state.positions[instrument];
  if (state.venue === null || position === undefined || position.signedQuantity === 0) return;
  if (standingProtection(state, position) !== undefined) return;
  const protection = newProtection(position);
  if (asksForStops) {
    protection.stopPrice = guardOf(state, position, 'stopLoss')?.request.stopPrice ?? adoptedStop(state, position);
    protection.targetPrice = guardOf(state, position, 'takeProfit')?.request.limitPrice ?? null;
  }
  state.protections[instrument] = protection;
}

function guardOf(
  state: EngineState,
  { instrument, signedQuantity }: Position,
  purpose: Extract<OrderPurpose, 'stopLoss' | 'takeProfit'>,
): ReturnType<typeof protectiveOrders>[number] | undefined {
  return protectiveOrders(state, instrument, purpose).find(
    (record) => stands(record) && signOf(record.request.side) * signedQuantity < 0,
  );
}

function newProtection(position: Position): Protection {
  return {
    direction: directionOf(position),
    stopPrice: null,
    targetPrice: null,
    // Guards of the house for what other hands have opened; orders of other hands themselves are never taken for them.
    strategy: 'house',
    deadlineAt: null,
    venueStopDueAt: null,
    refusals: 0,
    targetRefusals: 0,
    refusedAt: 0,
  };
}

/** The protection of a position; that of the other side, before it was turned, is none of it. */
function standingProtection(state: EngineState, position: Position): Protection | undefined {
  const protection = state.protections[position.instrument];
  return protection?.direction === directionOf(position) ? protection : undefined;
}

function directionOf({ signedQuantity }: Position): Protection['direction'] {
  return signedQuantity > 0 ? 'long' : 'short';
}

/** On the losing side of entry and market alike, on a tick. */
function adoptedStop(state: EngineState, position: Position): number | null {
  const market = state.markets[position.instrument];
  if (market === undefined) return null;
  const { tickSize } = market.instrument;
  const entry = averagePrice(position);
  const mid = midPrice(market) ?? entry;
  const isLong = position.signedQuantity > 0;
  const from = isLong ? Math.min(entry, mid) : Math.max(entry, mid);
  const price = from * (isLong ? 1 - adoptedStopFraction : 1 + adoptedStopFraction);
  return Math.max(tickSize, Math.round(price / tickSize) * tickSize);
}

/**
 * Brings every protection in line with what is held: a flat position needs none, one whose stop stands has no deadline, and one whose
 * stop is missing has one that runs from the moment it went missing. While an entry fills in parts, the deadline runs from the first
 * part that was not covered until all that is held is: it may come early for the later parts and never late.
 */
export function refreshProtections(state: EngineState): void {
  for (const [instrument, protection] of Object.entries(state.protections)) {
    const position = state.positions[instrument];
    if (position === undefined || position.signedQuantity === 0 || directionOf(position) !== protection.direction) {
      delete state.protections[instrument];
      continue;
    }
    const held = Math.abs(position.signedQuantity);
    if (protection.stopPrice === null || coveredQuantity(state, instrument) >= held) settle(protection, state.at);
    else if (protection.deadlineAt === null) {
      protection.deadlineAt = state.at + PROTECTION_MS;
      protection.venueStopDueAt = state.venue?.hasNativeBrackets === true ? state.at + VENUE_STOP_MS : null;
    }
  }
}

function settle(protection: Protection, at: number): void {
  protection.deadlineAt = null;
  protection.venueStopDueAt = null;
  if (at - protection.refusedAt < settledMs) return;
  protection.refusals = 0;
  protection.targetRefusals = 0;
}

/**
 * What fell due while the desk was away has its time anew: a stop that nobody could place is placed, and only where it does not stand in
 * time either is the position closed.
 */
export function renewDeadlines(state: EngineState): void {
  for (const protection of Object.values(state.protections)) {
    if (protection.deadlineAt !== null) protection.deadlineAt = state.at + PROTECTION_MS;
    if (protection.venueStopDueAt !== null) protection.venueStopDueAt = state.at + VENUE_STOP_MS;
  }
}

/** A deadline that has come is told once; while nothing stands or closes, the next one follows. */
export function passDeadline(state: EngineState, event: EventByType['deadline.reached']): void {
  const protection = state.protections[event.instrument];
  if (protection === undefined) return;
  protection.venueStopDueAt = null;
  if (event.kind === 'protection' && protection.deadlineAt !== null) protection.deadlineAt = event.at + PROTECTION_MS;
}

/**
 * A stop or target that the venue refused, or ended without being asked to, is counted until one has stood for a while. Told before the
 * order itself ends, so that one end which is told twice counts once. What a venue places by itself, it may end by itself.
 */
export function noteRefusal(state: EngineState, clientOrderId: string): void {
  const record = state.orders.get(clientOrderId);
  if (record === undefined || isTerminal(record.state) || record.cancelRequestedAt !== null) return;
  if (record.parentOrderId !== null) return;
  const protection = state.protections[record.request.instrument];
  if (protection === undefined) return;
  const { purpose } = record.request;
  if (purpose !== 'stopLoss' && purpose !== 'takeProfit') return;
  if (purpose === 'stopLoss') protection.refusals += 1;
  else protection.targetRefusals += 1;
  protection.refusedAt = state.at;
}

/** A stop that is moved is from here on the one that is asked for. */
export function moveProtection(state: EngineState, event: EventByType['order.amendRequested']): void {
  const request = state.orders.get(event.clientOrderId)?.request;
  const protection = request === undefined ? undefined : state.protections[request.instrument];
  if (request === undefined || protection === undefined) return;
  if (request.purpose === 'stopLoss') protection.stopPrice = event.stopPrice;
  if (request.purpose === 'takeProfit') protection.targetPrice = event.limitPrice;
}
