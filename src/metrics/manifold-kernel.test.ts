import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { bitWindow } from '../../tests/oracles/candle-arbitraries.ts';
import { oracleMetrics } from '../../tests/oracles/manifold-oracle.ts';
import { type KernelMetrics, measureBits } from './manifold-kernel.ts';
import { countPairs } from './pair-counts.ts';

test('any window of 2 to 256 bits equals the slow kernel to the bit', () => {
  fc.assert(
    fc.property(bitWindow(2, 256), (window) => {
      assert.deepEqual(measure(window, 0, window.length), oracleMetrics([...window]));
    }),
    { numRuns: 300 },
  );
});

test('windows of 128 bits equal the slow kernel to the bit, wherever they start', () => {
  fc.assert(
    fc.property(bitWindow(128, 128), fc.nat({ max: 30 }), (window, offset) => {
      const bits = new Uint8Array(offset + 140).fill(1);
      bits.set(window, offset);
      assert.deepEqual(measure(bits, offset, 128), oracleMetrics([...window]));
    }),
    { numRuns: 300 },
  );
});

test('one window leaves nothing behind for the next', () => {
  const first = Uint8Array.from({ length: 256 }, (_, index) => (index * 7 + (index >> 3)) & 1);
  const alone = measure(first, 0, 128);
  measure(new Uint8Array(256).fill(1), 0, 256);
  assert.deepEqual(measure(first, 0, 128), alone);
});

test('stability is exactly one less rupture', () => {
  fc.assert(
    fc.property(bitWindow(2, 256), (window) => {
      const metrics = measure(window, 0, window.length);
      assert.equal(metrics.stability, 1 - metrics.rupture);
    }),
  );
});

test('a steady fall has no rupture and full stability', () => {
  const metrics = measure(new Uint8Array(128), 0, 128);
  assert.equal(metrics.rupture, 0);
  assert.equal(metrics.stability, 1);
  assert.equal(metrics.entropy, 0.05000000074505806);
});

test('a window that leaves the bits is refused', () => {
  const bits = new Uint8Array(20);
  assert.throws(() => measureBits(bits, 10, countPairs(bits, 0, 12), blank()), /inside the bits/);
});

function measure(bits: Uint8Array, start: number, length: number): KernelMetrics {
  const metrics = blank();
  measureBits(bits, start, countPairs(bits, start, length), metrics);
  return metrics;
}

function blank(): KernelMetrics {
  return { coherence: 0, stability: 0, entropy: 0, rupture: 0, patternCoherence: 0 };
}
