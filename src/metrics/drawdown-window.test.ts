import assert from 'node:assert/strict';
import { test } from 'node:test';
import { deserialize, serialize } from 'node:v8';
import fc from 'fast-check';
import {
  createDrawdownWindow,
  type DrawdownWindow,
  evictBefore,
  pushIncrement,
  windowDrawdown,
  windowRun,
  windowSize,
  windowSum,
} from './drawdown-window.ts';

// Multiples of 1/8 add without rounding, so that the grouping of sums cannot show.
const step = fc.record({
  wait: fc.nat({ max: 3 }),
  increment: fc.integer({ min: -4000, max: 4000 }).map((eighths) => eighths / 8),
  keep: fc.nat({ max: 12 }),
});

test('sum, peak, trough and drawdown equal those of the path walked anew', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 120, size: 'max' }), (steps) => {
      const window = createDrawdownWindow(200);
      let held: { key: number; increment: number }[] = [];
      let key = 0;
      for (const { wait, increment, keep } of steps) {
        key += wait;
        pushIncrement(window, key, increment);
        held.push({ key, increment });
        evictBefore(window, key - keep);
        held = held.filter((each) => each.key >= key - keep);
        assert.deepEqual(windowRun(window), slowRun(held.map((each) => each.increment)));
        assert.equal(windowSize(window), held.length);
      }
    }),
    { numRuns: 200 },
  );
});

test('a loss at the start of the path is a drawdown, since the path starts at 0', () => {
  const window = createDrawdownWindow(10);
  assert.equal(windowDrawdown(window), 0);
  pushIncrement(window, 1, -3);
  pushIncrement(window, 2, 5);
  pushIncrement(window, 3, -4);
  assert.equal(windowDrawdown(window), 4);
  assert.equal(windowSum(window), -2);
  evictBefore(window, 3);
  assert.equal(windowDrawdown(window), 4);
  evictBefore(window, 4);
  assert.equal(windowDrawdown(window), 0);
  assert.equal(windowSum(window), 0);
  assert.equal(windowSize(window), 0);
});

test('an increment whose key equals the bound stays', () => {
  const window = createDrawdownWindow(10);
  pushIncrement(window, 5, 1);
  evictBefore(window, 5);
  assert.equal(windowSize(window), 1);
});

test('a window survives serialisation as it is, in the middle of its two stacks', () => {
  const window = createDrawdownWindow(10);
  for (const key of [1, 2, 3]) pushIncrement(window, key, key);
  evictBefore(window, 2);
  pushIncrement(window, 4, -6);
  const restored: DrawdownWindow = deserialize(serialize(window));
  evictBefore(restored, 3);
  assert.deepEqual(windowRun(restored), slowRun([3, -6]));
});

test('a falling key, an overflow and an increment that is not finite are refused', () => {
  const window = createDrawdownWindow(2);
  pushIncrement(window, 5, 1);
  assert.throws(() => pushIncrement(window, 4, 1), /never fall/);
  assert.throws(() => pushIncrement(window, 6, Number.NaN), /finite/);
  pushIncrement(window, 5, 1);
  assert.throws(() => pushIncrement(window, 6, 1), /capacity/);
});

function slowRun(increments: readonly number[]): { sum: number; peak: number; trough: number; drawdown: number } {
  let sum = 0;
  const points = [0, ...increments.map((increment) => (sum += increment))];
  const falls = points.flatMap((point, index) => points.slice(index).map((later) => point - later));
  return { sum, peak: Math.max(...points), trough: Math.min(...points), drawdown: Math.max(...falls) };
}
