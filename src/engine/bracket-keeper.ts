import type { DeepReadonly } from '#base/deep-readonly.ts';
import type { Event } from '#domain/events.ts';
import type { InstrumentId } from '#domain/instrument.ts';
import { EXTERNAL_STRATEGY, type OrderRequest, oppositeSide, signOf } from '#domain/order.ts';
import type { OrderPlan } from '#domain/pipeline.ts';
import { isUnresolved } from './order-life.ts';
import { coveredQuantity, protectiveOrders, remainingOf, stands } from './protective-orders.ts';
import type { OrderRecord, Protection, View } from './state.ts';

/** Refusals after which no further stop or target is tried for a while; a position whose stop they were is closed. */
const refusalsMax = 3;
/** Stops or targets of which nobody knows what came of them, before another one is tried beside them. */
const unresolvedMax = 3;
/** The market is beyond the stop already: had it stood, it would have closed the position. */
const wouldTrigger = 'WOULD_TRIGGER';
/** The venue took the stop and refused what it led to when its price came. */
const triggerRejected = 'TRIGGER_REJECTED';

/** What protection wants done about one instrument. */
export interface KeeperWishes {
  readonly submit: readonly OrderPlan[];
  /** Our ids of stops and targets that guard nothing any more, or are replaced by one that stands. */
  readonly cancel: readonly string[];
  /** Why the whole position is closed now; undefined where it is not. */
  readonly close: string | undefined;
}

/**
 * What is to be done so that every position at a real venue has the stop and the target it was entered with, for exactly what is held.
 * A new stop is placed before the old one goes; both only reduce, so for that moment neither can turn the position. A stop that does
 * not stand in time closes the position.
 */
export function keeperWishes(view: View, instrument: InstrumentId, input: Event): KeeperWishes {
  const held = view.positions[instrument]?.signedQuantity ?? 0;
  const cancel = orphans(view, instrument, held, input);
  const protection = view.protections[instrument];
  if (protection === undefined) return { submit: [], cancel, close: undefined };
  const close = closeReason(view, instrument, { protection, held }, input);
  if (close !== undefined) return { submit: [], cancel, close };
  const wants = { view, instrument, held, protection };
  const stop = wishFor(wants, 'stopLoss', protection.stopPrice);
  const target = wishFor(wants, 'takeProfit', protection.targetPrice);
  return {
    submit: [...stop.submit, ...target.submit],
    cancel: [...cancel, ...stop.cancel, ...target.cancel],
    close: undefined,
  };
}

interface Held {
  readonly protection: DeepReadonly<Protection>;
  readonly held: number;
}

function closeReason(
  view: View,
  instrument: InstrumentId,
  { protection, held }: Held,
  input: Event,
): string | undefined {
  if (protection.stopPrice === null) return undefined;
  const ended = endedStop(view, instrument, input);
  const isRefused = ended !== undefined && input.type === 'order.rejected';
  if (isRefused && input.code === wouldTrigger && ended.stopPrice === protection.stopPrice)
    return `the venue refused its stop: ${wouldTrigger}`;
  if (coveredQuantity(view, instrument) >= Math.abs(held)) return undefined;
  if (input.type === 'deadline.reached' && input.kind === 'protection' && input.instrument === instrument)
    return 'its stop did not stand in time';
  if (isRefused && input.code === triggerRejected) return `the venue refused its stop: ${triggerRejected}`;
  // Told at the refusal alone: an exit that is refused in its turn is tried again at the deadline and not at once.
  return ended !== undefined && protection.refusals >= refusalsMax
    ? `the venue refused its stop ${protection.refusals} times`
    : undefined;
}

/** The stop of an instrument that an event has put an end to before it was filled. */
function endedStop(view: View, instrument: InstrumentId, input: Event): DeepReadonly<OrderRequest> | undefined {
  if (input.type !== 'order.rejected' && input.type !== 'order.canceled' && input.type !== 'order.expired')
    return undefined;
  const request = view.orders.get(input.clientOrderId)?.request;
  return request?.instrument === instrument && request.purpose === 'stopLoss' ? request : undefined;
}

interface Wants extends Held {
  readonly view: View;
  readonly instrument: InstrumentId;
}

type Wish = Pick<KeeperWishes, 'submit' | 'cancel'>;
const nothing: Wish = { submit: [], cancel: [] };

