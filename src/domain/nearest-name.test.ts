import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { editDistance, nearestName } from './nearest-name.ts';

test('kitten is three edits from sitting', () => {
  assert.equal(editDistance('kitten', 'sitting'), 3);
  assert.equal(editDistance('', 'abc'), 3);
  assert.equal(editDistance('abc', ''), 3);
  assert.equal(editDistance('abc', 'abc'), 0);
});

test('the table agrees with the plain recursion', () => {
  const word = fc.string({ unit: fc.constantFrom('a', 'b', 'c'), maxLength: 5 });
  fc.assert(fc.property(word, word, (from, to) => assert.equal(editDistance(from, to), slowDistance(from, to))));
});

function slowDistance(from: string, to: string): number {
  if (from === '' || to === '') return from.length + to.length;
  const replaced = slowDistance(from.slice(1), to.slice(1)) + (from[0] === to[0] ? 0 : 1);
  return Math.min(replaced, slowDistance(from.slice(1), to) + 1, slowDistance(from, to.slice(1)) + 1);
}

test('the nearest name wins, the first of equals', () => {
  assert.equal(nearestName('PROT', ['HOST', 'PORT', 'PART']), 'PORT');
  assert.equal(nearestName('X', ['B', 'A']), 'B');
  assert.throws(() => nearestName('X', []), /names to choose from/);
});
