import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { textScore } from './text-score.ts';

const near = (actual: number, expected: number): void =>
  assert.ok(Math.abs(actual - expected) < 1e-12, `expected '${expected}', found '${actual}'`);

test('a text without a known word says nothing', () => {
  for (const text of ['', 'BTC at 64000', '   ', '中文', '___', 'constructor __proto__ toString']) {
    assert.equal(textScore(text), 0, text);
  }
});

test('a strong word weighs more than a mild one', () => {
  near(textScore('crash'), -3 / Math.sqrt(13));
  near(textScore('bullish'), 2 / Math.sqrt(8));
  near(textScore('buy'), 1 / Math.sqrt(5));
});

test('both sides balance', () => {
  assert.equal(textScore('bullish or bearish, who knows'), 0);
});

test('a negation turns what follows, weakly, and only nearby', () => {
  near(textScore('not bullish'), (-0.74 * 2) / Math.sqrt(0.74 * 2 * (0.74 * 2) + 4));
  near(textScore("this isn't really a scam"), (0.74 * 3) / Math.sqrt(0.74 * 3 * (0.74 * 3) + 4));
  near(textScore('not today my friend, bullish'), textScore('bullish'));
  near(textScore('No. Bullish!'), textScore('bullish'));
  near(textScore('won’t crash'), textScore("won't crash"));
  assert.ok(textScore("won't crash") > 0);
});

test('an intensifier changes the next word', () => {
  near(textScore('very bullish'), 2.6 / Math.sqrt(2.6 * 2.6 + 4));
  near(textScore('slightly bearish'), -1.4 / Math.sqrt(1.4 * 1.4 + 4));
});

test('the same word a hundred times is no louder than once', () => {
  assert.equal(textScore('moon '.repeat(100)), textScore('moon'));
});

test('pictures and tags count as words', () => {
  near(textScore('#bullish'), textScore('bullish'));
  near(textScore('🚀'), textScore('moon'));
  near(textScore('BULLISH'), textScore('bullish'));
});

test('words beyond the two hundredth are not read', () => {
  assert.equal(textScore(`${'x '.repeat(200)}crash`), 0);
});

test('the score of any text is a number from -1 to 1', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 500 }), (text) => {
      const score = textScore(text);
      assert.ok(score >= -1 && score <= 1);
    }),
  );
});
