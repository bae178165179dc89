import type { Event, EventByType, EventType } from '#domain/events.ts';
import type { Instrument } from '#domain/instrument.ts';
import type { KeyChange } from '#domain/keys/key-change.ts';
import { toDecimal } from '#domain/scale.ts';
import { traceIdOf } from '#domain/trace.ts';
import type { TailEntry } from '../tail-entry.ts';
import { deskPolicy } from './kept-policies.ts';
import type { KeysState } from './keys-state.ts';

/** Entries kept in the ledger. */
export const LEDGER_KEPT = 1_000;

/** Adds what happened to orders, positions and the switch to the ledger; all else is left out, the many words of modules too. */
export function writeLedger(state: KeysState, entry: TailEntry, change: (change: KeyChange) => void): void {
  const { event, sequence, root } = entry;
  const teller = tellers[event.type] as Teller<EventType> | undefined;
  if (teller === undefined) return;
  const id = instrumentOf(state, event);
  const instrument = id === null ? undefined : state.markets[id]?.instrument;
  const value = JSON.stringify({
    seq: sequence,
    ts_ms: event.at,
    type: event.type,
    instrument: instrument?.symbol ?? null,
    trace_id: traceIdOf(root),
    data: teller(event, figuresOf(state, instrument)),
  });
  change({ type: 'push', key: 'sep:ledger:events', value, keep: LEDGER_KEPT, ttlMs: null });
}

/** How figures of one instrument become decimals; without one they stay whole steps. */
interface Figures {
  price(ticks: number | null): number | null;
  quantity(steps: number): number;
  money(amount: number): number;
}

function figuresOf(state: KeysState, instrument: Instrument | undefined): Figures {
  const priceDecimals = instrument?.priceDecimals ?? 0;
  return {
    price: (ticks) => (ticks === null ? null : toDecimal(ticks, priceDecimals)),
    quantity: (steps) => toDecimal(steps, instrument?.quantityDecimals ?? 0),
    money: (amount) => toDecimal(amount, deskPolicy(state)?.moneyDecimals ?? 0),
  };
}

type Teller<T extends EventType> = (event: EventByType[T], figures: Figures) => object;

const reasonAndId = ({ clientOrderId, reason }: { clientOrderId: string; reason: string }): object => ({
  client_order_id: clientOrderId,
  reason,
});
const actorAndReason = ({ actor, reason }: { actor: string; reason: string }): object => ({ actor, reason });

/** What the ledger says of each kind of event it holds. */
const tellers: { readonly [T in EventType]?: Teller<T> } = {
  'order.submitted': ({ order }, { price, quantity }) => ({
    client_order_id: order.clientOrderId,
    side: order.side,
    units: quantity(order.quantity),
    order_type: order.orderType,
    limit_price: price(order.limitPrice),
    stop_price: price(order.stopPrice),
    purpose: order.purpose,
    reason: order.reason,
  }),
  'order.accepted': ({ clientOrderId, venueOrderId, child }, { price, quantity }) => ({
    client_order_id: clientOrderId,
    venue_order_id: venueOrderId,
    parent_order_id: child?.parentOrderId ?? null,
    units: child === null ? null : quantity(child.quantity),
    purpose: child?.purpose ?? null,
    limit_price: price(child?.limitPrice ?? null),
    stop_price: price(child?.stopPrice ?? null),
  }),
  'order.denied': ({ code, reason, signedQuantity }, { quantity }) => ({
    code,
    reason,
    units: quantity(signedQuantity),
  }),
  'order.rejected': ({ clientOrderId, code, reason }) => ({ client_order_id: clientOrderId, code, reason }),
  'order.filled': (fill, { price, quantity, money }) => ({
    client_order_id: fill.clientOrderId,
    fill_id: fill.fillId,
    side: fill.side,
    units: quantity(fill.quantity),
    price: price(fill.price),
    fee: money(fill.fee),
    pnl: money(fill.realizedPnl),
    balance: money(fill.balance),
  }),
  'order.canceled': reasonAndId,
  'order.expired': reasonAndId,
  'order.cancelRequested': reasonAndId,
  'order.amended': ({ clientOrderId, ...event }, { price, quantity }) => ({
    client_order_id: clientOrderId,
    units: quantity(event.quantity),
    limit_price: price(event.limitPrice),
    stop_price: price(event.stopPrice),
  }),
  'financing.charged': ({ amount, days, balance }, { money }) => ({
    amount: money(amount),
    days,
    balance: money(balance),
  }),
  'account.closedOut': ({ reason }) => ({ reason }),
  'kill.engaged': actorAndReason,
  'kill.released': actorAndReason,
  'flatten.requested': actorAndReason,
  'reduction.requested': ({ quantity: units, ...event }, { quantity }) => ({
    units: quantity(units),
    ...actorAndReason(event),
  }),
  'directive.issued': ({ module, action, expiresAt, reason }) => ({ module, action, expires_ms: expiresAt, reason }),
  'roundTrip.closed': ({ direction, openedAt, ...trip }, { quantity, money }) => ({
    direction,
    opened_ms: openedAt,
    units: quantity(trip.quantity),
    pnl: money(trip.realizedPnl),
    fees: money(trip.fees),
    financing: money(trip.financing),
    reason: trip.reason,
  }),
};

function instrumentOf(state: KeysState, event: Event): string | null {
  if (event.type === 'order.submitted') return event.order.instrument;
  if ('instrument' in event && typeof event.instrument === 'string') return event.instrument;
  if (event.type === 'order.accepted' && event.child !== null) return event.child.instrument;
  return 'clientOrderId' in event ? (state.orders[event.clientOrderId]?.instrument ?? null) : null;
}
