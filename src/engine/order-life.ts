import { assert } from '#base/assert.ts';
import type { EventByType } from '#domain/events.ts';
import type { InstrumentId } from '#domain/instrument.ts';
import { isTerminal, nextOrderState, type OrderChange, type OrderRequest, oppositeSide } from '#domain/order.ts';
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
  changeOrder(state, record, 'accept', event.at);
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
  const key = `${fill.instrument} ${fill.fillId}`;
  if (state.seenFillIds.has(key)) return false;
  state.seenFillIds.add(key);
  if (state.seenFillIds.size > seenFillsMax) {
    const oldest = state.seenFillIds.values().next().value;
    if (oldest !== undefined) state.seenFillIds.delete(oldest);
  }
  return true;
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
}

function rememberEnded(state: EngineState, id: string): void {
  state.endedOrderIds.push(id);
  if (state.endedOrderIds.length <= endedOrdersMax) return;
  const oldest = state.endedOrderIds.shift() ?? '';
  const record = state.orders.get(oldest);
  // A fill may have brought a rejected order back to life: it is forgotten only after it has ended again.
  if (record !== undefined && isTerminal(record.state)) state.orders.delete(oldest);
}

/** Orders on an instrument that are not ended, brackets' children left out. */
export function workingOrders(view: View, instrument: InstrumentId): OrderRequest[] {
  const working: OrderRequest[] = [];
  for (const record of view.orders.values()) {
    if (record.request.instrument !== instrument || record.parentOrderId !== null || isTerminal(record.state)) continue;
    working.push(record.request);
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
