import type { Envelope } from '#domain/bus/envelope.ts';
import type { Event } from '#domain/events.ts';
import type { Module } from '#engine/module.ts';
import type { BusState } from '#projections/bus/bus-state.ts';
import { foldEvents, startBusFold } from './bus-fold.ts';
import { createDeskFixture, type DeskFixture, type FixtureOptions } from './desk-fixture.ts';

/** A desk whose every event is folded for the bus as it comes. */
export interface FoldedDesk {
  readonly fixture: DeskFixture;
  readonly state: BusState;
  /** Gives the desk inputs; the answer is what the bus tells of them and of what they caused, names of the house left out. */
  send(...events: readonly Event[]): readonly Envelope[];
  /** One minute at 1.10000 and 150.000, or at other closes. */
  minute(closes?: Readonly<Record<string, number>>): readonly Envelope[];
  /** What the bus tells of events that no engine is asked about. */
  tell(...events: readonly Event[]): readonly Envelope[];
}

const usualCloses = { EUR_USD: 110_000, USD_JPY: 150_000 };

export function foldedDesk(modules: readonly Module[] = [], options: FixtureOptions = {}): FoldedDesk {
  const fixture = createDeskFixture(modules, options);
  const fold = startBusFold();
  foldEvents(fold, fixture.setUpEvents);
  const tell = (...events: readonly Event[]): readonly Envelope[] =>
    foldEvents(fold, events).filter(({ payload }) => !('type' in payload));
  return {
    fixture,
    state: fold.state,
    send: (...events) => tell(...events.flatMap((event) => fixture.send(event))),
    minute: (closes = usualCloses) => tell(...fixture.minute(closes)),
    tell,
  };
}

/** Types of envelopes in order, aliases left out. */
export function typesOf(envelopes: readonly Envelope[]): string[] {
  const aliases = ['execution.request', 'trade.intent', 'execution.result', 'system.emergency.triggered'];
  return envelopes
    .map(({ type }) => type)
    .filter((type) => !type.startsWith('position.') && !aliases.includes(type) && type !== 'policy.mode.changed');
}
