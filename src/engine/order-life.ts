import { assert } from '#base/assert.ts';
import type { DeepReadonly } from '#base/deep-readonly.ts';
import type { EventByType } from '#domain/events.ts';
import type { InstrumentId } from '#domain/instrument.ts';
import {
  EXTERNAL_STRATEGY,
  isTerminal,
  nextOrderState,
  type OrderChange,
  type OrderRequest,
  oppositeSide,
} from '#domain/order.ts';
import type { EngineState, OrderRecord, View } from './state.ts';

/** Ended orders are remembered so that late venue events still find them. */
const endedOrdersMax = 512;
const seenFillsMax = 4096;

/** A deterministic client order id: a pure function of the run and the sequence of the intent; 34 characters at most. */
export function clientOrderId(runId: string, sequence: number): string {
  return `tw-${runId.slice(0, 16)}-${sequence.toString(36)}`;
}

export function addOrder(
  state: EngineState,
  request: OrderRequest,
  at: number,
  parentOrderId: string | null,
): OrderRecord {
  assert(!state.orders.has(request.clientOrderId), `client order id '${request.clientOrderId}' is used twice`);
  const record: OrderRecord = {
    request,
    state: 'initialized',
    filledQuantity: 0,
    venueOrderId: null,
    parentOrderId,
    submittedAt: at,
    changedAt: at,
    unresolvedAt: null,
    cancelRequestedAt: null,
  };
  state.orders.set(request.clientOrderId, record);
  return record;
}

/** Applies a change if the table allows it. Returns false where it does not: the caller keeps the order as it was. */
export function changeOrder(state: EngineState, record: OrderRecord, change: OrderChange, at: number): boolean {
  const next = nextOrderState(record.state, change);
  if (next === undefined) return false;
  const wasTerminal = isTerminal(record.state);
  record.state = next;
  record.changedAt = at;
  if (change !== 'submit') record.unresolvedAt = null;
  if (isTerminal(next) && !wasTerminal) rememberEnded(state, record.request.clientOrderId);
  return true;
}

/** Takes in an acceptance; a bracket's child comes into being here. */
export function acceptOrder(state: EngineState, event: EventByType['order.accepted']): void {
  const { child } = event;
  let record = state.orders.get(event.clientOrderId);
  if (record === undefined && child !== null) {
    record = addOrder(state, childRequest(event.clientOrderId, child), event.at, child.parentOrderId);
  }
  if (record === undefined) return;
  record.venueOrderId = event.venueOrderId;
  // An order that is said to work was not cancelled, whatever was asked for.
  record.cancelRequestedAt = null;
  changeOrder(state, record, 'accept', event.at);
}

/**
 * Takes in an order that works at the venue and that we did not send, had forgotten or given up: as it stands there. One that is known to
 * be filled whole stays so. False where the order was known to work.
 */
export function adoptOrder(state: EngineState, event: EventByType['order.adopted']): boolean {
  const { order, at } = event;
  const known = state.orders.get(order.clientOrderId);
  const record = known ?? addOrder(state, { ...order, strategy: EXTERNAL_STRATEGY }, at, null);
  if (known === undefined) record.filledQuantity = event.filledQuantity ?? 0;
  const isNews = known === undefined || isTerminal(known.state);
  if (!changeOrder(state, record, 'adopt', at)) return false;
  const { quantity, stopPrice, limitPrice } = order;
  record.request = { ...record.request, quantity, stopPrice, limitPrice };
  record.venueOrderId = event.venueOrderId;
  // An order that is said to work was not cancelled, whatever was asked for.
  record.cancelRequestedAt = null;
  return isNews;
}

/** From here on nobody knows what came of the request, until the venue says something about the order. */
export function leaveUnresolved(state: EngineState, event: EventByType['order.unresolved']): void {
  const record = state.orders.get(event.clientOrderId);
  if (record !== undefined && !isTerminal(record.state)) record.unresolvedAt ??= event.at;
}

/** Whether an order was sent of which nobody knows what came of it. */
export function isUnresolved(record: DeepReadonly<OrderRecord>): boolean {
  // Snapshots of earlier versions do not have the field.
  return (record.unresolvedAt ?? null) !== null && !isTerminal(record.state);
}

function childRequest(id: string, child: NonNullable<EventByType['order.accepted']['child']>): OrderRequest {
  return {
    clientOrderId: id,
    instrument: child.instrument,
    side: child.side,
    quantity: child.quantity,
    orderType: child.stopPrice === null ? 'limit' : 'stop',
    limitPrice: child.limitPrice,
    stopPrice: child.stopPrice,
    timeInForce: 'goodTillCancel',
    expiresAt: null,
    isReduceOnly: true,
    purpose: child.purpose,
    bracket: null,
    strategy: '',
    reason: child.purpose,
  };
}

