import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { candleSeries } from '../../tests/oracles/candle-arbitraries.ts';
import { averageTrueRange, createAverageTrueRange, pushTrueRange, type RangeBar } from './average-true-range.ts';

test('the first true range is high less low, later ones reach to the close before', () => {
  const average = createAverageTrueRange(3);
  assert.equal(averageTrueRange(average), 0);
  pushTrueRange(average, { high: 12, low: 10, close: 11 });
  assert.equal(averageTrueRange(average), 2);
  pushTrueRange(average, { high: 16, low: 15, close: 15 });
  assert.equal(averageTrueRange(average), (2 + 5) / 2);
  pushTrueRange(average, { high: 12, low: 11, close: 12 });
  assert.equal(averageTrueRange(average), (2 + 5 + 4) / 3);
  pushTrueRange(average, { high: 13, low: 12, close: 12 });
  assert.equal(averageTrueRange(average), (5 + 4 + 1) / 3);
});

test('the average equals the batch figure to the bit after every bar', () => {
  fc.assert(
    fc.property(candleSeries(0, 60), fc.integer({ min: 1, max: 20 }), (candles, period) => {
      const average = createAverageTrueRange(period);
      for (const [index, candle] of candles.entries()) {
        pushTrueRange(average, candle);
        assert.equal(averageTrueRange(average), slowAverage(candles.slice(0, index + 1), period));
      }
    }),
  );
});

test('a period below one bar and prices that are not finite are refused', () => {
  assert.throws(() => createAverageTrueRange(0), /above 0/);
  assert.throws(() => pushTrueRange(createAverageTrueRange(2), { high: Number.NaN, low: 1, close: 1 }), /finite/);
});

function slowAverage(bars: readonly RangeBar[], period: number): number {
  const trueRanges = bars.map((bar, index) => {
    const previous = bars[index - 1]?.close;
    if (previous === undefined) return bar.high - bar.low;
    return Math.max(bar.high - bar.low, Math.abs(bar.high - previous), Math.abs(bar.low - previous));
  });
  const last = trueRanges.slice(-period);
  return last.reduce((sum, range) => sum + range, 0) / last.length;
}
