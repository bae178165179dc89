import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  appendInterval,
  boundaryRank,
  differenceOf,
  intersectionOf,
  intervalEndAt,
  isFlatIntervals,
  isInside,
  unionOf,
} from './flat-intervals.ts';

const span = 60;
const boundaries = fc
  .uniqueArray(fc.integer({ min: 0, max: span }), { maxLength: 12 })
  .map((instants) => instants.sort((one, other) => one - other).slice(0, instants.length - (instants.length % 2)));

function slowIsInside(intervals: readonly number[], at: number): boolean {
  for (let index = 0; index < intervals.length; index += 2) {
    if (at >= (intervals[index] ?? NaN) && at < (intervals[index + 1] ?? NaN)) return true;
  }
  return false;
}

test('an interval holds its start and not its end', () => {
  assert.deepEqual(
    [9, 10, 19, 20].map((at) => isInside([10, 20], at)),
    [false, true, true, false],
  );
});

test('an instant that is not a number is outside', () => {
  assert.equal(isInside([10, 20], NaN), false);
});

test('the rank counts boundaries passed, and the end is known only inside', () => {
  assert.deepEqual([boundaryRank([10, 20, 30, 40], 30), intervalEndAt([10, 20, 30, 40], 30)], [3, 40]);
  assert.equal(intervalEndAt([10, 20, 30, 40], 20), undefined);
});

test('touching intervals unite', () => {
  assert.deepEqual(unionOf([10, 20], [20, 30]), [10, 30]);
});

test('a list is well formed only with pairs in strictly ascending order', () => {
  assert.equal(isFlatIntervals([]), true);
  assert.equal(isFlatIntervals([1, 2, 3, 4]), true);
  for (const wrong of [[1], [1, 1], [2, 1], [1, 2, 2, 3], [1, NaN]]) assert.equal(isFlatIntervals(wrong), false);
});

test('an appended interval grows its neighbour where they touch, and an empty one adds nothing', () => {
  const intervals: number[] = [];
  appendInterval(intervals, 1, 3);
  appendInterval(intervals, 3, 5);
  appendInterval(intervals, 4, 5);
  appendInterval(intervals, 7, 7);
  appendInterval(intervals, 8, 9);
  assert.deepEqual(intervals, [1, 5, 8, 9]);
});

test('union, intersection and difference agree with asking instant by instant', () => {
  fc.assert(
    fc.property(boundaries, boundaries, (first, second) => {
      const results = [unionOf(first, second), intersectionOf(first, second), differenceOf(first, second)];
      for (const result of results) assert.equal(isFlatIntervals(result), true);
      for (let at = -1; at <= span; at += 1) {
        const [inFirst, inSecond] = [slowIsInside(first, at), slowIsInside(second, at)];
        const expected = [inFirst || inSecond, inFirst && inSecond, inFirst && !inSecond];
        assert.deepEqual(
          results.map((result) => isInside(result, at)),
          expected,
        );
      }
    }),
    { seed: 20260308 },
  );
});
