import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { formatScaled, fromDecimal, mulDivRound, type Rounding, toDecimal } from './scale.ts';

test('a scaled price reads back as the double a parser gives', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 1_000_000_000 }), fc.integer({ min: 0, max: 8 }), (value, decimals) => {
      assert.equal(toDecimal(value, decimals), Number(formatScaled(value, decimals)));
      assert.equal(fromDecimal(toDecimal(value, decimals), decimals), value);
    }),
  );
});

test('negative amounts keep their sign and all their decimals', () => {
  assert.equal(formatScaled(-5, 3), '-0.005');
  assert.equal(formatScaled(-12345, 2), '-123.45');
  assert.equal(formatScaled(7, 0), '7');
});

test('each rounding takes its own side of a half', () => {
  const cases: [number, Rounding, number][] = [
    [5, 'towardZero', 2],
    [5, 'up', 3],
    [5, 'halfEven', 2],
    [7, 'halfEven', 4],
    [5, 'halfAway', 3],
    [-5, 'towardZero', -2],
    [-5, 'up', -3],
    [-5, 'halfEven', -2],
    [-7, 'halfEven', -4],
  ];
  for (const [numerator, rounding, expected] of cases) assert.equal(mulDivRound(numerator, 1, 2, rounding), expected);
});

test('products beyond 2^53 are divided exactly', () => {
  assert.equal(mulDivRound(9_007_199_254_740_991, 3, 3, 'halfEven'), 9_007_199_254_740_991);
  fc.assert(
    fc.property(fc.maxSafeInteger(), fc.integer({ min: 1, max: 1_000_000_000 }), (value, factor) => {
      assert.equal(mulDivRound(value, factor, factor, 'towardZero'), value);
    }),
  );
});

test('small and large paths agree on rounding', () => {
  const roundings: Rounding[] = ['towardZero', 'up', 'halfEven', 'halfAway'];
  fc.assert(
    fc.property(
      fc.integer({ min: -1_000_000, max: 1_000_000 }),
      fc.integer({ min: 1, max: 999 }),
      fc.constantFrom(...roundings),
      (value, divisor, rounding) => {
        const large = 1_000_000_007;
        assert.equal(
          mulDivRound(value, 1, divisor, rounding),
          mulDivRound(value * 1000, large, divisor * 1000 * large, rounding),
        );
      },
    ),
  );
});

test('a result beyond 2^53 stops', () => {
  assert.throws(() => mulDivRound(9_007_199_254_740_991, 2, 1, 'halfEven'), /beyond 2\^53/);
});
