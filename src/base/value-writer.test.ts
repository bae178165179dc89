import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createEncoder, takeBytes } from '#base/value-codec.ts';
import { writeValue } from '#base/value-writer.ts';

function hex(...values: unknown[]): string {
  const encoder = createEncoder();
  for (const value of values) writeValue(encoder, value, 0);
  return Buffer.from(takeBytes(encoder)).toString('hex');
}

test('constants and small integers take one byte', () => {
  assert.equal(hex(null, false, true, -16, 0, 47), '000102' + '40' + '50' + '7f');
});

test('larger integers are zigzag varints after their tag', () => {
  assert.equal(hex(48), '0460');
  assert.equal(hex(-17), '0421');
  assert.equal(hex(300), '04d804');
  assert.equal(hex(Number.MAX_SAFE_INTEGER), '04feffffffffffff1f');
  assert.equal(hex(Number.MIN_SAFE_INTEGER), '04fdffffffffffff1f');
});

test('minus zero and fractions take eight exact bytes', () => {
  assert.equal(hex(-0), '030000000000000080');
  assert.equal(hex(1.5), '03000000000000f83f');
});

test('every not-a-number has the same bytes', () => {
  const other = new Float64Array(new BigUint64Array([0xfff8_0000_0000_0001n]).buffer)[0];
  assert.equal(hex(other), hex(Number.NaN));
});

test('a string is spelled once and numbered after', () => {
  assert.equal(hex('ab', 'ab'), '0a026162' + '80');
  assert.equal(hex('\u20ac'), '0b01ac20');
});

test('the second object of a shape is one byte and its values', () => {
  assert.equal(hex({ a: 1, b: 2 }, { a: 3, b: 4 }), '0702' + '0a0161' + '0a0162' + '5152' + 'c0' + '5354');
});
