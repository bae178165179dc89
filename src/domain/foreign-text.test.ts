import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { foreignText } from './foreign-text.ts';

test('an ordinary text stays as it is', () => {
  assert.equal(foreignText('Bitcoin to the moon 🚀, für alle!', 1_000), 'Bitcoin to the moon 🚀, für alle!');
});

test('what steers a terminal or hides is taken out', () => {
  assert.equal(foreignText('\u001b[31mred\u001b[0m\u0007', 100), '[31mred[0m');
  assert.equal(foreignText('a\u202eb\u200bc\u{e0041}d\u0000e', 100), 'abcde');
  assert.equal(foreignText('one\r\n\r\ntwo\u2028three\u00a0\u00a0four', 100), 'one two three four');
});

test('signs of one meaning become one', () => {
  assert.equal(foreignText('𝐁𝐮𝐥𝐥 ﬁnally Ｍｏｏｎ', 100), 'Bull finally Moon');
});

test('a text that grows by normalising is cut again', () => {
  assert.equal(foreignText('\ufdfa'.repeat(1_000), 1_000).length, 1_000);
});

test('ten megabytes are cut before they are looked at', () => {
  assert.equal(foreignText('x'.repeat(10_000_000), 1_000), 'x'.repeat(1_000));
});

test('no half of a sign is left at the cut', () => {
  assert.equal(foreignText('abc🚀', 4), 'abc');
  assert.equal(foreignText('\ud83d alone', 20), 'alone');
});

test('any text comes out short, well formed and without controls, and stays so', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 300 }), fc.integer({ min: 1, max: 200 }), (text, lengthMax) => {
      const cleaned = foreignText(text, lengthMax);
      assert.ok(cleaned.length <= lengthMax);
      assert.ok(cleaned.isWellFormed());
      assert.doesNotMatch(cleaned, /[\p{Cc}\p{Cf}\u2028\u2029]/u);
    }),
  );
});
