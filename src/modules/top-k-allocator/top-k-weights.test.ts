import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { topKWeights } from './top-k-weights.ts';

test('the best three share in proportion to their scores, best first', () => {
  const weights = topKWeights(
    [
      { symbol: 'AUD_USD', score: 0.1 },
      { symbol: 'EUR_USD', score: 0.3 },
      { symbol: 'GBP_USD', score: 0.5 },
      { symbol: 'USD_JPY', score: 0.2 },
    ],
    3,
  );
  assert.deepEqual(Object.entries(weights), [
    ['GBP_USD', 0.5],
    ['EUR_USD', 0.3],
    ['USD_JPY', 0.2],
  ]);
});

test('equal scores go by symbol', () => {
  const tied = ['USD_JPY', 'AUD_USD', 'GBP_USD'].map((symbol) => ({ symbol, score: 0.4 }));
  assert.deepEqual(topKWeights(tied, 2), { AUD_USD: 0.5, GBP_USD: 0.5 });
});

test('fewer candidates than places share everything, and none gives nothing', () => {
  assert.deepEqual(topKWeights([{ symbol: 'EUR_USD', score: 0.01 }], 3), { EUR_USD: 1 });
  assert.deepEqual(topKWeights([], 3), {});
});

test('a score that is zero, negative or not a number earns no weight', () => {
  const scores = [0, -0.1, Number.NaN, 0.5];
  assert.deepEqual(
    topKWeights(
      scores.map((score, index) => ({ symbol: `S${index}`, score })),
      3,
    ),
    { S3: 1 },
  );
});

test('weights are positive and sum to one whatever the scores', () => {
  fc.assert(
    fc.property(
      fc.array(fc.double({ min: 1e-9, max: 2, noNaN: true }), { minLength: 1, maxLength: 8 }),
      fc.integer({ min: 1, max: 8 }),
      (scores, topK) => {
        const weights = Object.values(
          topKWeights(
            scores.map((score, index) => ({ symbol: `S${index}`, score })),
            topK,
          ),
        );
        assert.equal(weights.length, Math.min(topK, scores.length));
        assert.ok(weights.every((weight) => weight > 0));
        assert.ok(Math.abs(weights.reduce((sum, weight) => sum + weight, 0) - 1) <= 1e-12);
      },
    ),
  );
});
