import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { formatScaled } from '#domain/scale.ts';
import { parseDouble, parseNumeral, parseScaled, parseScaledText } from './scaled-decimal.ts';

function scaled(text: string, decimals: number): [number, number] {
  const scaling = { decimals, rounded: 0 };
  const bytes = new TextEncoder().encode(`,${text},`);
  return [parseScaled(bytes, 1, bytes.length - 1, scaling), scaling.rounded];
}

function double(text: string): number {
  const bytes = new TextEncoder().encode(text);
  return parseDouble(bytes, 0, bytes.length);
}

test('every scaled integer reads back from its own text', () => {
  fc.assert(
    fc.property(fc.maxSafeInteger(), fc.integer({ min: 0, max: 10 }), (value, decimals) => {
      assert.deepEqual(scaled(formatScaled(value, decimals), decimals), [value, 0]);
    }),
  );
});

test('the fast way agrees with the slow way on every digit string', () => {
  fc.assert(
    fc.property(fc.stringMatching(/^\d{0,9}(\.\d{0,9})?$/), fc.integer({ min: 0, max: 8 }), (text, decimals) => {
      const scaling = { decimals, rounded: 0 };
      const slow = parseScaledText(text, scaling);
      assert.deepEqual(scaled(text, decimals), [slow, scaling.rounded]);
    }),
  );
});

test('digits beyond the declared places are rounded half away from zero and counted', () => {
  assert.deepEqual(scaled('1.102345', 5), [110235, 1]);
  assert.deepEqual(scaled('1.1023449', 5), [110234, 1]);
  assert.deepEqual(scaled('-1.102345', 5), [-110235, 1]);
  assert.deepEqual(scaled('0.000004', 5), [0, 1]);
  assert.deepEqual(scaled('0.000005', 5), [1, 1]);
  assert.deepEqual(scaled('1.1023400', 5), [110234, 0]);
});

test('exponents and signs are read exactly', () => {
  assert.deepEqual(scaled('1e-05', 5), [1, 0]);
  assert.deepEqual(scaled('+1.5E2', 2), [15000, 0]);
  assert.deepEqual(scaled('1.25e-1', 2), [13, 1]);
  assert.deepEqual(scaled(' 1.5 ', 1), [15, 0]);
  assert.deepEqual(scaled('0e999', 5), [0, 0]);
});

test('what is no number, or does not fit, gives no number', () => {
  for (const text of [
    '',
    '.',
    '-',
    'NaN',
    'inf',
    '1.2.3',
    '1,2',
    '1e',
    '0x10',
    '9007199254740993',
    '1e300',
    '1'.repeat(65),
  ]) {
    assert.ok(Number.isNaN(scaled(text, 5)[0]), text);
  }
  assert.ok(Number.isNaN(scaled('90071992547', 6)[0]));
});

test('a plain number reads as the platform reads it', () => {
  fc.assert(
    fc.property(
      fc.oneof(
        fc.double({ noNaN: true, noDefaultInfinity: true }).map(String),
        fc.stringMatching(/^\d{1,12}(\.\d{0,12})?$/),
      ),
      (text) => {
        assert.equal(double(text), Number(text));
        assert.equal(parseNumeral(text), Number(text));
      },
    ),
  );
});

test('words, blanks and infinities are no plain number', () => {
  for (const text of ['', ' ', 'NaN', 'Infinity', '1 2', '0x1', '1e999', '1_000', '.', '-', 'e5']) {
    assert.ok(Number.isNaN(double(text)), text);
    assert.ok(Number.isNaN(parseNumeral(text)), text);
  }
});
