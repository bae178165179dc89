import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readValue, storedValue } from './column-value.ts';

test('values of the right type are stored as they are', () => {
  assert.equal(storedValue('text', 'ü€𝄞'), 'ü€𝄞');
  assert.equal(storedValue('json', '{"a":"\\u0000"}'), '{"a":"\\u0000"}');
  assert.equal(storedValue('integer', Number.MIN_SAFE_INTEGER), Number.MIN_SAFE_INTEGER);
  assert.equal(storedValue('real', 0.1), 0.1);
  assert.equal(storedValue('boolean', false), false);
  for (const type of ['text', 'json', 'integer', 'real', 'boolean'] as const)
    assert.equal(storedValue(type, null), null);
});

test('what no database keeps is settled: characters without a meaning, figures that are none, negative zero', () => {
  assert.equal(storedValue('text', 'a\0\ud800b'), 'a\ufffd\ufffdb');
  assert.equal(storedValue('real', Number.NaN), null);
  assert.equal(storedValue('real', -Infinity), null);
  assert.ok(Object.is(storedValue('real', -0), 0));
  assert.ok(Object.is(storedValue('integer', -0), 0));
});

test('a value of another type is our own mistake', () => {
  assert.throws(() => storedValue('text', 1), /a text is expected, found 'number'/);
  assert.throws(() => storedValue('json', true), /JSON text is expected, found 'boolean'/);
  assert.throws(() => storedValue('integer', 1.5), /a whole number is expected, found '1.5'/);
  assert.throws(() => storedValue('integer', 2 ** 53), /a whole number is expected/);
  assert.throws(() => storedValue('real', '1'), /a figure is expected, found 'string'/);
  assert.throws(() => storedValue('boolean', 0), /a truth value is expected, found 'number'/);
});

test('truth values kept as numbers are read as truth values', () => {
  assert.deepEqual(
    [0, 1, null, true].map((value) => readValue('boolean', value)),
    [false, true, null, true],
  );
  assert.equal(readValue('integer', 1), 1);
});
