import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { literalPrefix, matchesKeyPattern } from './key-pattern.ts';

test('a star stands for any text, a question mark for one character, everything else for itself', () => {
  assert.ok(matchesKeyPattern('md:candles:EUR_USD:M1', 'md:candles:*'));
  assert.ok(matchesKeyPattern('md:candles:EUR_USD:M1', 'md:*:M1'));
  assert.ok(matchesKeyPattern('md:candles:EUR_USD:M1', '*EUR*'));
  assert.ok(matchesKeyPattern('key', 'k?y'));
  assert.ok(matchesKeyPattern('', '*'));
  assert.ok(!matchesKeyPattern('md:candles:EUR_USD:M1', 'md:candles'));
  assert.ok(!matchesKeyPattern('md:candles:EUR_USD:M1', '*:M5'));
  assert.ok(!matchesKeyPattern('ky', 'k?y'));
  assert.ok(!matchesKeyPattern('kay', 'k[a]y'));
  assert.ok(matchesKeyPattern('k[a]y', 'k[a]y'));
});

test('the prefix of a pattern ends at its first wildcard', () => {
  assert.equal(literalPrefix('md:candles:*:M1'), 'md:candles:');
  assert.equal(literalPrefix('k?y*'), 'k');
  assert.equal(literalPrefix('key'), 'key');
  assert.equal(literalPrefix('*'), '');
});

test('a pattern agrees with the regular expression that says the same', () => {
  const word = (letters: string) =>
    fc.array(fc.constantFrom(...letters), { maxLength: 8 }).map((list) => list.join(''));
  fc.assert(
    fc.property(word('ab'), word('ab*?'), (key, pattern) => {
      const expression = new RegExp(`^${pattern.replaceAll('*', '.*').replaceAll('?', '.')}$`);
      assert.equal(matchesKeyPattern(key, pattern), expression.test(key));
    }),
    { numRuns: 500 },
  );
});

test('a hostile pattern costs no more than the product of the lengths', () => {
  assert.ok(!matchesKeyPattern('a'.repeat(500), `${'a*'.repeat(250)}b`));
});
