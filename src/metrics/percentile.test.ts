import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { percentile, percentileOfSorted } from './percentile.ts';

test('percentiles lie on a straight line between neighbours', () => {
  const values = [40, 10, 30, 20];
  assert.equal(percentile(values, 0), 10);
  assert.equal(percentile(values, 0.25), 17.5);
  assert.equal(percentile(values, 0.5), 25);
  assert.equal(percentile(values, 0.75), 32.5);
  assert.equal(percentile(values, 1), 40);
  assert.deepEqual(values, [40, 10, 30, 20]);
});

test('one value is every percentile of itself', () => {
  for (const fraction of [0, 0.3, 1]) assert.equal(percentile([7], fraction), 7);
});

test('the percentile at k of n - 1 is the value of rank k', () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: -1000, max: 1000 }), { minLength: 2, maxLength: 40 }),
      fc.nat(),
      (values, pick) => {
        const rank = pick % values.length;
        const sorted = values.toSorted((a, b) => a - b);
        assert.ok(Math.abs(percentile(values, rank / (values.length - 1)) - (sorted[rank] ?? Number.NaN)) < 1e-9);
      },
    ),
  );
});

test('a percentile never falls as its fraction rises', () => {
  const fractions = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 2, maxLength: 10 });
  fc.assert(
    fc.property(fc.array(fc.integer(), { minLength: 1, maxLength: 30 }), fractions, (values, list) => {
      const results = list.toSorted((a, b) => a - b).map((fraction) => percentile(values, fraction));
      assert.deepEqual(
        results,
        results.toSorted((a, b) => a - b),
      );
    }),
  );
});

test('a sorted array can be longer than what counts of it', () => {
  assert.equal(percentileOfSorted(Float64Array.of(1, 2, 3, 99), 3, 1), 3);
});

test('no value, no number and a fraction outside 0 to 1 are refused', () => {
  assert.throws(() => percentile([], 0.5), /at least one value/);
  assert.throws(() => percentile([1, Number.NaN], 0.5), /of numbers/);
  assert.throws(() => percentile([1], 1.1), /between 0 and 1/);
  assert.throws(() => percentile([1], Number.NaN), /between 0 and 1/);
});
