import assert from 'node:assert/strict';
import { test } from 'node:test';
import { KeyNames } from './key-store-names.ts';

test('names come in order of their bytes, each once, page by page', () => {
  const told = ['c', 'a', 'quantum:position:mirror', 'b', 'a', '\u{1f600}', '\uff5e'];
  const first = new KeyNames('*', 3);
  first.take(told);
  assert.deepEqual(first.page(), { keys: ['a', 'b', 'c'], cursor: 'c' });
  const second = new KeyNames('*', 3, 'c');
  second.take(told);
  assert.deepEqual(second.page(), { keys: ['\uff5e', '\u{1f600}'], cursor: undefined });
});

test('a page that just holds all is the last one', () => {
  const names = new KeyNames('k?', 2);
  names.take(['k1', 'k2', 'k', 'x1']);
  assert.deepEqual(names.page(), { keys: ['k1', 'k2'], cursor: undefined });
});

test('of more names than a page the first ones are kept', () => {
  const names = new KeyNames('*', 2);
  for (let index = 9_999; index >= 0; index -= 1) names.take([`key:${String(index).padStart(4, '0')}`]);
  assert.deepEqual(names.page(), { keys: ['key:0000', 'key:0001'], cursor: 'key:0001' });
});
