import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { normalQuantile } from './normal-quantile.ts';

test('quantiles are those of an independent implementation', () => {
  // statistics.NormalDist().inv_cdf of Python, which follows the same paper.
  const known: [number, number][] = [
    [0.5, 0],
    [0.975, 1.9599639845400536],
    [0.1, -1.2815515655446008],
    [0.001, -3.090232306167813],
    [0.9999999, 5.199337582290662],
    [1e-10, -6.361340902404056],
    [1e-16, -8.222082216130435],
    [1e-300, -37.0470962993612],
  ];
  for (const [probability, quantile] of known) assert.equal(normalQuantile(probability), quantile, `at ${probability}`);
});

test('a higher probability has a higher quantile, and the two halves mirror each other', () => {
  const steps = 4_096;
  fc.assert(
    fc.property(fc.integer({ min: 1, max: steps - 2 }), (step) => {
      const [lower, upper] = [normalQuantile(step / steps), normalQuantile((step + 1) / steps)];
      assert.ok(lower < upper);
      assert.equal(Math.abs(lower + normalQuantile((steps - step) / steps)) < 1e-14, true);
    }),
  );
});

test('a probability outside its range is our own mistake', () => {
  for (const probability of [0, 1, -0.1, 1.1, NaN]) assert.throws(() => normalQuantile(probability), /between 0 and 1/);
});
