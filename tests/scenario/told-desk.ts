import type { Event } from '#domain/events.ts';
import type { Module, View } from '#engine/module.ts';
import { createDeskFixture, type DeskFixture, type FixtureOptions } from '../support/desk-fixture.ts';
import type { Stage } from './scenario.ts';

/** A desk whose venue is told by hand, event by event: for what a good venue would never do. */
export interface ToldDesk extends Stage {
  readonly fixture: DeskFixture;
  at(): number;
  tell(event: Event): void;
  minute(): void;
}

/** Priced at 1.10000 and 150.000 with a pip of spread. */
export function toldDesk(modules: readonly Module[], options: FixtureOptions = {}): ToldDesk {
  const fixture = createDeskFixture(modules, options);
  const view: View = fixture.engine.state;
  return {
    fixture,
    view,
    events: fixture.events,
    at: () => fixture.at,
    tell: (event) => void fixture.send(event),
    minute: () => void fixture.minute({ EUR_USD: 110_000, USD_JPY: 150_000 }),
  };
}
