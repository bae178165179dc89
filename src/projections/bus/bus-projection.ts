import { inwardReasonOf, isMarketData } from '#domain/bus/bus-catalogue.ts';
import type { Envelope } from '#domain/bus/envelope.ts';
import type { Event, EventByType, EventType } from '#domain/events.ts';
import type { Projection } from '#projections/projection.ts';
import type { TailEntry } from '#projections/tail-entry.ts';
import type { BusState } from './bus-state.ts';
import { takeBar, takeListing, takeQuote } from './tell-market.ts';
import {
  takeAcceptance,
  takeAmendment,
  takeCancellation,
  takeExpiry,
  takeRejection,
  takeSubmission,
} from './tell-orders.ts';
import { isRefusalOf, takePolicy } from './tell-policies.ts';
import { takeAlert, takeCloseOut, takeDenial, takeKill, takeRelease } from './tell-safety.ts';
import { takeDecision } from './tell-signals.ts';
import { takeFill, takeFinancing, takeReport } from './tell-trades.ts';
import { createTeller, type Teller } from './teller.ts';

/**
 * The journal as other processes hear it: every event of the house under its own name, and what it means in the words of the
 * catalogue, in one trace. A policy change is told in the catalogue's words once its step is over without having refused it.
 */
export const busProjection: Projection<BusState, Envelope> = {
  name: 'bus',
  version: 1,
  initial: createBusState,
  project: (state, entry, change) => {
    settlePolicy(state, entry.event, change);
    const { event } = entry;
    if (event.type === 'run.started') state.desk = event.desk;
    if (event.type === 'instrument.listed') takeListing(state, event);
    const teller = createTeller(state, entry, change);
    if (isOutward(state, event)) teller.tellEvent(keyOf(state, event));
    translate(state, teller, entry);
  },
  settle: (state, change) => tellPending(state, change),
};

export function createBusState(): BusState {
  return {
    desk: '',
    isWarm: false,
    isStopped: false,
    money: null,
    maximumPositions: null,
    barIntervalMs: null,
    instruments: {},
    orders: {},
    trades: {},
    seenFills: [],
    signals: {},
    verdicts: {},
    policies: {},
    modes: null,
    pending: null,
  };
}

function isOutward({ isWarm }: BusState, { type }: Event): boolean {
  return inwardReasonOf(type) === undefined && (isWarm || !isMarketData(type));
}

/** Tells the policy change before this entry, in its own time and trace, unless the entry refuses it. */
function settlePolicy(state: BusState, next: Event, change: (envelope: Envelope) => void): void {
  if (state.pending !== null && isRefusalOf(state.pending.event, next)) state.pending = null;
  tellPending(state, change);
}

function tellPending(state: BusState, change: (envelope: Envelope) => void): void {
  const { pending } = state;
  if (pending === null) return;
  state.pending = null;
  takePolicy(state, createTeller(state, pending, change), pending.event);
}

type Translate<T extends EventType> = (state: BusState, teller: Teller, event: EventByType[T]) => void;

/** Events that mean something in the words of the catalogue, or that later ones are understood by. */
const translations: { readonly [T in EventType]?: Translate<T> } = {
  'warmup.completed': (state) => {
    state.isWarm = true;
  },
  'bar.closed': takeBar,
  'quote.updated': takeQuote,
  'module.decided': takeDecision,
  'order.submitted': takeSubmission,
  'order.accepted': takeAcceptance,
  'order.amended': takeAmendment,
  'order.rejected': takeRejection,
  'order.expired': takeExpiry,
  'order.canceled': takeCancellation,
  'order.denied': takeDenial,
  'order.filled': takeFill,
  'financing.charged': (state, _, event) => takeFinancing(state, event),
  'venue.reconciled': takeReport,
  'alert.raised': takeAlert,
  'account.closedOut': takeCloseOut,
  'kill.engaged': takeKill,
  'kill.released': takeRelease,
};

function translate(state: BusState, teller: Teller, { sequence, event, root }: TailEntry): void {
  if (event.type === 'policy.changed') {
    state.pending = { sequence, event, root };
    return;
  }
  const translation = translations[event.type] as Translate<EventType> | undefined;
  translation?.(state, teller, event);
}

/** What an event of the house is kept in order by: its instrument, its document, its job, and where it has none, the desk. */
function keyOf(state: BusState, event: Event): string {
  const instrument = instrumentOf(state, event);
  if (instrument !== undefined) return state.instruments[instrument]?.symbol ?? instrument;
  if ('key' in event) return event.key;
  if ('jobId' in event) return event.jobId;
  return 'clientOrderId' in event ? event.clientOrderId : state.desk;
}

function instrumentOf({ orders }: BusState, event: Event): string | undefined {
  if (event.type === 'instrument.listed' || event.type === 'instrument.changed') return event.instrument.id;
  if (event.type === 'order.submitted' || event.type === 'order.adopted') return event.order.instrument;
  if (event.type === 'order.accepted' && event.child !== null) return event.child.instrument;
  if ('instrument' in event) return event.instrument ?? undefined;
  return 'clientOrderId' in event ? orders[event.clientOrderId]?.instrument : undefined;
}
