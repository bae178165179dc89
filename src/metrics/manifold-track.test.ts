import assert from 'node:assert/strict';
import { test } from 'node:test';
import { deserialize, serialize } from 'node:v8';
import fc from 'fast-check';
import { candleSeries } from '../../tests/oracles/candle-arbitraries.ts';
import { goldenSeries } from '../../tests/oracles/golden-series.ts';
import { oracleBits, oracleDownBits, oracleMetrics, oracleRunRatio } from '../../tests/oracles/manifold-oracle.ts';
import type { Candle } from './candle.ts';
import {
  bitCount,
  createManifoldTrack,
  createWindowMetrics,
  type ManifoldTrack,
  measureWindow,
  pushCandle,
  type WindowMetrics,
} from './manifold-track.ts';

test('a window is measured from the 129th candle on, and before that nothing is written', () => {
  const candles = goldenSeries(129);
  const track = createManifoldTrack();
  const metrics = createWindowMetrics();
  assert.equal(bitCount(track), 0);
  for (const candle of candles.slice(0, 128)) {
    pushCandle(track, candle);
    assert.equal(measureWindow(track, metrics), false);
  }
  assert.equal(bitCount(track), 127);
  assert.deepEqual(metrics, createWindowMetrics());
  pushAll(track, candles.slice(128));
  assert.equal(measureWindow(track, metrics), true);
  assert.equal(bitCount(track), 128);
});

test('a window carries the opening and the close of its newest candle', () => {
  const candles = goldenSeries(200);
  const measured = measureAll(candles);
  assert.equal(measured.length, 72);
  for (const [index, metrics] of measured.entries()) {
    const newest = candles[index + 128];
    assert.equal(metrics.windowEndAt, newest?.openAt);
    assert.equal(metrics.endPrice, newest?.close);
  }
});

test('every window of the golden series at stride 1 equals the slow kernel to the bit', () => {
  const candles = goldenSeries();
  const measured = measureAll(candles);
  assert.equal(measured.length, 1872);
  compareWithOracle(candles, measured);
});

test('every window of a random series equals the slow kernel to the bit', () => {
  fc.assert(
    fc.property(candleSeries(129, 300), (candles) => compareWithOracle(candles, measureAll(candles))),
    { numRuns: 20 },
  );
});

test('altering the candles after a window never changes its metrics', () => {
  fc.assert(
    fc.property(candleSeries(140, 220), candleSeries(220, 220), fc.nat(), (candles, others, cutSeed) => {
      const cut = 129 + (cutSeed % (candles.length - 129));
      const altered = [...candles.slice(0, cut), ...others.slice(cut)];
      const known = cut - 128;
      assert.deepEqual(measureAll(altered).slice(0, known), measureAll(candles).slice(0, known));
    }),
    { numRuns: 30 },
  );
});

test('a track that was serialised goes on as if nothing had happened', () => {
  const candles = goldenSeries(400);
  const track = createManifoldTrack();
  pushAll(track, candles.slice(0, 250));
  const restored: ManifoldTrack = deserialize(serialize(track));
  assert.deepEqual(restored, track);
  const [one, other] = [createWindowMetrics(), createWindowMetrics()];
  for (const candle of candles.slice(250)) {
    pushCandle(track, candle);
    pushCandle(restored, candle);
    measureWindow(track, one);
    measureWindow(restored, other);
    assert.deepEqual(other, one);
  }
});

test('a steady fall has a full down-run ratio and no rupture', () => {
  const falling = Array.from({ length: 129 }, (_, index) => ({
    openAt: index * 60_000,
    open: 200 - index,
    high: 200 - index,
    low: 199 - index,
    close: 199 - index,
    volume: 0,
  }));
  const [metrics] = measureAll(falling);
  assert.equal(metrics?.downRunRatio, 1);
  assert.equal(metrics?.rupture, 0);
});

test('a candle that steps back in time stops the track, a gap does not', () => {
  const track = createManifoldTrack();
  const [first, second] = goldenSeries(2);
  assert.ok(first && second);
  pushAll(track, [first, { ...second, openAt: second.openAt + 86_400_000 }]);
  assert.equal(bitCount(track), 1);
  assert.throws(() => pushCandle(track, second), /order of their opening/);
});

test('a candle that is not finite stops the track', () => {
  const [first] = goldenSeries(1);
  assert.ok(first);
  assert.throws(() => pushCandle(createManifoldTrack(), { ...first, close: Number.NaN }), /finite/);
});

function pushAll(track: ManifoldTrack, candles: readonly Candle[]): void {
  for (const candle of candles) pushCandle(track, candle);
}

function measureAll(candles: readonly Candle[]): WindowMetrics[] {
  const track = createManifoldTrack();
  const metrics = createWindowMetrics();
  const measured: WindowMetrics[] = [];
  for (const candle of candles) {
    pushCandle(track, candle);
    if (measureWindow(track, metrics)) measured.push({ ...metrics });
  }
  return measured;
}

function compareWithOracle(candles: readonly Candle[], measured: readonly WindowMetrics[]): void {
  const ups = oracleBits(candles);
  const downs = oracleDownBits(candles);
  assert.equal(measured.length, ups.length - 127);
  for (const [start, metrics] of measured.entries()) {
    const { downRunRatio, windowEndAt: _at, endPrice: _price, ...kernel } = metrics;
    assert.deepEqual(kernel, oracleMetrics(ups.slice(start, start + 128)));
    assert.equal(downRunRatio, oracleRunRatio(downs.slice(start, start + 128)));
  }
}
