import type { Event, EventByType } from '#domain/events.ts';
import { fxInstrument } from '#domain/instrument.ts';
import { createLoop, handle, type Loop, runUntil } from '#engine/loop.ts';
import type { Module, View } from '#engine/module.ts';
import type { MarketEvent } from '#engine/ports.ts';
import { simulatedVenue } from '#sim/simulated-venue.ts';
import { createVenueState, type VenueRequest, type VenueState } from '#sim/venue-state.ts';
import { barOf, createDeskFixture, type FixtureOptions, fixtureAt } from '../support/desk-fixture.ts';
import { plainCosts, venueRequest } from '../support/venue-scene.ts';
import type { Stage } from './scenario.ts';

const minuteMs = 60_000;
const gridMs = 30_000;

/** Open, high, low and close of a minute in ticks; a single figure is a minute that does not move. */
export type Prices = number | readonly [number, number, number, number];

/** A desk with a simulated venue in the run loop, as a backtest or a paper run has it. */
export interface VenueDesk extends Stage {
  readonly venue: VenueState;
  readonly loop: Loop;
  /** The next minute's bars and everything up to the grid point that decides on them. */
  minute(euro: Prices, yen?: Prices): void;
  quote(bidPrice: number, askPrice: number): void;
  /** Lets time pass without a bar; the venue's answers come with the next tick. */
  wait(spanMs: number): void;
  /** Gives the engine an input of an operator or of the runtime, at the current time. */
  ask(input: (at: number) => Event): void;
}

export interface VenueDeskOptions extends FixtureOptions {
  readonly venue?: Partial<VenueRequest>;
}

/** Answers come a quarter of a second after the command; the spread is one pip, nothing slips. */
export function venueDesk(modules: readonly Module[], options: VenueDeskOptions = {}): VenueDesk {
  const { engine } = createDeskFixture(modules, options);
  const events: Event[] = [];
  const queue: MarketEvent[] = [];
  const startAt = options.startAt ?? fixtureAt;
  const venue = createVenueState(
    venueRequest({
      instruments: ['EUR_USD', 'USD_JPY'].map((symbol) => fxInstrument(symbol)),
      startBalance: engine.state.account.balance,
      costs: { ...plainCosts, latencyMs: 250 },
      ...options.venue,
    }),
  );
  const loop = createLoop(
    engine,
    {
      feed: { peekAt: () => queue[0]?.at ?? Infinity, next: () => queue.shift() },
      venue: simulatedVenue(venue),
      journal: undefined,
      makeDurable: () => undefined,
      onEvent: (event) => void events.push(event),
    },
    startAt,
    gridMs,
  );
  let closedAt = startAt - minuteMs;
  const view: View = engine.state;
  return {
    venue,
    loop,
    view,
    events,
    minute: (euro, yen = 150_000) => {
      closedAt += minuteMs;
      queue.push(bar('EUR_USD', euro, closedAt), bar('USD_JPY', yen, closedAt));
      runUntil(loop, closedAt + gridMs);
    },
    quote: (bidPrice, askPrice) => {
      const at = view.at + 1_000;
      queue.push({ type: 'quote.updated', at, instrument: 'EURUSD.OANDA', bidPrice, askPrice });
      runUntil(loop, at);
    },
    wait: (spanMs) => {
      const untilAt = view.at + spanMs;
      runUntil(loop, untilAt);
      // Bars go on from here, on whole minutes.
      closedAt = Math.max(closedAt, Math.floor(untilAt / minuteMs) * minuteMs);
    },
    ask: (input) => handle(loop, input(view.at)),
  };
}

function bar(symbol: string, prices: Prices, closedAt: number): EventByType['bar.closed'] {
  const [open, high, low, close] = typeof prices === 'number' ? [prices, prices, prices, prices] : prices;
  return { ...barOf(symbol, close, closedAt), open, high, low };
}
