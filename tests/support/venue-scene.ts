import type { Costs } from '#domain/costs.ts';
import type { EventByType, EventType } from '#domain/events.ts';
import { fxInstrument } from '#domain/instrument.ts';
import type { OrderRequest } from '#domain/order.ts';
import type { Command, MarketEvent, VenueEvent, VenuePort } from '#engine/ports.ts';
import { simulatedVenue } from '#sim/simulated-venue.ts';
import { createVenueState, type VenueRequest, type VenueState } from '#sim/venue-state.ts';

export const minuteMs = 60_000;
/** Wednesday 2026-01-07 12:00 UTC: no turn of a day, no weekend near. */
export const noonAt = Date.UTC(2026, 0, 7, 12);
export const eurUsd = 'EURUSD.OANDA';
export const usdJpy = 'USDJPY.OANDA';
export const eurJpy = 'EURJPY.OANDA';

/** One pip of spread and nothing else, so that figures can be worked out by hand. */
export const plainCosts: Costs = {
  instruments: {},
  otherwise: { spreadPips: [1], slippagePips: 0, commissionPerMillion: 0 },
  financingRates: {},
  financingMarkup: 0,
  latencyMs: 0,
  closeOutFraction: 0.5,
};

export function venueRequest(changes: Partial<VenueRequest> = {}): VenueRequest {
  return {
    accountCurrency: 'USD',
    moneyDecimals: 6,
    startBalance: 10_000_000_000,
    instruments: ['EUR_USD', 'USD_JPY', 'EUR_JPY'].map((symbol) => fxInstrument(symbol)),
    priceBasisOf: {},
    costs: plainCosts,
    calendar: null,
    seed: 1,
    ...changes,
  };
}

export function orderRequest(changes: Partial<OrderRequest> = {}): OrderRequest {
  return {
    clientOrderId: 'o1',
    instrument: eurUsd,
    side: 'buy',
    quantity: 1_000,
    orderType: 'market',
    limitPrice: null,
    stopPrice: null,
    timeInForce: 'goodTillCancel',
    expiresAt: null,
    isReduceOnly: false,
    purpose: 'entry',
    bracket: null,
    strategy: 'scene',
    reason: 'test',
    ...changes,
  };
}

/** A venue and everything it has said, driven as the run loop drives it: poll, observe, poll. */
export interface VenueScene {
  readonly state: VenueState;
  readonly venue: VenuePort;
  readonly log: VenueEvent[];
  at: number;
}

export function openScene(changes: Partial<VenueRequest> = {}): VenueScene {
  const state = createVenueState(venueRequest(changes));
  return { state, venue: simulatedVenue(state), log: [], at: noonAt };
}

function show(scene: VenueScene, event: MarketEvent | EventByType['time.ticked']): VenueEvent[] {
  const before = scene.log.length;
  drain(scene, event.at);
  scene.venue.observe(event);
  drain(scene, event.at);
  scene.at = event.at;
  return scene.log.slice(before);
}

export function showTime(scene: VenueScene, at: number): VenueEvent[] {
  return show(scene, { type: 'time.ticked', at });
}

export function showQuote(
  scene: VenueScene,
  at: number,
  bidPrice: number,
  changes: { askPrice?: number; instrument?: string } = {},
): VenueEvent[] {
  return show(scene, { type: 'quote.updated', at, instrument: eurUsd, bidPrice, askPrice: bidPrice + 10, ...changes });
}

/** Shows the minute's bar that opens where the scene stands, `[open, high, low, close]`, and moves the scene to its end. */
export function showBar(
  scene: VenueScene,
  prices: readonly [number, number, number, number],
  changes: Partial<EventByType['bar.closed']> = {},
): VenueEvent[] {
  const [open, high, low, close] = prices;
  const openAt = changes.openAt ?? scene.at;
  const bar = { instrument: eurUsd, openAt, open, high, low, close, volume: 1, spread: 0, ...changes };
  return show(scene, { type: 'bar.closed', at: openAt + minuteMs, ...bar });
}

function send(scene: VenueScene, command: Command): void {
  scene.venue.send(command);
}

export function submit(scene: VenueScene, changes: Partial<OrderRequest> = {}): void {
  send(scene, { type: 'order.submitted', at: scene.at, order: orderRequest(changes) });
}

export function cancel(scene: VenueScene, clientOrderId: string): void {
  send(scene, { type: 'order.cancelRequested', at: scene.at, clientOrderId, reason: '' });
}

export function amend(
  scene: VenueScene,
  clientOrderId: string,
  prices: { stopPrice?: number; limitPrice?: number },
): void {
  send(scene, {
    type: 'order.amendRequested',
    at: scene.at,
    clientOrderId,
    stopPrice: null,
    limitPrice: null,
    reason: '',
    ...prices,
  });
}

/** A fact's short form, for readable expectations. */
export function brief(events: readonly VenueEvent[]): string[] {
  return events.map(briefly);
}

function briefly(event: VenueEvent): string {
  switch (event.type) {
    case 'order.accepted':
      return `${event.clientOrderId} accepted${event.child === null ? '' : ` ${event.child.purpose} ${event.child.quantity}`}`;
    case 'order.rejected':
      return `${event.clientOrderId} rejected ${event.code}`;
    case 'order.filled':
      return `${event.clientOrderId} filled ${event.side} ${event.quantity} at ${event.price}${event.isPessimistic ? ' pessimistic' : ''}`;
    case 'order.canceled':
      return `${event.clientOrderId} canceled ${event.reason}`;
    case 'order.expired':
      return `${event.clientOrderId} expired`;
    case 'order.amended':
      return `${event.clientOrderId} amended ${event.quantity} at ${event.stopPrice ?? event.limitPrice}`;
    case 'financing.charged':
      return `financing ${event.instrument} ${event.amount} for ${event.days}`;
    case 'account.closedOut':
      return 'closed out';
  }
}

export function eventsOf<T extends EventType>(
  events: readonly VenueEvent[],
  type: T,
): Extract<VenueEvent, { type: T }>[] {
  return events.filter((event): event is Extract<VenueEvent, { type: T }> => event.type === type);
}

function drain(scene: VenueScene, at: number): void {
  for (let event = scene.venue.poll(at); event !== undefined; event = scene.venue.poll(at)) scene.log.push(event);
}
