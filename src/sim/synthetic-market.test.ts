import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import { deserialize, serialize } from 'node:v8';
import type { Bar } from '#domain/bar.ts';
import { fxInstrument } from '#domain/instrument.ts';
import { forexCalendar } from '../../tests/support/forex-calendar.ts';
import { plainCosts } from '../../tests/support/venue-scene.ts';
import {
  createSyntheticMarket,
  hiddenMid,
  type MinuteOfMarket,
  minuteMs,
  nextMinute,
  type SyntheticMarket,
} from './synthetic-market.ts';

const startAt = Date.UTC(2026, 0, 5);
const calendar = forexCalendar(Date.UTC(2026, 0, 1), Date.UTC(2026, 3, 1));
const symbols = ['EUR_USD', 'USD_JPY', 'EUR_JPY', 'GBP_USD', 'AUD_USD'];

function market(seed = 1, pairs = symbols): SyntheticMarket {
  const instruments = pairs.map((symbol) => fxInstrument(symbol));
  return createSyntheticMarket({ seed, instruments, startAt, calendar, costs: plainCosts });
}

function minutes(of: SyntheticMarket, count: number): MinuteOfMarket[] {
  return Array.from({ length: count }, () => {
    const minute = nextMinute(of);
    assert.ok(minute !== undefined);
    return minute;
  });
}

const barsOf = (list: readonly MinuteOfMarket[], symbol: string): Bar[] =>
  list.flatMap((minute) => minute.bars.filter((bar) => bar.instrument === fxInstrument(symbol).id));

test('the same seed makes the same bytes, another seed others', () => {
  const hash = (seed: number): string =>
    createHash('sha256')
      .update(JSON.stringify(minutes(market(seed), 500)))
      .digest('hex');
  assert.equal(hash(1), hash(1));
  assert.notEqual(hash(1), hash(2));
});

test('the first minute of seed 1 stays what it is', () => {
  assert.deepEqual(minutes(market(1, ['EUR_USD']), 1)[0], {
    openAt: startAt,
    bars: [
      {
        instrument: 'EURUSD.OANDA',
        openAt: startAt,
        open: 109995,
        high: 109998,
        low: 109990,
        close: 109991,
        volume: 35,
        spread: 10,
      },
    ],
    quotes: [
      { at: startAt + 10000, instrument: 'EURUSD.OANDA', bidPrice: 109998, askPrice: 110008 },
      { at: startAt + 20000, instrument: 'EURUSD.OANDA', bidPrice: 109997, askPrice: 110007 },
      { at: startAt + 30000, instrument: 'EURUSD.OANDA', bidPrice: 109996, askPrice: 110006 },
      { at: startAt + 40000, instrument: 'EURUSD.OANDA', bidPrice: 109992, askPrice: 110002 },
      { at: startAt + 50000, instrument: 'EURUSD.OANDA', bidPrice: 109990, askPrice: 110000 },
      { at: startAt + 60000, instrument: 'EURUSD.OANDA', bidPrice: 109991, askPrice: 110001 },
    ],
  });
});

test('a market read back from a snapshot goes on as the one that was written', () => {
  const whole = market(3);
  minutes(whole, 100);
  const copy: SyntheticMarket = deserialize(serialize(whole));
  assert.deepEqual(minutes(copy, 100), minutes(whole, 100));
});

test('an instrument more changes no other one', () => {
  const alone = barsOf(minutes(market(4, ['EUR_USD']), 300), 'EUR_USD');
  assert.deepEqual(barsOf(minutes(market(4), 300), 'EUR_USD'), alone);
});

test('bars hold together: they cover their quotes, which come every ten seconds', () => {
  for (const minute of minutes(market(5), 2_000)) {
    for (const bar of minute.bars) {
      const quotes = minute.quotes.filter((quote) => quote.instrument === bar.instrument);
      assert.deepEqual(
        quotes.map((quote) => quote.at - minute.openAt),
        [10_000, 20_000, 30_000, 40_000, 50_000, 60_000],
      );
      const bids = quotes.map((quote) => quote.bidPrice);
      assert.equal(bar.high, Math.max(bar.open, ...bids));
      assert.equal(bar.low, Math.min(bar.open, ...bids));
      assert.equal(bar.close, bids.at(-1));
      assert.ok(quotes.every((quote) => quote.askPrice === quote.bidPrice + bar.spread));
      assert.ok(bar.volume > 0 && bar.spread > 0 && bar.openAt === minute.openAt);
    }
  }
});

test('a bar opens where the last one closed while spread and week stay the same', () => {
  const bars = barsOf(minutes(market(6), 1_000), 'EUR_USD');
  for (const [index, bar] of bars.entries()) {
    const last = bars[index - 1];
    if (last !== undefined && last.spread === bar.spread) assert.equal(bar.open, last.close);
  }
});

