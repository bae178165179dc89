import assert from 'node:assert/strict';
import { test } from 'node:test';
import { headerTexts } from './header-texts.ts';

test('a header that came several times is one text', () => {
  const headers = { 'retry-after': '30', 'set-cookie': ['a=1', 'b=2'], 'x-absent': undefined };
  assert.deepEqual(headerTexts(headers), { 'retry-after': '30', 'set-cookie': 'a=1, b=2', 'x-absent': '' });
});