function wishFor(wants: Wants, purpose: 'stopLoss' | 'takeProfit', price: number | null): Wish {
  if (price === null) return nothing;
  const { view, instrument, held } = wants;
  const guards = protectiveOrders(view, instrument, purpose).filter(({ request }) => signOf(request.side) * held < 0);
  const known = guards.filter((record) => record.cancelRequestedAt === null && !isUnresolved(record));
  const mayTry = canTry(wants, purpose, guards);
  if (view.venue?.hasNativeBrackets === true) return wishAtNative(wants, purpose, { price, known, mayTry });
  const right = known.find((record) => remainingOf(record) === Math.abs(held) && priceOf(record) === price);
  if (right === undefined)
    return mayTry ? { submit: [guardPlan(wants, purpose, price, Math.abs(held))], cancel: [] } : nothing;
  if (!stands(right)) return nothing;
  const others = guards.filter((record) => record !== right && record.cancelRequestedAt === null);
  return { submit: [], cancel: others.map(idOf) };
}

/** A venue that refuses, or gives no answer, is not asked without end: the deadline closes the position instead. */
function canTry(
  { protection }: Wants,
  purpose: 'stopLoss' | 'takeProfit',
  guards: readonly DeepReadonly<OrderRecord>[],
): boolean {
  const refusals = purpose === 'stopLoss' ? protection.refusals : protection.targetRefusals;
  return refusals < refusalsMax && guards.filter(isUnresolved).length < unresolvedMax;
}

interface Guards {
  readonly price: number;
  readonly known: readonly DeepReadonly<OrderRecord>[];
  readonly mayTry: boolean;
}

/**
 * The venue makes and follows its own. What they leave open for longer than a moment is covered beside them, and what covers it is taken
 * away once they cover everything.
 */
function wishAtNative(wants: Wants, purpose: 'stopLoss' | 'takeProfit', { price, known, mayTry }: Guards): Wish {
  if (purpose === 'takeProfit') return nothing;
  const held = Math.abs(wants.held);
  const venues = known.filter((record) => record.parentOrderId !== null && stands(record));
  const ours = known.filter(
    ({ parentOrderId, request }) => parentOrderId === null && request.strategy !== EXTERNAL_STRATEGY,
  );
  if (quantityOf(venues) >= held) return { submit: [], cancel: ours.map(idOf) };
  if (wants.protection.venueStopDueAt !== null || !mayTry) return nothing;
  const open = held - quantityOf(known);
  return open > 0 ? { submit: [guardPlan(wants, purpose, price, open)], cancel: [] } : nothing;
}

function quantityOf(records: readonly DeepReadonly<OrderRecord>[]): number {
  return records.reduce((sum, record) => sum + remainingOf(record), 0);
}

function idOf({ request }: DeepReadonly<OrderRecord>): string {
  return request.clientOrderId;
}

function priceOf({ request }: DeepReadonly<OrderRecord>): number | null {
  return request.purpose === 'stopLoss' ? request.stopPrice : request.limitPrice;
}

function guardPlan(
  { instrument, held, protection }: Wants,
  purpose: 'stopLoss' | 'takeProfit',
  price: number,
  quantity: number,
): OrderPlan {
  const isStop = purpose === 'stopLoss';
  return {
    instrument,
    side: oppositeSide(held > 0 ? 'buy' : 'sell'),
    quantity,
    orderType: isStop ? 'stop' : 'limit',
    limitPrice: isStop ? null : price,
    stopPrice: isStop ? price : null,
    timeInForce: 'goodTillCancel',
    expiresAt: null,
    isReduceOnly: true,
    purpose,
    bracket: null,
    strategy: protection.strategy,
    reason: isStop ? 'the stop of the position' : 'the target of the position',
  };
}

/** Stops and targets on the side that would add to what is held, or of a position that is gone. */
function orphans(view: View, instrument: InstrumentId, held: number, input: Event): string[] {
  const guards = [
    ...protectiveOrders(view, instrument, 'stopLoss'),
    ...protectiveOrders(view, instrument, 'takeProfit'),
  ];
  return guards
    .filter(({ request, cancelRequestedAt }) => cancelRequestedAt === null && signOf(request.side) * held >= 0)
    .filter(({ request }) => isOrphanNow(view, request, input))
    .map(idOf);
}

/**
 * A venue that keeps brackets itself ends them with the position, a moment after its fill: what is left then is looked at. An order of
 * other hands may be told before the position that it guards, and is looked at when the books are the venue's.
 */
function isOrphanNow(view: View, { strategy }: DeepReadonly<OrderRequest>, { type }: Event): boolean {
  if (type === 'venue.reconciled') return true;
  if (strategy === EXTERNAL_STRATEGY) return false;
  return view.venue?.hasNativeBrackets !== true || type === 'time.ticked';
}
