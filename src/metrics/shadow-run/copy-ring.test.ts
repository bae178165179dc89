import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { copyRing } from './copy-ring.ts';

test('an entry keeps its number in a longer ring', () => {
  fc.assert(
    fc.property(fc.nat(50), fc.integer({ min: 1, max: 8 }), fc.integer({ min: 0, max: 8 }), (first, length, longer) => {
      const from = new Float64Array(length);
      for (let index = first; index < first + length; index += 1) from[index % length] = index;
      const into = new Float64Array(length + longer);
      copyRing(from, into, first, first + length);
      for (let index = first; index < first + length; index += 1) assert.equal(into[index % into.length], index);
    }),
  );
});

test('a ring too short for the entries is refused', () => {
  assert.throws(() => copyRing(new Float64Array(4), new Float64Array(2), 0, 3), /both rings hold/);
  assert.throws(() => copyRing(new Float64Array(2), new Float64Array(4), 0, 3), /both rings hold/);
});
