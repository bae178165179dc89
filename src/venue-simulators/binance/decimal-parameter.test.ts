import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decimalParameter } from './decimal-parameter.ts';

function codeOf(text: string | undefined): number | undefined {
  const read = decimalParameter('price', text, 2);
  return typeof read === 'number' ? undefined : read.code;
}

test('a plain decimal comes out in steps, whatever zeros it ends with', () => {
  assert.equal(decimalParameter('price', '50000.10', 2), 5_000_010);
  assert.equal(decimalParameter('price', '50000.10000000', 2), 5_000_010);
  assert.equal(decimalParameter('price', '-1', 2), -100);
});

test('what is missing, malformed or too fine is told apart', () => {
  assert.equal(codeOf(undefined), -1102);
  assert.equal(codeOf(''), -1102);
  assert.equal(codeOf('1e3'), -1130);
  assert.equal(codeOf('NaN'), -1130);
  assert.equal(codeOf('110.79999999999999'), -1111);
});