/**
 * True the first time a fill is seen; a repeated one changes nothing. Venues count fills by instrument, so an id is only
 * known together with its instrument. Ids are remembered up to a bound.
 */
export function isNewFill(
  state: EngineState,
  fill: Pick<EventByType['order.filled'], 'instrument' | 'fillId'>,
): boolean {
  const key = fillKey(fill);
  if (state.seenFillIds.has(key)) return false;
  remember(state.seenFillIds, key);
  return true;
}

/** Venues count fills by instrument. */
function fillKey({ instrument, fillId }: Pick<EventByType['order.filled'], 'instrument' | 'fillId'>): string {
  return `${instrument} ${fillId}`;
}

function remember(ids: Set<string>, key: string): void {
  ids.add(key);
  if (ids.size <= seenFillsMax) return;
  const oldest = ids.values().next().value;
  if (oldest !== undefined) ids.delete(oldest);
}

/** A fill of an order that nobody here knows. */
export function noteStrangeFill(state: EngineState, fill: EventByType['order.filled']): void {
  remember(state.strangeFillIds, fillKey(fill));
}

/** Whether a fill that was told as somebody else's is told now as one of an order of ours. */
export function isClaim(
  view: View,
  fill: Pick<EventByType['order.filled'], 'instrument' | 'fillId' | 'clientOrderId'>,
): boolean {
  return view.strangeFillIds.has(fillKey(fill)) && view.orders.has(fill.clientOrderId);
}

/** The order gets its fill; position and account have had it already. */
export function claimFill(state: EngineState, fill: EventByType['order.filled']): void {
  state.strangeFillIds.delete(fillKey(fill));
  const request = fillOrder(state, fill)?.request;
  const position = state.positions[fill.instrument];
  if (request?.purpose === 'entry' && position?.strategy === EXTERNAL_STRATEGY) position.strategy = request.strategy;
}

export function fillOrder(state: EngineState, event: EventByType['order.filled']): OrderRecord | undefined {
  const record = state.orders.get(event.clientOrderId);
  if (record === undefined) return undefined;
  record.filledQuantity += event.quantity;
  record.venueOrderId ??= event.venueOrderId;
  changeOrder(state, record, record.filledQuantity >= record.request.quantity ? 'fillRest' : 'fillPart', event.at);
  return record;
}

export function amendOrder(state: EngineState, event: EventByType['order.amended']): void {
  const record = state.orders.get(event.clientOrderId);
  if (record === undefined) return;
  record.request = {
    ...record.request,
    quantity: event.quantity,
    stopPrice: event.stopPrice,
    limitPrice: event.limitPrice,
  };
  record.changedAt = event.at;
  // Cut down to what it has filled, it is over.
  const isOver = record.state === 'partiallyFilled' && record.filledQuantity >= event.quantity;
  if (isOver) changeOrder(state, record, 'fillRest', event.at);
}

function rememberEnded(state: EngineState, id: string): void {
  state.endedOrderIds.push(id);
  if (state.endedOrderIds.length <= endedOrdersMax) return;
  const oldest = state.endedOrderIds.shift() ?? '';
  const record = state.orders.get(oldest);
  // A fill may have brought a rejected order back to life: it is forgotten only after it has ended again.
  if (record !== undefined && isTerminal(record.state)) state.orders.delete(oldest);
}

/**
 * Orders on an instrument that are not ended, protective ones left out. An exit of which nobody knows what came of it is left out too:
 * another one can only reduce, and must not wait for it.
 */
export function workingOrders(view: View, instrument: InstrumentId): OrderRequest[] {
  const working: OrderRequest[] = [];
  for (const record of view.orders.values()) {
    const { request } = record;
    if (request.instrument !== instrument || record.parentOrderId !== null || isTerminal(record.state)) continue;
    if (request.purpose === 'stopLoss' || request.purpose === 'takeProfit') continue;
    if (request.purpose === 'exit' && isUnresolved(record)) continue;
    working.push(request);
  }
  return working;
}

/** A market order that closes a quantity of a position. */
export function closingOrder(
  view: View,
  instrument: InstrumentId,
  quantity: number,
  reason: string,
): Omit<OrderRequest, 'clientOrderId'> | undefined {
  const position = view.positions[instrument];
  if (position === undefined || position.signedQuantity === 0) return undefined;
  return {
    instrument,
    side: oppositeSide(position.signedQuantity > 0 ? 'buy' : 'sell'),
    quantity: Math.min(quantity, Math.abs(position.signedQuantity)),
    orderType: 'market',
    limitPrice: null,
    stopPrice: null,
    timeInForce: 'fillOrKill',
    expiresAt: null,
    isReduceOnly: true,
    purpose: 'exit',
    bracket: null,
    strategy: position.strategy,
    reason,
  };
}
