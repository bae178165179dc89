import assert from 'node:assert/strict';
import { test } from 'node:test';
import { goldenSeries } from '../../tests/oracles/golden-series.ts';
import { candlesOf } from './candles-of.ts';

test('bars in ticks become candles with the very prices a file of them holds', () => {
  const candles = goldenSeries(300);
  const column = (read: (candle: (typeof candles)[number]) => number) => Float64Array.from(candles, read);
  const ticks = (read: (candle: (typeof candles)[number]) => number) =>
    column((candle) => Math.round(read(candle) * 1e5));
  const columns = {
    instrument: 'EURUSD.OANDA',
    intervalMs: 60_000,
    priceDecimals: 5,
    priceBasis: 'bid',
    hasVolume: true,
    length: candles.length,
    openAt: column((candle) => candle.openAt),
    open: ticks((candle) => candle.open),
    high: ticks((candle) => candle.high),
    low: ticks((candle) => candle.low),
    close: ticks((candle) => candle.close),
    volume: column((candle) => candle.volume),
    spread: new Float64Array(candles.length),
  } as const;
  assert.deepEqual(candlesOf(columns), candles);
});
