import assert from 'node:assert/strict';
import { test } from 'node:test';
import { keyElementsMax, keyPageMax, keyTextBytesMax } from './key-limits.ts';

test('ninety days of minutes are read at once', () => {
  assert.ok(keyElementsMax >= 90 * 1440);
  assert.equal(keyPageMax, 10_000);
  assert.equal(keyTextBytesMax, 268_435_456);
});
