import assert from 'node:assert/strict';
import { test } from 'node:test';
import { textHash } from './text-hash.ts';

test('the hash is that of the published test vectors', () => {
  // Landon Curt Noll's vectors for 32 bits: http://www.isthe.com/chongo/src/fnv/test_fnv.c
  assert.equal(textHash(''), 0x811c9dc5);
  assert.equal(textHash('a'), 0xe40c292c);
  assert.equal(textHash('foobar'), 0xbf9cf968);
});
