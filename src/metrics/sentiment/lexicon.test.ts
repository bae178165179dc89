import assert from 'node:assert/strict';
import { test } from 'node:test';
import { intensifiers, lexicon, negations } from './lexicon.ts';

test('weights are whole and within three of zero', () => {
  for (const [word, weight] of lexicon) {
    assert.ok(Number.isInteger(weight) && weight !== 0 && Math.abs(weight) <= 3, word);
  }
});

test('words are in lower case and normalised, and none is empty', () => {
  for (const word of [...lexicon.keys(), ...negations, ...intensifiers.keys()]) {
    assert.equal(word, word.normalize('NFKC').toLowerCase());
    assert.match(word, /^\S+$/);
  }
});

test('a word that turns others has no weight of its own', () => {
  assert.deepEqual(
    [...negations].filter((word) => lexicon.has(word)),
    [],
  );
});

test('the crowd has about as many words for either side', () => {
  const ups = [...lexicon.values()].filter((weight) => weight > 0).length;
  assert.ok(ups > 70 && lexicon.size - ups > 70);
});
