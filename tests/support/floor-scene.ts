import type { EventByType } from '#domain/events.ts';
import { fxInstrument } from '#domain/instrument.ts';
import type { FeedPort, MarketEvent, VenueEvent } from '#engine/ports.ts';
import { createVenueState, type VenueRequest } from '#sim/venue-state.ts';
import { VenueFloor } from '#venue-simulators/venue-floor.ts';
import { HandClock } from './hand-clock.ts';
import { plainCosts } from './venue-scene.ts';

/** Wednesday 2026-01-07 12:00 UTC. */
export const floorStartAt = Date.UTC(2026, 0, 7, 12);

/** A feed that is told its events by hand. */
export interface ToldFeed extends FeedPort {
  add(...events: MarketEvent[]): void;
}

export function toldFeed(): ToldFeed {
  const events: MarketEvent[] = [];
  return {
    add: (...more) => {
      events.push(...more);
      events.sort((a, b) => a.at - b.at);
    },
    peekAt: () => events[0]?.at ?? Infinity,
    next: () => events.shift(),
  };
}

export interface FloorScene {
  readonly clock: HandClock;
  readonly feed: ToldFeed;
  readonly floor: VenueFloor;
  readonly venueEvents: VenueEvent[];
  readonly marketEvents: MarketEvent[];
}

/** A floor with plain costs on a clock that goes by hand; prices are told with `quote`. */
export function openFloor(changes: Partial<VenueRequest> = {}): FloorScene {
  const clock = new HandClock(floorStartAt);
  const feed = toldFeed();
  const state = createVenueState({
    accountCurrency: 'USD',
    moneyDecimals: 4,
    startBalance: 100_000_0000,
    instruments: ['EUR_USD', 'GBP_USD', 'USD_JPY'].map((symbol) => fxInstrument(symbol)),
    priceBasisOf: {},
    costs: plainCosts,
    calendar: null,
    seed: 1,
    ...changes,
  });
  const floor = new VenueFloor({ time: clock, state, feed });
  const venueEvents: VenueEvent[] = [];
  const marketEvents: MarketEvent[] = [];
  floor.listen({ onMarket: (event) => marketEvents.push(event), onVenue: (event) => venueEvents.push(event) });
  floor.start();
  return { clock, feed, floor, venueEvents, marketEvents };
}

/** A closed bar of one minute with a spread of ten ticks. */
export function barAt(
  openAt: number,
  [open, high, low, close]: readonly [number, number, number, number],
  instrument = 'EURUSD.OANDA',
): EventByType['bar.closed'] {
  return {
    type: 'bar.closed',
    at: openAt + 60_000,
    instrument,
    openAt,
    open,
    high,
    low,
    close,
    volume: 40,
    spread: 10,
  };
}
