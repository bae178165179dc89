import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { oracleSigma } from '../../tests/oracles/manifold-oracle.ts';
import { createSigmaWindow, pushClose, sampleSigma, windowSigma } from './sigma.ts';

const closes = fc.array(
  fc.oneof(
    { weight: 9, arbitrary: fc.double({ min: 0.5, max: 2, noNaN: true }) },
    { weight: 1, arbitrary: fc.constant(0) },
  ),
  {
    maxLength: 60,
    size: 'max',
  },
);

test('fewer than three closes or two returns have no sigma', () => {
  assert.equal(sampleSigma([]), 0);
  assert.equal(sampleSigma([1, 2]), 0);
  assert.equal(sampleSigma([1, 2, 0]), 0);
  assert.notEqual(sampleSigma([1, 2, 1]), 0);
});

test('sigma equals the slow figure to the bit, closes of 0 left out', () => {
  fc.assert(fc.property(closes, (values) => assert.equal(sampleSigma(values), oracleSigma(values))));
});

test('the sigma of a window equals the batch figure of its returns to the bit', () => {
  fc.assert(
    fc.property(closes, fc.integer({ min: 2, max: 20 }), (values, capacity) => {
      const window = createSigmaWindow(capacity);
      const returns: number[] = [];
      for (const [index, close] of values.entries()) {
        const previous = values[index - 1] ?? 0;
        pushClose(window, close);
        if (previous > 0 && close > 0) returns.push(Math.log(close / previous));
        assert.equal(windowSigma(window), slowDeviation(returns.slice(-capacity)));
      }
    }),
  );
});

test('a window that has not overflowed equals the batch sigma of all closes', () => {
  const values = [1.1, 1.2, 1.15, 1.3, 1.25];
  const window = createSigmaWindow(10);
  for (const close of values) pushClose(window, close);
  assert.equal(windowSigma(window), sampleSigma(values));
});

test('a close that is no number and a window for one return are refused', () => {
  assert.throws(() => pushClose(createSigmaWindow(5), Number.NaN), /finite/);
  assert.throws(() => createSigmaWindow(1), /at least two returns/);
});

function slowDeviation(returns: readonly number[]): number {
  if (returns.length < 2) return 0;
  const mean = returns.reduce((sum, value) => sum + value, 0) / returns.length;
  const squares = returns.reduce((sum, value) => sum + (value - mean) * (value - mean), 0);
  return Math.sqrt(squares / (returns.length - 1));
}
