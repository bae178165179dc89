import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { BarColumns } from '#domain/bar.ts';
import { columnsFeed } from './columns-feed.ts';

const minuteMs = 60_000;

function columns(instrument: string, minutes: readonly number[]): BarColumns {
  const openAt = Float64Array.from(minutes, (minute) => minute * minuteMs);
  const prices = Float64Array.from(minutes, (minute) => 1000 + minute);
  return {
    instrument,
    intervalMs: minuteMs,
    priceDecimals: 5,
    priceBasis: 'bid',
    hasVolume: false,
    length: minutes.length,
    openAt,
    open: prices,
    high: prices,
    low: prices,
    close: prices,
    volume: new Float64Array(minutes.length),
    spread: new Float64Array(minutes.length),
  };
}

function drain(feed: ReturnType<typeof columnsFeed>): string[] {
  const told: string[] = [];
  for (;;) {
    const at = feed.peekAt();
    const event = feed.next();
    if (event === undefined) return told;
    assert.equal(event.at, at);
    told.push(`${event.instrument}@${event.at / minuteMs}`);
  }
}

test('bars come by their close and then by instrument, whatever the order of the series', () => {
  const first = columns('A', [1, 2, 4]);
  const second = columns('B', [1, 3, 4]);
  const expected = ['A@2', 'B@2', 'A@3', 'B@4', 'A@5', 'B@5'];
  assert.deepEqual(drain(columnsFeed([first, second])), expected);
  assert.deepEqual(drain(columnsFeed([second, first])), expected);
});

test('a feed at its end announces nothing', () => {
  const feed = columnsFeed([]);
  assert.equal(feed.peekAt(), Infinity);
  assert.equal(feed.next(), undefined);
});

test('skipping drops what closed at or before the time', () => {
  const feed = columnsFeed([columns('A', [1, 2, 4])]);
  feed.skipTo(3 * minuteMs);
  assert.deepEqual(drain(feed), ['A@5']);
});
