import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { bitWindow } from '../../tests/oracles/candle-arbitraries.ts';
import { mapEvents } from '../../tests/oracles/manifold-oracle.ts';
import { addToHead, addToWindow, countPairs, createPairCounts } from './pair-counts.ts';

test('a count starts empty and needs two bits', () => {
  assert.deepEqual(createPairCounts(8), { length: 8, persisting: 0, flips: 0, headPersisting: 0, headFlips: 0 });
  assert.throws(() => createPairCounts(1), /at least two bits/);
});

test('a pair that enters and leaves leaves no trace', () => {
  const counts = createPairCounts(4);
  for (const ones of [0, 1, 2]) {
    addToWindow(counts, ones, 1);
    addToHead(counts, ones, 1);
  }
  assert.deepEqual(counts, { length: 4, persisting: 1, flips: 1, headPersisting: 1, headFlips: 1 });
  for (const ones of [0, 1, 2]) {
    addToWindow(counts, ones, -1);
    addToHead(counts, ones, -1);
  }
  assert.deepEqual(counts, createPairCounts(4));
});

test('a window that leaves the bits is refused', () => {
  assert.throws(() => countPairs(new Uint8Array(10), 3, 8), /inside the bits/);
});

test('the counts equal those of the listed events, in the window and in its first 20 bits', () => {
  fc.assert(
    fc.property(bitWindow(2, 140), fc.nat({ max: 20 }), (window, offset) => {
      const bits = new Uint8Array(offset + window.length + 1).fill(1);
      bits.set(window, offset);
      const counts = countPairs(bits, offset, window.length);
      const events = mapEvents([...window]);
      const head = mapEvents([...window.subarray(0, 20)]);
      assert.equal(counts.persisting, events.filter((event) => event === 'RUPTURE').length);
      assert.equal(counts.flips, events.filter((event) => event === 'FLIP').length);
      assert.equal(counts.headPersisting, head.filter((event) => event === 'RUPTURE').length);
      assert.equal(counts.headFlips, head.filter((event) => event === 'FLIP').length);
    }),
  );
});
