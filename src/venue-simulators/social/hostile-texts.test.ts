import assert from 'node:assert/strict';
import { test } from 'node:test';
import { hostileTexts } from './hostile-texts.ts';

test('there are fifty different texts', () => {
  assert.equal(new Set(hostileTexts).size, 50);
});
