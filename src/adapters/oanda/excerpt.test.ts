import assert from 'node:assert/strict';
import { test } from 'node:test';
import { excerptLengthMax, excerptOf, withoutSecrets } from './excerpt.ts';

test('an excerpt has no secret in it, in neither spelling', () => {
  const text = excerptOf({ header: 'Bearer CANARY/1', query: 'token=CANARY%2F1' }, ['CANARY/1', '']);
  assert.equal(text, '{"header":"Bearer [secret]","query":"token=[secret]"}');
  assert.equal(withoutSecrets('nothing here', ['CANARY']), 'nothing here');
});

test('a secret at the cut does not stay half', () => {
  const text = excerptOf(`${'x'.repeat(excerptLengthMax - 3)}CANARY`, ['CANARY']);
  assert.equal(text.length, excerptLengthMax);
  assert.equal(text.endsWith('[se'), true);
});

test('what is no text is written as JSON', () => {
  assert.equal(excerptOf(undefined, []), 'undefined');
  assert.equal(excerptOf([1, 'a'], []), '[1,"a"]');
});
