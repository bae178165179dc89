import type { EventByType } from '#domain/events.ts';
import type { OrderRequest } from '#domain/order.ts';
import type { BusOrder, BusState } from './bus-state.ts';
import { notionalOf, priceOf, quantityOf } from './tell-market.ts';
import { protectTrade } from './tell-trades.ts';
import type { Teller } from './teller.ts';

/** Orders remembered at most; beyond that the oldest is forgotten, and its later events say less. */
const ordersMax = 256;

export function takeSubmission(state: BusState, teller: Teller, { at, order }: EventByType['order.submitted']): void {
  remember(state, order.clientOrderId, {
    instrument: order.instrument,
    side: order.side,
    orderType: order.orderType,
    purpose: order.purpose,
    quantity: order.quantity,
    filledQuantity: 0,
    stopPrice: order.bracket?.stopPrice ?? order.stopPrice,
    targetPrice: order.bracket?.targetPrice ?? null,
    submittedAt: at,
    strategy: order.strategy,
    reason: order.reason,
  });
  tellRequest(state, teller, order);
}

function tellRequest(state: BusState, teller: Teller, order: OrderRequest): void {
  const instrument = state.instruments[order.instrument];
  if (instrument === undefined) return;
  const price = order.limitPrice ?? instrument.lastPrice;
  const decimal = (ticks: number | null | undefined): number | null =>
    ticks === null || ticks === undefined ? null : priceOf(instrument, ticks);
  teller.tell('trade.execution_requested', {
    symbol: instrument.symbol,
    side: order.side === 'buy' ? 'BUY' : 'SELL',
    leverage: null,
    notional: price === null ? null : notionalOf(instrument, order.quantity, price),
    risk_frac: null,
    confidence: null,
    sl: decimal(order.bracket?.stopPrice),
    tp: decimal(order.bracket?.targetPrice),
    order_id: order.clientOrderId,
    purpose: order.purpose,
    qty: quantityOf(instrument, order.quantity),
    strategy: order.strategy,
    reason: order.reason,
  });
}

/** A stop or target that the venue placed is an order from here on, and protects the trade. */
export function takeAcceptance(state: BusState, teller: Teller, accepted: EventByType['order.accepted']): void {
  const { child, clientOrderId } = accepted;
  if (child === null || state.orders[clientOrderId] !== undefined) return;
  const order: BusOrder = {
    instrument: child.instrument,
    side: child.side,
    orderType: child.stopPrice === null ? 'limit' : 'stop',
    purpose: child.purpose,
    quantity: child.quantity,
    filledQuantity: 0,
    stopPrice: child.stopPrice,
    targetPrice: child.limitPrice,
    submittedAt: accepted.at,
    strategy: '',
    reason: child.purpose,
  };
  remember(state, clientOrderId, order);
  protectTrade(state, teller, order);
}

export function takeAmendment(state: BusState, teller: Teller, amended: EventByType['order.amended']): void {
  const order = state.orders[amended.clientOrderId];
  if (order === undefined) return;
  order.quantity = amended.quantity;
  if (order.purpose !== 'stopLoss' && order.purpose !== 'takeProfit') return;
  order.stopPrice = amended.stopPrice;
  order.targetPrice = amended.limitPrice;
  protectTrade(state, teller, order);
}

export function takeRejection(state: BusState, teller: Teller, rejected: EventByType['order.rejected']): void {
  tellFailure(state, teller, rejected.clientOrderId, rejected);
  end(state, teller, rejected.clientOrderId);
}

export function takeExpiry(state: BusState, teller: Teller, expired: EventByType['order.expired']): void {
  const order = state.orders[expired.clientOrderId];
  const failure = { code: 'EXPIRED', reason: expired.reason };
  if (order?.filledQuantity === 0) tellFailure(state, teller, expired.clientOrderId, failure);
  end(state, teller, expired.clientOrderId);
}

/** A cancelled entry or exit is still remembered, since the venue may have filled it first. */
export function takeCancellation(state: BusState, teller: Teller, canceled: EventByType['order.canceled']): void {
  const order = state.orders[canceled.clientOrderId];
  if (order?.purpose === 'stopLoss' || order?.purpose === 'takeProfit') end(state, teller, canceled.clientOrderId);
}

function tellFailure(
  state: BusState,
  teller: Teller,
  orderId: string,
  { code, reason }: { readonly code: string; readonly reason: string },
): void {
  const order = state.orders[orderId];
  const instrument = order === undefined ? undefined : state.instruments[order.instrument];
  if (instrument === undefined) return;
  teller.tell('trade.failed', { symbol: instrument.symbol, order_id: orderId, code, reason });
}

/** An order nothing more is expected of. A stop or target that ends protects no longer. */
function end(state: BusState, teller: Teller, orderId: string): void {
  const order = state.orders[orderId];
  if (order === undefined) return;
  delete state.orders[orderId];
  protectTrade(state, teller, order);
}

function remember(state: BusState, orderId: string, order: BusOrder): void {
  state.orders[orderId] = order;
  const ids = Object.keys(state.orders);
  if (ids.length > ordersMax && ids[0] !== undefined) delete state.orders[ids[0]];
}
