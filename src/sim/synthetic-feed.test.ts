import assert from 'node:assert/strict';
import { test } from 'node:test';
import { deserialize, serialize } from 'node:v8';
import fc from 'fast-check';
import { eventSchemas } from '#domain/events.ts';
import { fxInstrument } from '#domain/instrument.ts';
import type { FeedPort, MarketEvent } from '#engine/ports.ts';
import { forexCalendar } from '../../tests/support/forex-calendar.ts';
import { plainCosts } from '../../tests/support/venue-scene.ts';
import {
  createSyntheticFeedState,
  type SyntheticFeedOptions,
  type SyntheticFeedState,
  syntheticFeed,
} from './synthetic-feed.ts';

const minuteMs = 60_000;
const startAt = Date.UTC(2026, 0, 7, 12);
const calendar = forexCalendar(Date.UTC(2026, 0, 5), Date.UTC(2026, 0, 10));

function feedState(options: SyntheticFeedOptions): SyntheticFeedState {
  const instruments = ['USD_JPY', 'EUR_USD'].map((symbol) => fxInstrument(symbol));
  return createSyntheticFeedState({ seed: 1, instruments, startAt, calendar, costs: plainCosts }, options);
}

function take(feed: FeedPort, count: number): (MarketEvent | undefined)[] {
  return Array.from({ length: count }, () => feed.next());
}

test('without quotes a minute is one bar an instrument, by id, at the end of the minute', () => {
  const events = take(syntheticFeed(feedState({ quotes: false })), 4);
  assert.deepEqual(
    events.map((event) => [event?.type, event?.instrument, (event?.at ?? 0) - startAt]),
    [
      ['bar.closed', 'EURUSD.OANDA', minuteMs],
      ['bar.closed', 'USDJPY.OANDA', minuteMs],
      ['bar.closed', 'EURUSD.OANDA', 2 * minuteMs],
      ['bar.closed', 'USDJPY.OANDA', 2 * minuteMs],
    ],
  );
});

test('with quotes events come by time, then by instrument, the quote before the bar', () => {
  const events = take(syntheticFeed(feedState({ quotes: true })), 14);
  const last = events.slice(10).map((event) => `${event?.type} ${event?.instrument}`);
  assert.deepEqual(last, [
    'quote.updated EURUSD.OANDA',
    'bar.closed EURUSD.OANDA',
    'quote.updated USDJPY.OANDA',
    'bar.closed USDJPY.OANDA',
  ]);
  assert.deepEqual(
    events.slice(0, 4).map((event) => [(event?.at ?? 0) - startAt, event?.instrument]),
    [
      [10_000, 'EURUSD.OANDA'],
      [10_000, 'USDJPY.OANDA'],
      [20_000, 'EURUSD.OANDA'],
      [20_000, 'USDJPY.OANDA'],
    ],
  );
  for (const event of events) if (event !== undefined) eventSchemas[event.type].parse(event);
});

test('peeking tells the time of the next event and takes nothing', () => {
  const feed = syntheticFeed(feedState({ quotes: true }));
  assert.deepEqual(
    [feed.peekAt(), feed.peekAt(), feed.next()?.at],
    [startAt + 10_000, startAt + 10_000, startAt + 10_000],
  );
});

test('the feed ends before the first event after its end, and with the calendar', () => {
  const bounded = syntheticFeed(feedState({ quotes: true, untilAt: startAt + 25_000 }));
  assert.equal(take(bounded, 4).at(-1)?.at, startAt + 20_000);
  assert.deepEqual([bounded.next(), bounded.peekAt()], [undefined, Infinity]);
  const feed = syntheticFeed(feedState({ quotes: false }));
  feed.skipTo(calendar.untilAt);
  assert.deepEqual([feed.next(), feed.peekAt()], [undefined, Infinity]);
});

test('skipping to a time, forward or back, gives what a feed that ran there gives', () => {
  const all = take(syntheticFeed(feedState({ quotes: true })), 2_000);
  const state = feedState({ quotes: true });
  const feed = syntheticFeed(state);
  fc.assert(
    fc.property(fc.integer({ min: -10_000, max: 140 * minuteMs }), fc.nat(20), (offset, more) => {
      feed.skipTo(startAt + offset);
      const first = all.findIndex((event) => (event?.at ?? 0) >= startAt + offset);
      assert.deepEqual(take(feed, more), all.slice(first, first + more));
    }),
    { numRuns: 40 },
  );
});

test('a feed read back from a snapshot goes on', () => {
  const state = feedState({ quotes: true });
  take(syntheticFeed(state), 33);
  const copy: SyntheticFeedState = deserialize(serialize(state));
  assert.deepEqual(take(syntheticFeed(copy), 50), take(syntheticFeed(state), 50));
});
