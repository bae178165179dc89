import type { Envelope } from '#domain/bus/envelope.ts';
import type { Event } from '#domain/events.ts';
import { busProjection, createBusState } from '#projections/bus/bus-projection.ts';
import type { BusState } from '#projections/bus/bus-state.ts';
import { createTraceState, type TraceState, traceEvent } from '#projections/trace-fold.ts';

/** A fold that has come so far: what it carries, and the envelopes it has made. */
export interface BusFold {
  readonly trace: TraceState;
  readonly state: BusState;
  sequence: number;
  readonly envelopes: Envelope[];
}

export function startBusFold(runId = 'run-1'): BusFold {
  return { trace: createTraceState(runId), state: createBusState(), sequence: 0, envelopes: [] };
}

/** Folds events in as the journal holds them; gives the envelopes they made. */
export function foldEvents(fold: BusFold, events: readonly Event[]): readonly Envelope[] {
  const before = fold.envelopes.length;
  for (const event of events) {
    fold.sequence += 1;
    const entry = traceEvent(fold.trace, fold.sequence, event);
    busProjection.project(fold.state, entry, (envelope) => void fold.envelopes.push(envelope));
  }
  return fold.envelopes.slice(before);
}

/** The same fold after a restart: everything it carries has been through JSON. */
export function restartedFold({ trace, state, sequence, envelopes }: BusFold): BusFold {
  const kept = JSON.parse(JSON.stringify({ trace, state })) as Pick<BusFold, 'trace' | 'state'>;
  return { ...kept, sequence, envelopes: [...envelopes] };
}

/** The whole fold of events. */
export function busEnvelopes(events: readonly Event[]): readonly Envelope[] {
  return foldEvents(startBusFold(), events);
}

/** The payloads of one type, in order. */
export function payloadsOf(envelopes: readonly Envelope[], type: string): Envelope['payload'][] {
  return envelopes.filter((envelope) => envelope.type === type).map(({ payload }) => payload);
}
