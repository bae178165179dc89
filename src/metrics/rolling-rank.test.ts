import assert from 'node:assert/strict';
import { test } from 'node:test';
import { deserialize, serialize } from 'node:v8';
import fc from 'fast-check';
import { percentile } from './percentile.ts';
import { createRollingRank, pushValue, quantile, type RollingRank, rankFraction } from './rolling-rank.ts';

const values = fc.array(fc.constantFrom(-2, -1, -0, 0, 0.5, 1, 1, 2, 3, 1e9), {
  minLength: 1,
  maxLength: 80,
  size: 'max',
});

test('after every value the quantiles and ranks equal those of the last values sorted anew', () => {
  fc.assert(
    fc.property(
      values,
      fc.integer({ min: 1, max: 12 }),
      fc.double({ min: 0, max: 1, noNaN: true }),
      (list, capacity, fraction) => {
        const rank = createRollingRank(capacity);
        for (const [index, value] of list.entries()) {
          pushValue(rank, value);
          const last = list.slice(Math.max(0, index + 1 - capacity), index + 1);
          assert.equal(quantile(rank, fraction), percentile(last, fraction) + 0);
          assert.equal(rankFraction(rank, value), last.filter((each) => each <= value).length / last.length);
          assert.deepEqual(
            [...rank.sorted.subarray(0, rank.count)],
            last.map((each) => each + 0).toSorted((a, b) => a - b),
          );
        }
      },
    ),
    { numRuns: 200 },
  );
});

test('an empty window has rank 0 and no quantile', () => {
  const rank = createRollingRank(3);
  assert.equal(rankFraction(rank, 1), 0);
  assert.throws(() => quantile(rank, 0.5), /at least one value/);
});

test('a window survives serialisation as it is', () => {
  const rank = createRollingRank(4);
  for (const value of [5, 3, 9, 1, 7]) pushValue(rank, value);
  const restored: RollingRank = deserialize(serialize(rank));
  assert.deepEqual(restored, rank);
  pushValue(restored, 4);
  assert.equal(quantile(restored, 1), 9);
  assert.equal(quantile(restored, 0), 1);
});

test('what is not finite cannot be ranked and a window holds at least one value', () => {
  assert.throws(() => pushValue(createRollingRank(2), Number.NaN), /finite/);
  assert.throws(() => createRollingRank(0), /at least one value/);
});
