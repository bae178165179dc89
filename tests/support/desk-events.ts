import type { Event, EventByType, EventType } from '#domain/events.ts';
import type { OrderRequest } from '#domain/order.ts';
import type { Signal, Target } from '#domain/pipeline.ts';
import type { DeskFixture } from './desk-fixture.ts';

export const euro = 'EURUSD.OANDA';
export const yen = 'USDJPY.OANDA';
/** One account unit of the fixture's desk in money steps. */
export const unitMoney = 1_000_000;

export function signalOf(instrument: string, direction: Signal['direction'] = 'long'): Signal {
  return { instrument, direction, confidence: 0.5, strategy: 'test', reason: 'test', sizeFraction: 1 };
}

export function targetOf(instrument: string, signedQuantity: number): Target {
  return { instrument, signedQuantity, sizeFraction: 1, plan: null, strategy: 'test', reason: 'test' };
}

export function requestOf(changes: Partial<OrderRequest> = {}): OrderRequest {
  return {
    clientOrderId: 'o1',
    instrument: euro,
    side: 'buy',
    quantity: 1_000,
    orderType: 'market',
    limitPrice: null,
    stopPrice: null,
    timeInForce: 'fillOrKill',
    expiresAt: null,
    isReduceOnly: false,
    purpose: 'entry',
    bracket: null,
    strategy: 'test',
    reason: 'test',
    ...changes,
  };
}

/** The venue takes an order. */
export function acceptanceOf(clientOrderId: string, at: number): EventByType['order.accepted'] {
  return {
    type: 'order.accepted',
    at,
    clientOrderId,
    venueOrderId: `v-${clientOrderId}`,
    venueAt: at,
    child: null,
  };
}

/** The venue places a stop or target of an entry's bracket. */
export function childOf(
  parentOrderId: string,
  at: number,
  child: Partial<NonNullable<EventByType['order.accepted']['child']>> = {},
): EventByType['order.accepted'] {
  return {
    ...acceptanceOf(`${parentOrderId}-s`, at),
    child: {
      parentOrderId,
      instrument: euro,
      side: 'sell',
      quantity: 1_000,
      purpose: 'stopLoss',
      stopPrice: 109_900,
      limitPrice: null,
      ...child,
    },
  };
}

export function fillOf(at: number, changes: Partial<EventByType['order.filled']> = {}): EventByType['order.filled'] {
  return {
    type: 'order.filled',
    at,
    clientOrderId: 'o1',
    venueOrderId: 'v-o1',
    fillId: `f-${changes.clientOrderId ?? 'o1'}`,
    instrument: euro,
    side: 'buy',
    quantity: 1_000,
    price: 110_000,
    fee: 0,
    realizedPnl: 0,
    spreadCost: 0,
    balance: 100_000 * unitMoney,
    venueAt: at,
    isPessimistic: false,
    ...changes,
  };
}

/** The desk's books say that it holds so much, as after a report of the venue. */
export function hold(fixture: DeskFixture, positions: Readonly<Record<string, number>>, price = 110_000): void {
  fixture.send({
    type: 'venue.reconciled',
    at: fixture.at,
    balance: fixture.engine.state.account.balance,
    positions: Object.entries(positions).map(([instrument, signedQuantity]) => ({
      instrument,
      signedQuantity,
      cost: Math.abs(signedQuantity) * price,
    })),
    openOrderIds: [],
    differences: [],
  });
}

export function ofType<T extends EventType>(events: readonly Event[], type: T): EventByType[T][] {
  return events.filter((event): event is EventByType[T] => event.type === type);
}
