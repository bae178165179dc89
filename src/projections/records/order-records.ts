import type { Event, EventByType } from '#domain/events.ts';
import { isTerminal, nextOrderState, type OrderChange, type OrderRequest } from '#domain/order.ts';
import type { RecordChange } from '#domain/records/record-change.ts';
import { recordOf } from '#domain/records/record-tables.ts';
import { traceIdOf } from '#domain/trace.ts';
import type { TailEntry } from '#projections/tail-entry.ts';
import { moneyOf, priceOf, quantityOf, type RecordedOrder, type RecordsState } from './records-state.ts';

/** Ended orders are remembered for late events of the venue; those of the last few only. */
export const endedOrdersMax = 128;
/** Open orders remembered at most; beyond that the oldest keeps the row it has. */
export const openOrdersMax = 2_000;

type OrderEvent = Extract<
  Event,
  { readonly type: `order.${'submitted' | 'accepted' | 'rejected' | 'canceled' | 'expired' | 'amended'}` }
>;

/** Writes the row of an order whose life goes on. Events of orders that are not known change nothing. */
export function recordOrder(
  state: RecordsState,
  event: OrderEvent,
  entry: TailEntry,
  change: (change: RecordChange) => void,
): void {
  const order = evolveOrder(state, event, entry);
  if (order === undefined) return;
  order.changedAt = event.at;
  change(orderRecord(state, order));
  forgetOrders(state, order);
}

/** Adds a fill to its order; undefined where the order is not ours or long forgotten. */
export function recordOrderFill(
  state: RecordsState,
  fill: EventByType['order.filled'],
  change: (change: RecordChange) => void,
): RecordedOrder | undefined {
  const order = state.orders[fill.clientOrderId];
  if (order === undefined) return undefined;
  order.filledQuantity += fill.quantity;
  order.filledValue += fill.quantity * fill.price;
  order.fees += fill.fee;
  order.realizedPnl += fill.realizedPnl;
  order.venueOrderId ??= fill.venueOrderId;
  changeState(order, order.filledQuantity >= order.request.quantity ? 'fillRest' : 'fillPart');
  order.changedAt = fill.at;
  change(orderRecord(state, order));
  forgetOrders(state, order);
  return order;
}

function evolveOrder(state: RecordsState, event: OrderEvent, entry: TailEntry): RecordedOrder | undefined {
  switch (event.type) {
    case 'order.submitted':
      return changeState(addOrder(state, event.order, null, entry), 'submit');
    case 'order.accepted':
      return acceptOrder(state, event, entry);
    case 'order.rejected':
      return endOrder(state.orders[event.clientOrderId], 'reject', event.code, event.reason);
    case 'order.canceled':
      return endOrder(state.orders[event.clientOrderId], 'cancel', null, event.reason);
    case 'order.expired':
      return endOrder(state.orders[event.clientOrderId], 'expire', null, event.reason);
    case 'order.amended':
      return amendOrder(state.orders[event.clientOrderId], event);
  }
}

function addOrder(
  state: RecordsState,
  request: OrderRequest,
  parentOrderId: string | null,
  { sequence, event, root }: TailEntry,
): RecordedOrder {
  const order: RecordedOrder = {
    request,
    state: 'initialized',
    parentOrderId,
    venueOrderId: null,
    filledQuantity: 0,
    filledValue: 0,
    fees: 0,
    realizedPnl: 0,
    endCode: null,
    endReason: null,
    submittedAt: event.at,
    acceptedAt: null,
    changedAt: event.at,
    sequence,
    traceId: traceIdOf(root),
  };
  state.orders[request.clientOrderId] = order;
  return order;
}

/** A bracket's stop or target comes into being when the venue accepts it. */
function acceptOrder(
  state: RecordsState,
  event: EventByType['order.accepted'],
  entry: TailEntry,
): RecordedOrder | undefined {
  const { child, clientOrderId } = event;
  let order = state.orders[clientOrderId];
  if (order === undefined && child !== null) {
    const strategy = state.orders[child.parentOrderId]?.request.strategy ?? '';
    order = addOrder(state, childRequest(clientOrderId, child, strategy), child.parentOrderId, entry);
  }
  if (order === undefined) return undefined;
  order.venueOrderId = event.venueOrderId;
  order.acceptedAt ??= event.at;
  return changeState(order, 'accept');
}

