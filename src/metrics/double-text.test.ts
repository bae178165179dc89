import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { doubleText } from './double-text.ts';

test('doubles are written in the shortest form with a point or an exponent', () => {
  const table: [number, string][] = [
    [0, '0.0'],
    [-0, '-0.0'],
    [1, '1.0'],
    [-21, '-21.0'],
    [120, '120.0'],
    [1.1, '1.1'],
    [31.5, '31.5'],
    [0.0001, '0.0001'],
    [0.00012345, '0.00012345'],
    [0.00001, '1e-05'],
    [5.920099188530072e-5, '5.920099188530072e-05'],
    [-1.5e-7, '-1.5e-07'],
    [123456789012345, '123456789012345.0'],
    [1e15, '1e+15'],
    [1234567890123456, '1.234567890123456e+15'],
    [1e-300, '1e-300'],
    [1.7976931348623157e308, '1.7976931348623157e+308'],
    [0.1 + 0.2, '0.30000000000000004'],
  ];
  for (const [value, text] of table) assert.equal(doubleText(value), text);
});

test('what is not finite has no number in JSON', () => {
  for (const value of [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY])
    assert.equal(doubleText(value), 'null');
});

test('every finite double reads back as itself and never looks like a whole number', () => {
  fc.assert(
    fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) => {
      const text = doubleText(value);
      assert.ok(Object.is(Number(text), value), text);
      assert.match(text, /^-?\d+(\.\d+|(\.\d+)?e[+-]\d{2,3})$/);
    }),
    { numRuns: 1000 },
  );
});
