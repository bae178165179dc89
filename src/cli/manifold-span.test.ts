import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { buildManifoldDocument } from '#metrics/manifold-document.ts';
import { goldenSeries } from '../../tests/oracles/golden-series.ts';
import { firstFrom, manifoldOfSpan } from './manifold-span.ts';

const candles = goldenSeries();
const startAt = candles[0]?.openAt ?? 0;
const minuteMs = 60_000;
const settings = { instrument: 'EUR_USD', precision: 2, lookbackMinutes: 60 };

function spanOf(first: number, end: number) {
  return { ...settings, fromAt: startAt + first * minuteMs, untilAt: startAt + end * minuteMs };
}

test('a part has a window at its first candle and at every fourth after it', () => {
  const document = manifoldOfSpan(candles, spanOf(400, 600));
  assert.deepEqual(
    document.signals.map((signal) => (signal.window_end_ms - startAt) / minuteMs),
    Array.from({ length: 50 }, (_, index) => 400 + 4 * index),
  );
  assert.equal(document.count, 200);
  assert.equal(document.t0_ms, startAt + 400 * minuteMs);
  assert.equal(document.t1_ms, startAt + 599 * minuteMs);
});

test('the windows of a part are those of the whole series, repetitions included', () => {
  const whole = buildManifoldDocument(candles, { ...settings, uncapped: true });
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 450 }), fc.integer({ min: 1, max: 400 }), (step, length) => {
      const first = step * 4;
      const document = manifoldOfSpan(candles, spanOf(first, first + length));
      const expected = whole.signals.filter(
        ({ window_end_ms: endAt }) =>
          endAt >= startAt + first * minuteMs && endAt < startAt + (first + length) * minuteMs,
      );
      // A series cut shorter than one window is measured by shorter windows, as the kernel does.
      if (first + length < 130) return;
      assert.deepEqual(document.signals, expected);
    }),
    { numRuns: 60 },
  );
});

test('the figures of a part speak of its own candles and windows', () => {
  const document = manifoldOfSpan(candles, spanOf(1000, 1200));
  const alone = buildManifoldDocument(candles.slice(1000, 1200), { ...settings, uncapped: true });
  assert.equal(document.coeffs.sigma_eff, alone.coeffs.sigma_eff);
  assert.deepEqual(document.metrics, document.signals.at(-1)?.metrics);
  assert.equal(document.hazard_lambda, document.coeffs.lambda);
  assert.ok(document.coeffs.lambda > 0 && document.coeffs.lambda < 1);
});

test('a part without candles has none, and one without a window shows no measures', () => {
  const empty = manifoldOfSpan(candles, spanOf(5000, 6000));
  assert.equal(empty.count, 0);
  assert.deepEqual(empty.signals, []);
  const short = manifoldOfSpan(candles.slice(0, 5), spanOf(0, 5));
  assert.equal(short.count, 5);
  assert.equal(short.metrics.coherence, 0);
  assert.equal(short.coeffs.lambda, 0);
});

test('the first place at or after an instant is found among any candles', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 300 }), fc.integer({ min: -5, max: 305 }), (count, minute) => {
      const some = candles.slice(0, count);
      const at = startAt + minute * minuteMs + 1;
      const found = some.findIndex((candle) => candle.openAt >= at);
      assert.equal(firstFrom(some, at), found === -1 ? count : found);
    }),
  );
});
