import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { PriceBasis } from '#domain/bar.ts';
import type { EventByType } from '#domain/events.ts';
import { fxInstrument } from '#domain/instrument.ts';
import { barOf, fixtureAt } from '../../tests/support/desk-fixture.ts';
import {
  BARS_REMEMBERED,
  closeAgo,
  createMarket,
  evolveBar,
  evolveQuote,
  highAgo,
  lowAgo,
  type Market,
  midPrice,
  spreadBps,
} from './market.ts';

const minuteMs = 60_000;

function marketOf(priceBasis: PriceBasis = 'bid'): Market {
  return createMarket({
    type: 'instrument.listed',
    at: fixtureAt,
    instrument: fxInstrument('EUR_USD'),
    hasVolume: true,
    priceBasis,
  });
}

/** The bar that closes so many minutes after the start. */
function bar(minutes: number, close: number, changes: Partial<EventByType['bar.closed']> = {}) {
  return { ...barOf('EUR_USD', close, fixtureAt + minutes * minuteMs), ...changes };
}

function quote(at: number, bidPrice: number, askPrice: number): EventByType['quote.updated'] {
  return { type: 'quote.updated', at, instrument: 'EURUSD.OANDA', bidPrice, askPrice };
}

test('a market without a price has no mid and no spread', () => {
  const market = marketOf();
  assert.equal(midPrice(market), undefined);
  assert.equal(midPrice(undefined), undefined);
  assert.equal(spreadBps(market), undefined);
  assert.equal(closeAgo(market, 0), undefined);
});

test('a bid bar puts the spread above its close, a mid bar half of it on either side', () => {
  const bid = marketOf('bid');
  evolveBar(bid, bar(1, 110_000), 12, minuteMs);
  assert.deepEqual([bid.bidPrice, bid.askPrice], [110_000, 110_012]);
  const mid = marketOf('mid');
  evolveBar(mid, bar(1, 110_000), 12, minuteMs);
  assert.deepEqual([mid.bidPrice, mid.askPrice], [109_994, 110_006]);
  assert.equal(midPrice(mid), 110_000);
  assert.equal(spreadBps(mid), (12 / 110_000) * 10_000);
});

test('a bid is at least one tick', () => {
  const market = marketOf('mid');
  evolveBar(market, bar(1, 2, { high: 12, low: 1 }), 10, minuteMs);
  assert.deepEqual([market.bidPrice, market.askPrice], [1, 7]);
});

test('a bar is known by its end and by its arrival', () => {
  const market = marketOf();
  evolveBar(market, bar(1, 110_000, { at: fixtureAt + minuteMs + 700 }), 10, minuteMs);
  assert.equal(market.lastOpenAt, fixtureAt);
  assert.equal(market.closedAt, fixtureAt + minuteMs);
  assert.equal(market.arrivedAt, fixtureAt + minuteMs + 700);
  assert.equal(market.barCount, 1);
});

test('bars since a gap count from one after more than an hour without a bar', () => {
  const market = marketOf();
  const seen: number[] = [];
  for (const minutes of [1, 2, 3, 63, 124, 125]) {
    evolveBar(market, bar(minutes, 110_000), 10, minuteMs);
    seen.push(market.barsSinceGap);
  }
  assert.deepEqual(seen, [1, 2, 3, 4, 1, 2]);
});

test('a bar that is not newer than the last stops', () => {
  const market = marketOf();
  evolveBar(market, bar(2, 110_000), 10, minuteMs);
  assert.throws(() => evolveBar(market, bar(2, 110_000), 10, minuteMs), /come in order/);
  assert.throws(() => evolveBar(market, bar(1, 110_000), 10, minuteMs), /come in order/);
});

test('a real quote stands against the bar in which it came and yields to the next one', () => {
  const market = marketOf();
  evolveQuote(market, quote(fixtureAt + 59_000, 110_100, 110_107));
  assert.equal(market.isQuoteDerived, false);
  evolveBar(market, bar(1, 110_000), 10, minuteMs);
  assert.deepEqual([market.bidPrice, market.askPrice, market.isQuoteDerived], [110_100, 110_107, false]);
  evolveBar(market, bar(2, 110_020), 10, minuteMs);
  assert.deepEqual([market.bidPrice, market.askPrice, market.isQuoteDerived], [110_020, 110_030, true]);
  // The very start of a bar belongs to it.
  evolveQuote(market, quote(fixtureAt + 2 * minuteMs, 110_200, 110_207));
  evolveBar(market, bar(3, 110_000), 10, minuteMs);
  assert.equal(market.bidPrice, 110_200);
});

test('a quote without a bid or with the ask below it is left out', () => {
  const market = marketOf();
  evolveQuote(market, quote(fixtureAt, 0, 10));
  evolveQuote(market, quote(fixtureAt, 110_010, 110_000));
  assert.deepEqual([market.bidPrice, market.askPrice, market.quoteAt], [0, 0, 0]);
  evolveQuote(market, quote(fixtureAt, 110_000, 110_000));
  assert.equal(midPrice(market), 110_000);
});

test('a look back gives decimals, the newest first, and nothing beyond what is remembered', () => {
  const market = marketOf();
  evolveBar(market, bar(1, 110_000), 10, minuteMs);
  evolveBar(market, bar(2, 110_020), 10, minuteMs);
  assert.deepEqual([closeAgo(market, 0), closeAgo(market, 1), closeAgo(market, 2)], [1.1002, 1.1, undefined]);
  assert.deepEqual([highAgo(market, 0), lowAgo(market, 0)], [1.1003, 1.1001]);
  assert.equal(closeAgo(market, -1), undefined);
});

test('the 512th bar back is the last one remembered', () => {
  const market = marketOf();
  for (let minute = 1; minute <= BARS_REMEMBERED + 5; minute += 1)
    evolveBar(market, bar(minute, 110_000 + minute), 10, minuteMs);
  assert.equal(closeAgo(market, BARS_REMEMBERED - 1), 1.10006);
  assert.equal(closeAgo(market, BARS_REMEMBERED), undefined);
});

test('looking back agrees with the list of all closes, for any number of bars', () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: 100, max: 200_000 }), { minLength: 1, maxLength: 3 * BARS_REMEMBERED }),
      fc.nat(2 * BARS_REMEMBERED),
      (closes, barsAgo) => {
        const market = marketOf();
        closes.forEach((close, index) => {
          evolveBar(market, bar(index + 1, close), 10, minuteMs);
        });
        const close = barsAgo < BARS_REMEMBERED ? closes[closes.length - 1 - barsAgo] : undefined;
        assert.equal(closeAgo(market, barsAgo), close === undefined ? undefined : close / 100_000);
      },
    ),
    { numRuns: 60 },
  );
});
