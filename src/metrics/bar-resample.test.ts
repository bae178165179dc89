import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { candleSeries } from '../../tests/oracles/candle-arbitraries.ts';
import { createBarResample, pushBar } from './bar-resample.ts';
import type { Candle } from './candle.ts';

const MINUTE_MS = 60_000;

test('a bar closes with its last minute', () => {
  const resample = createBarResample(MINUTE_MS, 5 * MINUTE_MS);
  for (const minute of [0, 1, 2, 3]) assert.deepEqual(pushBar(resample, bar(minute, minute)), []);
  assert.deepEqual(pushBar(resample, bar(4, 9)), [{ openAt: 0, open: 0, high: 10, low: -1, close: 9, volume: 5 }]);
  assert.deepEqual(pushBar(resample, bar(5, 1)), []);
});

test('a bar whose last minute is missing closes when a later interval starts', () => {
  const resample = createBarResample(MINUTE_MS, 5 * MINUTE_MS);
  pushBar(resample, bar(7, 2));
  assert.deepEqual(pushBar(resample, bar(11, 3)), [{ ...bar(7, 2), openAt: 5 * MINUTE_MS }]);
});

test('one minute can close two bars', () => {
  const resample = createBarResample(MINUTE_MS, 5 * MINUTE_MS);
  pushBar(resample, bar(1, 2));
  const closed = pushBar(resample, bar(9, 3));
  assert.deepEqual(
    closed.map((each) => each.openAt),
    [0, 5 * MINUTE_MS],
  );
});

test('an interval equal to the source passes every bar through', () => {
  const resample = createBarResample(MINUTE_MS, MINUTE_MS);
  assert.deepEqual(pushBar(resample, bar(3, 1)), [bar(3, 1)]);
});

test('any series with gaps gives the bars of a batch grouping by epoch', () => {
  const minutes = fc.constantFrom(2, 5, 15, 60);
  fc.assert(
    fc.property(
      candleSeries(0, 120),
      fc.array(fc.boolean(), { minLength: 120, maxLength: 120, size: 'max' }),
      minutes,
      (all, kept, length) => {
        const candles = all.filter((_, index) => kept[index]);
        const resample = createBarResample(MINUTE_MS, length * MINUTE_MS);
        const closed = candles.flatMap((candle) => pushBar(resample, candle));
        const rest = resample.pending === undefined ? [] : [resample.pending];
        assert.deepEqual([...closed, ...rest], slowResample(candles, length * MINUTE_MS));
      },
    ),
  );
});

test('bars off the grid, bars that step back and intervals that do not divide are refused', () => {
  const resample = createBarResample(MINUTE_MS, 5 * MINUTE_MS);
  pushBar(resample, bar(3, 1));
  assert.throws(() => pushBar(resample, bar(3, 1)), /order of their opening/);
  assert.throws(() => pushBar(resample, { ...bar(4, 1), openAt: 4 * MINUTE_MS + 1 }), /grid/);
  assert.throws(() => createBarResample(MINUTE_MS, 90_000), /multiple/);
  assert.throws(() => createBarResample(0, MINUTE_MS), /above 0/);
});

function bar(minute: number, close: number): Candle {
  return { openAt: minute * MINUTE_MS, open: close, high: close + 1, low: close - 1, close, volume: 1 };
}

function slowResample(candles: readonly Candle[], intervalMs: number): Candle[] {
  const groups = Map.groupBy(candles, (candle) => candle.openAt - (candle.openAt % intervalMs));
  return [...groups].map(([openAt, group]) => ({
    openAt,
    open: group[0]?.open ?? Number.NaN,
    high: Math.max(...group.map((each) => each.high)),
    low: Math.min(...group.map((each) => each.low)),
    close: group.at(-1)?.close ?? Number.NaN,
    volume: group.reduce((sum, each) => sum + each.volume, 0),
  }));
}
