import type { EventByType } from '#domain/events.ts';
import type { FeedPort, MarketEvent } from '#engine/ports.ts';
import {
  createSyntheticMarket,
  type MinuteOfMarket,
  minuteMs,
  nextMinute,
  type SyntheticMarket,
  type SyntheticMarketRequest,
} from './synthetic-market.ts';

export interface SyntheticFeedOptions {
  /** Whether quotes are told every ten seconds beside the bars. */
  readonly quotes: boolean;
  /** The feed ends before the first event after this time; without it, with the calendar. */
  readonly untilAt?: number;
}

/** The feed as plain data: the market and the events of its current minute that are still to come. */
export interface SyntheticFeedState {
  readonly request: SyntheticMarketRequest;
  readonly options: SyntheticFeedOptions;
  market: SyntheticMarket;
  pending: MarketEvent[];
  position: number;
}

export interface SyntheticFeed extends FeedPort {
  /** Goes to the first event at or after a time, forward or back: the market is made again from its seed, so the events are the same. */
  skipTo(at: number): void;
}

export function createSyntheticFeedState(
  request: SyntheticMarketRequest,
  options: SyntheticFeedOptions,
): SyntheticFeedState {
  return { request, options, market: createSyntheticMarket(request), pending: [], position: 0 };
}

/** Market data of a synthetic market, by time and then by instrument id; of one instrument and time the quote comes before the bar. */
export function syntheticFeed(state: SyntheticFeedState): SyntheticFeed {
  return {
    peekAt: () => peek(state)?.at ?? Infinity,
    next: () => {
      const event = peek(state);
      if (event !== undefined) state.position += 1;
      return event;
    },
    skipTo: (at) => skipTo(state, at),
  };
}

function peek(state: SyntheticFeedState): MarketEvent | undefined {
  if (state.position === state.pending.length && !refill(state)) return undefined;
  const event = state.pending[state.position];
  return event === undefined || event.at > (state.options.untilAt ?? Infinity) ? undefined : event;
}

function refill(state: SyntheticFeedState): boolean {
  if (state.market.nextAt > (state.options.untilAt ?? Infinity)) return false;
  const minute = nextMinute(state.market);
  if (minute === undefined) return false;
  state.pending = eventsOf(minute, state.options.quotes);
  state.position = 0;
  return true;
}

function skipTo(state: SyntheticFeedState, at: number): void {
  const current = state.pending[state.position] ?? state.pending.at(-1);
  if (current === undefined || current.at >= at) restart(state);
  for (let next = peek(state); next !== undefined && next.at < at; next = peek(state)) {
    // Within one minute the events are few; whole minutes before the time are passed over at once.
    const lastAt = state.pending.at(-1)?.at ?? next.at;
    state.position = lastAt < at ? state.pending.length : state.position + 1;
  }
}

function restart(state: SyntheticFeedState): void {
  state.market = createSyntheticMarket(state.request);
  state.pending = [];
  state.position = 0;
}

function eventsOf(minute: MinuteOfMarket, hasQuotes: boolean): MarketEvent[] {
  const closedAt = minute.openAt + minuteMs;
  const bars = minute.bars.map((bar): EventByType['bar.closed'] => ({ type: 'bar.closed', at: closedAt, ...bar }));
  if (!hasQuotes) return bars;
  const quotes = minute.quotes.map((quote): EventByType['quote.updated'] => ({ type: 'quote.updated', ...quote }));
  // The sort is stable, so a quote keeps its place before the bar of the same time and instrument.
  return [...quotes, ...bars].sort((a, b) => a.at - b.at || compareIds(a.instrument, b.instrument));
}

function compareIds(first: string, second: string): number {
  return first === second ? 0 : first < second ? -1 : 1;
}