function childRequest(
  clientOrderId: string,
  child: NonNullable<EventByType['order.accepted']['child']>,
  strategy: string,
): OrderRequest {
  const { instrument, side, quantity, purpose, stopPrice, limitPrice } = child;
  return {
    clientOrderId,
    instrument,
    side,
    quantity,
    orderType: stopPrice === null ? 'limit' : 'stop',
    limitPrice,
    stopPrice,
    timeInForce: 'goodTillCancel',
    expiresAt: null,
    isReduceOnly: true,
    purpose,
    bracket: null,
    strategy,
    reason: purpose,
  };
}

function endOrder(
  order: RecordedOrder | undefined,
  how: 'reject' | 'cancel' | 'expire',
  code: string | null,
  reason: string,
): RecordedOrder | undefined {
  if (order === undefined || nextOrderState(order.state, how) === undefined) return undefined;
  changeState(order, how);
  if (!isTerminal(order.state) || order.state === 'filled') return order;
  order.endCode = code;
  order.endReason = reason;
  return order;
}

function amendOrder(
  order: RecordedOrder | undefined,
  { quantity, stopPrice, limitPrice }: EventByType['order.amended'],
): RecordedOrder | undefined {
  if (order !== undefined) order.request = { ...order.request, quantity, stopPrice, limitPrice };
  return order;
}

/** A change that the table of an order's life does not allow leaves the state as it is. */
function changeState(order: RecordedOrder, change: OrderChange): RecordedOrder {
  order.state = nextOrderState(order.state, change) ?? order.state;
  return order;
}

function forgetOrders(state: RecordsState, { request, state: orderState }: RecordedOrder): void {
  const { orders, endedOrderIds } = state;
  if (isTerminal(orderState) && !endedOrderIds.includes(request.clientOrderId)) {
    endedOrderIds.push(request.clientOrderId);
    const oldest = endedOrderIds.length > endedOrdersMax ? endedOrderIds.shift() : undefined;
    if (oldest !== undefined && isEnded(orders[oldest])) delete orders[oldest];
  }
  const ids = Object.keys(orders);
  if (ids.length > openOrdersMax + endedOrdersMax && ids[0] !== undefined) delete orders[ids[0]];
}

function isEnded(order: RecordedOrder | undefined): boolean {
  return order !== undefined && isTerminal(order.state);
}

function orderRecord(state: RecordsState, order: RecordedOrder): RecordChange {
  const { request, filledQuantity } = order;
  const { instrument } = request;
  return recordOf('orders', {
    client_order_id: request.clientOrderId,
    venue_order_id: order.venueOrderId,
    parent_order_id: order.parentOrderId,
    instrument,
    side: request.side,
    order_type: request.orderType,
    time_in_force: request.timeInForce,
    purpose: request.purpose,
    state: order.state,
    quantity: quantityOf(state, instrument, request.quantity),
    filled_quantity: quantityOf(state, instrument, filledQuantity),
    average_price: priceOf(state, instrument, filledQuantity === 0 ? null : order.filledValue / filledQuantity),
    limit_price: priceOf(state, instrument, request.limitPrice),
    stop_price: priceOf(state, instrument, request.stopPrice),
    bracket_stop_price: priceOf(state, instrument, request.bracket?.stopPrice ?? null),
    bracket_target_price: priceOf(state, instrument, request.bracket?.targetPrice ?? null),
    is_reduce_only: request.isReduceOnly,
    strategy: request.strategy,
    reason: request.reason,
    end_code: order.endCode,
    end_reason: order.endReason,
    fees: moneyOf(state, order.fees),
    realized_pnl: moneyOf(state, order.realizedPnl),
    submitted_at: order.submittedAt,
    accepted_at: order.acceptedAt,
    expires_at: request.expiresAt,
    changed_at: order.changedAt,
    sequence: order.sequence,
    trace_id: order.traceId,
  });
}
