import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fxInstrument } from '#domain/instrument.ts';
import { mapCandles, minuteMs } from './mapper-candles.ts';
import { formatVenueTime } from './oanda-time.ts';

const euro = fxInstrument('EUR_USD');
const startAt = Date.UTC(2026, 0, 5, 12);
const span = { fromAt: startAt, untilAt: startAt + 60 * minuteMs, nowAt: startAt + 60 * minuteMs };

function candleAt(minute: number, change: object = {}): object {
  return {
    time: formatVenueTime(startAt + minute * minuteMs),
    complete: true,
    volume: 12,
    mid: { o: '1.10000', h: '1.10020', l: '1.09990', c: '1.10010' },
    bid: { o: '1.09995', h: '1.10015', l: '1.09985', c: '1.10004' },
    ask: { o: '1.10005', h: '1.10025', l: '1.09995', c: '1.10016' },
    ...change,
  };
}

test('a candle becomes a bar of mid prices with the spread of its close', () => {
  assert.deepEqual(mapCandles(euro, [candleAt(0)], span), {
    bars: [
      {
        instrument: 'EURUSD.OANDA',
        openAt: startAt,
        open: 110_000,
        high: 110_020,
        low: 109_990,
        close: 110_010,
        volume: 12,
        spread: 12,
      },
    ],
    problems: [],
  });
});

test('the recorded candle of an index is read with its own decimals, and without a book it has no spread', () => {
  const index = { ...euro, symbol: 'DE30_EUR', priceDecimals: 1 };
  const recorded = {
    volume: 132,
    time: '2016-10-17T19:35:00.000000000Z',
    complete: true,
    mid: { h: '10508.0', c: '10506.0', l: '10503.8', o: '10503.8' },
  };
  const at = Date.UTC(2016, 9, 17, 19, 35);
  const { bars } = mapCandles(index, [recorded], { fromAt: at, untilAt: at + minuteMs, nowAt: at + minuteMs });
  assert.deepEqual(
    bars.map(({ open, high, low, close, spread, volume }) => [open, high, low, close, spread, volume]),
    [[105_038, 105_080, 105_038, 105_060, 0, 132]],
  );
});

test('a mid price between two ticks goes to the even one', () => {
  const mid = { o: '1.100005', h: '1.100015', l: '1.100005', c: '1.100015' };
  const [bar] = mapCandles(euro, [candleAt(0, { mid })], span).bars;
  assert.deepEqual([bar?.open, bar?.high, bar?.low, bar?.close], [110_000, 110_002, 110_000, 110_002]);
});

test('F81: a candle that is still forming is no bar, and none that says nothing of it', () => {
  assert.deepEqual(mapCandles(euro, [candleAt(0, { complete: false })], span), { bars: [], problems: [] });
  assert.equal(mapCandles(euro, [candleAt(0, { complete: undefined })], span).problems[0]?.reason, 'MALFORMED_BAR');
});

test('F80: a candle that comes twice or too late in the list is put aside; absent minutes are absent', () => {
  const { bars, problems } = mapCandles(euro, [candleAt(0), candleAt(3), candleAt(3), candleAt(2), candleAt(4)], span);
  assert.deepEqual(
    bars.map(({ openAt }) => (openAt - startAt) / minuteMs),
    [0, 3, 4],
  );
  assert.deepEqual(
    problems.map(({ reason }) => reason),
    ['DUPLICATE_BAR', 'UNORDERED_BAR'],
  );
});

test('F82: a candle of the future, between minutes, or in another unit of time is put aside', () => {
  const late = formatVenueTime(startAt + 86_400_000);
  for (const [time, reason] of [
    [late, 'FUTURE_BAR'],
    [formatVenueTime(startAt + 1_000), 'BAD_BAR_TIME'],
    [String(startAt * 1000), 'BAD_BAR_TIME'],
    ['soon', 'BAD_BAR_TIME'],
  ])
    assert.equal(mapCandles(euro, [candleAt(0, { time })], span).problems[0]?.reason, reason, time);
});

test('F78: figures that cannot be are put aside', () => {
  const mid = { o: '1.10000', h: '1.10020', l: '1.09990', c: '1.10010' };
  for (const [change, reason] of [
    [{ mid: { ...mid, l: '0.00000' } }, 'BAD_BAR_FIGURES'],
    [{ mid: { ...mid, c: '-37.63' } }, 'BAD_BAR_FIGURES'],
    [{ mid: { ...mid, h: '1.09000' } }, 'BAD_BAR_FIGURES'],
    [{ mid: { ...mid, h: '1e12' } }, 'BAD_BAR_FIGURES'],
    [{ mid: { ...mid, h: '9.10020' } }, 'ABSURD_BAR'],
    [{ mid: undefined }, 'BAD_BAR_FIGURES'],
    [{ ask: { ...mid, c: '1.09000' } }, 'BAD_BAR_FIGURES'],
    [{ volume: -1 }, 'BAD_BAR_FIGURES'],
    [{ volume: 'many' }, 'MALFORMED_BAR'],
  ] as const)
    assert.equal(mapCandles(euro, [candleAt(0, change)], span).problems[0]?.reason, reason, JSON.stringify(change));
});

test('what lies outside of the span is left out without a word', () => {
  assert.deepEqual(mapCandles(euro, [candleAt(-1)], span), { bars: [], problems: [] });
});
