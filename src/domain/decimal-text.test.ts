import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { type DecimalRounding, parseDecimalRounded, parseDecimalText } from './decimal-text.ts';
import { formatScaled } from './scale.ts';

const biggest = '9007199254740991';

test('a decimal text is read to the last digit', () => {
  assert.equal(parseDecimalText('1.10234', 5), 110_234);
  assert.equal(parseDecimalText('110.79', 5), 11_079_000);
  assert.equal(parseDecimalText('-0.0000001', 8), -10);
  assert.equal(parseDecimalText('007.50', 1), 75);
  assert.equal(parseDecimalText('-0.000', 3), 0);
  assert.equal(Object.is(parseDecimalText('-0', 0), 0), true);
  assert.equal(parseDecimalText(biggest, 0), Number.MAX_SAFE_INTEGER);
  assert.equal(parseDecimalText('90071992547.40991', 5), Number.MAX_SAFE_INTEGER);
});

test('zeros beyond the decimals are nothing, other digits are refused', () => {
  assert.equal(parseDecimalText('9000.10000000', 2), 900_010);
  assert.equal(parseDecimalText('110.79999999999999', 3), undefined);
  assert.equal(parseDecimalText('1.1', 0), undefined);
});

test('what is beyond 2^53 is refused', () => {
  assert.equal(parseDecimalText('9007199254740992', 0), undefined);
  assert.equal(parseDecimalText('9007199254740993', 0), undefined);
  assert.equal(parseDecimalText('90071992547.40992', 5), undefined);
  assert.equal(parseDecimalText('1'.repeat(400), 0), undefined);
  assert.equal(parseDecimalRounded(`${biggest}.6`, 0, 'halfEven'), undefined);
  assert.equal(parseDecimalRounded(`${biggest}.6`, 0, 'towardZero'), Number.MAX_SAFE_INTEGER);
});

test('what is no plain decimal is refused', () => {
  for (const text of [
    '',
    ' ',
    '1 ',
    '+1',
    '.5',
    '1.',
    '1e5',
    '1E-8',
    '0x10',
    '1,5',
    '--1',
    'NaN',
    'Infinity',
    '１',
    '1\n',
  ]) {
    assert.equal(parseDecimalText(text, 8), undefined, text);
    assert.equal(parseDecimalRounded(text, 8, 'up'), undefined, text);
  }
});

test('rounding happens once, on the size of the figure', () => {
  const rows: [string, number, number, number][] = [
    ['1.2345', 123, 123, 124],
    ['1.235', 124, 123, 124],
    ['1.245', 124, 124, 125],
    ['1.24500000000000000000001', 125, 124, 125],
    ['1.2451', 125, 124, 125],
    ['-1.235', -124, -123, -124],
    ['-0.001', 0, 0, -1],
    ['0.0000000000000000000001', 0, 0, 1],
    ['1.23', 123, 123, 123],
  ];
  for (const [text, halfEven, towardZero, up] of rows) {
    const found = (['halfEven', 'towardZero', 'up'] as const).map((rounding) => parseDecimalRounded(text, 2, rounding));
    assert.deepEqual(found, [halfEven, towardZero, up], text);
  }
});

test('every scaled integer comes back from its text', () => {
  const values = fc.integer({ min: -Number.MAX_SAFE_INTEGER, max: Number.MAX_SAFE_INTEGER });
  fc.assert(
    fc.property(values, fc.integer({ min: 0, max: 10 }), (value, decimals) => {
      const expected = value === 0 ? 0 : value;
      assert.equal(parseDecimalText(formatScaled(value, decimals), decimals), expected);
      assert.equal(
        parseDecimalText(`${formatScaled(value, decimals)}${decimals === 0 ? '.' : ''}00`, decimals),
        expected,
      );
    }),
  );
});

test('rounding agrees with long division', () => {
  const digits = fc.stringMatching(/^\d{1,11}$/);
  const roundings = fc.constantFrom<DecimalRounding>('halfEven', 'towardZero', 'up');
  fc.assert(
    fc.property(digits, digits, fc.integer({ min: 0, max: 4 }), roundings, (whole, fraction, decimals, rounding) => {
      const found = parseDecimalRounded(`${whole}.${fraction}`, decimals, rounding);
      assert.equal(found, slowly(whole, fraction, decimals, rounding));
    }),
  );
});

function slowly(whole: string, fraction: string, decimals: number, rounding: DecimalRounding): number {
  const divisor = 10n ** BigInt(fraction.length);
  const scaled = BigInt(whole + fraction) * 10n ** BigInt(decimals);
  const quotient = scaled / divisor;
  const twice = (scaled % divisor) * 2n;
  const isUp =
    (rounding === 'up' && twice > 0n) ||
    (rounding === 'halfEven' && (twice > divisor || (twice === divisor && quotient % 2n === 1n)));
  return Number(quotient + (isUp ? 1n : 0n));
}
