import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { FeedPort, MarketEvent } from '#engine/ports.ts';
import { barAt, floorStartAt, toldFeed } from '../../tests/support/floor-scene.ts';
import { quotedFeed } from './quoted-feed.ts';

const minuteMs = 60_000;

function all(feed: FeedPort): MarketEvent[] {
  const events: MarketEvent[] = [];
  for (let event = feed.next(); event !== undefined; event = feed.next()) events.push(event);
  return events;
}

function quotesOf(
  prices: readonly [number, number, number, number],
  quotesPerMinute: number,
): { bids: number[]; times: number[] } {
  const feed = toldFeed();
  feed.add(barAt(floorStartAt, prices));
  const quotes = all(quotedFeed(feed, { quotesPerMinute })).filter((event) => event.type === 'quote.updated');
  return { bids: quotes.map(({ bidPrice }) => bidPrice), times: quotes.map(({ at }) => at - floorStartAt) };
}

test('quotes of a rising minute go down to the low first, of a falling one up to the high', () => {
  assert.deepEqual(quotesOf([100, 140, 80, 120], 4), {
    bids: [100, 80, 140, 120],
    times: [7_500, 22_500, 37_500, 52_500],
  });
  assert.deepEqual(quotesOf([120, 140, 80, 100], 4).bids, [120, 140, 80, 100]);
  assert.deepEqual(quotesOf([100, 140, 80, 120], 7).bids, [100, 90, 80, 110, 140, 130, 120]);
});

test('fewer than four quotes leave out extremes, and the last one is always the close', () => {
  assert.deepEqual(quotesOf([100, 140, 80, 120], 1).bids, [120]);
  assert.deepEqual(quotesOf([100, 140, 80, 120], 2), { bids: [100, 120], times: [15_000, 45_000] });
  assert.deepEqual(quotesOf([100, 140, 80, 120], 3).bids, [100, 80, 120]);
});

test('with four quotes or more the extremes of a minute are those of its bar', () => {
  const prices = fc.tuple(fc.integer({ min: 50, max: 150 }), fc.integer({ min: 50, max: 150 }), fc.nat(40), fc.nat(40));
  fc.assert(
    fc.property(prices, fc.integer({ min: 4, max: 60 }), ([open, close, above, below], count) => {
      const high = Math.max(open, close) + above;
      const low = Math.min(open, close) - below;
      const { bids } = quotesOf([open, high, low, close], count);
      assert.equal(bids.length, count);
      assert.deepEqual([bids[0], Math.max(...bids), Math.min(...bids), bids.at(-1)], [open, high, low, close]);
    }),
  );
});

test('quotes of all instruments come by time before the bars of their minute', () => {
  const feed = toldFeed();
  feed.add(barAt(floorStartAt, [100, 100, 100, 100]), barAt(floorStartAt, [200, 200, 200, 200], 'USDJPY.OANDA'));
  feed.add(barAt(floorStartAt + minuteMs, [100, 100, 100, 100]));
  const quoted = quotedFeed(feed, { quotesPerMinute: 1 });
  assert.equal(quoted.peekAt(), floorStartAt + 30_000);
  assert.deepEqual(
    all(quoted).map(({ type, at, instrument }) => [type, (at - floorStartAt) / 1_000, instrument]),
    [
      ['quote.updated', 30, 'EURUSD.OANDA'],
      ['quote.updated', 30, 'USDJPY.OANDA'],
      ['bar.closed', 60, 'EURUSD.OANDA'],
      ['bar.closed', 60, 'USDJPY.OANDA'],
      ['quote.updated', 90, 'EURUSD.OANDA'],
      ['bar.closed', 120, 'EURUSD.OANDA'],
    ],
  );
  assert.equal(quoted.peekAt(), Infinity);
});

test('the past is told by bars alone, and a bar without a spread gets one', () => {
  const feed = toldFeed();
  const bare = { ...barAt(floorStartAt, [100, 100, 100, 100]), spread: 0 };
  feed.add(bare, barAt(floorStartAt + minuteMs, [100, 100, 100, 100]));
  const events = all(
    quotedFeed(feed, { quotesPerMinute: 1, quotesFromAt: floorStartAt + minuteMs, spreadOf: () => 7 }),
  );
  assert.deepEqual(
    events.map((event) => (event.type === 'bar.closed' ? event.spread : event.askPrice - event.bidPrice)),
    [7, 10, 10],
  );
});

test('a number of quotes that is none or too many is refused', () => {
  for (const quotesPerMinute of [0, 1.5, 601]) {
    assert.throws(() => quotedFeed(toldFeed(), { quotesPerMinute }), /1 to 600 quotes a minute/);
  }
});
