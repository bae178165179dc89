import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { maskSource } from './mask-source.ts';

test('comments disappear and their line breaks stay', () => {
  assert.equal(maskSource('a /* b\nc */ d // e\nf'), 'a     \n     d     \nf');
});

test('a string keeps its quotation marks and loses its inside', () => {
  assert.equal(maskSource(`f('a // b', "c\\"d")`), `f('      ', "    ")`);
});

test('the code inside a template is code and its text is not', () => {
  assert.equal(maskSource('`a ${b + `c${{ d: 1 }}`} e` + f'), '`  ${b + ` ${{ d: 1 }}`}  ` + f');
});

test('a pattern is blanked and a division is not', () => {
  assert.equal(maskSource("x = /a'[/]b/g.test(y) ? c / d / e : /'/"), 'x = /      /g.test(y) ? c / d / e : / /');
  assert.equal(maskSource("return /'/.test(a)"), 'return / /.test(a)');
});

test('a string that never closes ends with its line', () => {
  assert.equal(maskSource("don't\nb"), "don' \nb");
});

test('the first line of a script that names its interpreter is no code', () => {
  assert.equal(maskSource('#!/usr/bin/env node\na'), `${' '.repeat(19)}\na`);
});

test('length and line breaks never change', () => {
  const fragment = fc.constantFrom(
    "'",
    '"',
    '`',
    '${',
    '}',
    '{',
    '/',
    '*',
    '//',
    '/*',
    '*/',
    '\\',
    '\n',
    'a',
    ' ',
    '[',
    ']',
    '(',
  );
  fc.assert(
    fc.property(fc.array(fragment, { maxLength: 40 }), (fragments) => {
      const text = fragments.join('');
      const masked = maskSource(text);
      assert.equal(masked.length, text.length);
      assert.deepEqual(places(masked), places(text));
    }),
  );
});

function places(text: string): number[] {
  return [...text].flatMap((char, index) => (char === '\n' ? [index] : []));
}
