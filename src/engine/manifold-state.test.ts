import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createRandom, draw } from '#base/random.ts';
import type { EventByType } from '#domain/events.ts';
import { createManifoldTrack, createWindowMetrics, measureWindow, pushCandle } from '#metrics/manifold-track.ts';
import { sampleSigma } from '#metrics/sigma.ts';
import { barOf } from '../../tests/support/desk-fixture.ts';
import { createManifoldState, evolveManifold, type ManifoldState } from './manifold-state.ts';

type Bar = EventByType['bar.closed'];
type Window = EventByType['manifold.published'];

const minuteMs = 60_000;
const settings = { signaturePrecision: 2, signatureLookbackMinutes: 60 };
/** Minute 0 of an hour: divisible by four. */
const startAt = Date.UTC(2026, 0, 14, 12);

/** A walk of so many bars, the first opening at the start. */
function walk(count: number, seed = 1): Bar[] {
  const random = createRandom(seed);
  let close = 110_000;
  return Array.from({ length: count }, (_, index) => {
    close += Math.round((draw(random, 'step') - 0.5) * 40);
    const reach = 1 + Math.floor(draw(random, 'reach') * 20);
    const bar = barOf('EUR_USD', close, startAt + (index + 1) * minuteMs);
    return { ...bar, high: close + reach, low: close - reach, volume: Math.floor(draw(random, 'volume') * 100) };
  });
}

function run(state: ManifoldState, bars: readonly Bar[]): Window[] {
  const windows: Window[] = [];
  for (const bar of bars) {
    const window = evolveManifold(state, bar, 5, settings);
    if (window !== undefined) windows.push(window);
  }
  return windows;
}

test('the first window needs 129 bars, then one comes on every bar whose minute is divisible by four', () => {
  const windows = run(createManifoldState(), walk(141));
  assert.deepEqual(
    windows.map(({ windowEndAt }) => (windowEndAt - startAt) / minuteMs),
    [128, 132, 136, 140],
  );
});

test('the rhythm follows the clock, not the number of bars taken in', () => {
  const windows = run(createManifoldState(), walk(140).slice(3));
  assert.deepEqual(
    windows.map(({ windowEndAt }) => (windowEndAt - startAt) / minuteMs),
    [132, 136],
  );
});

test("a window tells the measures of the last 129 bars in decimals, at its bar's arrival", () => {
  const bars = walk(133);
  const window = run(createManifoldState(), bars).at(-1);
  const track = createManifoldTrack();
  for (const { openAt, open, high, low, close, volume } of bars.slice(-129)) {
    pushCandle(track, { openAt, open: open / 1e5, high: high / 1e5, low: low / 1e5, close: close / 1e5, volume });
  }
  const expected = createWindowMetrics();
  assert.ok(measureWindow(track, expected));
  const last = bars.at(-1);
  assert.ok(window !== undefined && last !== undefined);
  for (const key of Object.keys(expected) as (keyof typeof expected)[]) assert.equal(window[key], expected[key], key);
  assert.equal(window.at, last.at);
  assert.equal(window.endPrice, last.close / 1e5);
});

test('sigma is the sample deviation of the last 240 returns', () => {
  const bars = walk(301);
  const window = run(createManifoldState(), bars).at(-1);
  const closes = bars.slice(-241).map(({ close }) => close / 1e5);
  assert.ok(window !== undefined);
  assert.ok(Math.abs(window.sigmaEffective - sampleSigma(closes)) < 1e-15);
});

test('the measures of the window before stay at hand from the second window on', () => {
  const state = createManifoldState();
  const bars = walk(137);
  run(state, bars.slice(0, 129));
  assert.equal(state.previousCoherence, 0);
  const { coherence, patternCoherence } = state.window;
  run(state, bars.slice(129, 133));
  assert.equal(state.previousCoherence, coherence);
  assert.equal(state.previousPatternCoherence, patternCoherence);
  assert.equal(state.windowCount, 2);
});

test('the hazard is the chance of a rupture within a minute at the mean rate after the first window', () => {
  const windows = run(createManifoldState(), walk(141));
  assert.equal(windows[0]?.hazardLambda, 0);
  const ruptures = windows.slice(1).reduce((sum, { rupture }) => sum + rupture, 0);
  const minutes = 12;
  assert.ok(Math.abs((windows.at(-1)?.hazardLambda ?? 0) - (1 - Math.exp(-ruptures / minutes))) < 1e-12);
});

test('ruptures are remembered for 129 windows', () => {
  const state = createManifoldState();
  run(state, walk(129 + 4 * 140));
  assert.equal(state.windowCount, 141);
  assert.equal(state.ruptures.length, 129);
  assert.equal(state.windowEnds.length, 129);
  assert.equal(state.windowEnds.at(-1), startAt + (128 + 4 * 140) * minuteMs);
});

test('a signature counts its returns within the look-back of the policy', () => {
  const still = Array.from({ length: 200 }, (_, index) => barOf('EUR_USD', 110_000, startAt + (index + 1) * minuteMs));
  const windows = run(createManifoldState(), still);
  assert.deepEqual(new Set(windows.map(({ signature }) => signature)).size, 1);
  assert.deepEqual(
    windows.slice(0, 4).map(({ repetitionCount }) => repetitionCount),
    [1, 2, 3, 4],
  );
  const first = windows[0];
  assert.equal(windows[3]?.firstSeenAt, first?.windowEndAt);
  // An hour of windows four minutes apart is sixteen with both ends.
  assert.ok((windows.at(-1)?.repetitionCount ?? 0) <= 16);
});