test('crosses agree with their legs: every quote lies within half a tick of one hidden price', () => {
  const running = market(7);
  for (let count = 0; count < 500; count += 1) {
    const minute = nextMinute(running);
    assert.ok(minute !== undefined);
    const mid = (symbol: string): number => {
      const listing = running.listings.find((each) => each.instrument.symbol === symbol);
      const bar = minute.bars.find((each) => each.instrument === fxInstrument(symbol).id);
      assert.ok(listing !== undefined && bar !== undefined);
      const shown = bar.close + bar.spread / 2;
      assert.ok(Math.abs(shown - hiddenMid(listing)) <= 0.5 + 1e-6);
      return shown;
    };
    const implied = (mid('EUR_USD') / 100_000) * mid('USD_JPY');
    // Half a tick of each leg, as it weighs in the product, and half a tick of the cross.
    const allowed = 0.5 * (mid('USD_JPY') / 100_000) + 0.5 * (mid('EUR_USD') / 100_000) + 0.5 + 1e-3;
    assert.ok(Math.abs(implied - mid('EUR_JPY')) <= allowed);
  }
});

test('a weekend is passed over in one call and leaves a gap', () => {
  const all = minutes(market(8), 10_000);
  const breaks = all.flatMap((minute, index) => {
    const last = all[index - 1];
    return last !== undefined && minute.openAt - last.openAt > 24 * 3_600_000 ? [{ last, minute }] : [];
  });
  const [weekend] = breaks;
  assert.ok(weekend !== undefined && breaks.length === 1);
  assert.equal(new Date(weekend.last.openAt).toISOString(), '2026-01-09T21:57:00.000Z');
  assert.equal(new Date(weekend.minute.openAt).toISOString(), '2026-01-11T22:03:00.000Z');
  const gaps = weekend.minute.bars.map((bar, index) => Math.abs(bar.open - (weekend.last.bars[index]?.close ?? 0)));
  assert.ok(Math.max(...gaps) > 20, `gaps ${gaps}`);
});

test('the market ends with its calendar', () => {
  const late = market(9);
  late.nextAt = calendar.untilAt;
  assert.equal(nextMinute(late), undefined);
});

/** Mean span of whole days in ticks. */
function meanDayRange(bars: readonly Bar[]): number {
  const days = new Map<number, { high: number; low: number; count: number }>();
  for (const bar of bars) {
    const day = Math.floor(bar.openAt / 86_400_000);
    const seen = days.get(day) ?? { high: 0, low: Infinity, count: 0 };
    days.set(day, { high: Math.max(seen.high, bar.high), low: Math.min(seen.low, bar.low), count: seen.count + 1 });
  }
  const whole = [...days.values()].filter((day) => day.count > 1_400);
  return whole.reduce((sum, day) => sum + day.high - day.low, 0) / whole.length;
}

test('a day of the demonstration is lively: the planted trends double what a real euro or yen spans', () => {
  const ranges = [1, 2, 3].map((seed) => {
    const all = minutes(market(seed, ['EUR_USD', 'USD_JPY']), 30_000);
    return [meanDayRange(barsOf(all, 'EUR_USD')) / 10, meanDayRange(barsOf(all, 'USD_JPY')) / 10];
  });
  const mean = (column: number): number => ranges.reduce((sum, row) => sum + (row[column] ?? 0), 0) / ranges.length;
  assert.ok(mean(0) > 100 && mean(0) < 160, `EUR_USD spans ${mean(0)} pips`);
  assert.ok(mean(1) > 120 && mean(1) < 240, `USD_JPY spans ${mean(1)} pips`);
});

test('a rupture widens the spread of every instrument of its currency', () => {
  const running = market(10);
  const spreads = { quiet: new Set<number>(), rupture: new Set<number>() };
  for (let count = 0; count < 5_000; count += 1) {
    const minute = nextMinute(running);
    const euro = running.paths.find((path) => path.currency === 'EUR');
    const bar = minute?.bars.find((each) => each.instrument === 'EURUSD.OANDA');
    assert.ok(euro !== undefined && bar !== undefined);
    spreads[euro.regime.name === 'rupture' ? 'rupture' : 'quiet'].add(bar.spread);
  }
  assert.deepEqual([[...spreads.quiet], [...spreads.rupture]], [[10], [25]]);
});

test('following a trend pays more than the spread: the planted edge is there', () => {
  const bars = barsOf(minutes(market(11, ['EUR_USD']), 35_000), 'EUR_USD');
  let [sum, count] = [0, 0];
  for (let index = 12; index + 40 < bars.length; index += 10) {
    const [before, now, after] = [bars[index - 12], bars[index], bars[index + 40]];
    assert.ok(before !== undefined && now !== undefined && after !== undefined);
    const slope = now.close - before.close;
    if (Math.abs(slope) < 20) continue;
    sum += Math.sign(slope) * (after.close - now.close);
    count += 1;
  }
  assert.ok(count > 500 && sum / count > 10, `${sum / count} ticks in ${count} tries`);
});

test('minutes follow each other on the grid', () => {
  const [first, second] = minutes(market(), 2);
  assert.deepEqual([first?.openAt, second?.openAt], [startAt, startAt + minuteMs]);
});
