import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decimalText, digits, fraction, symbolName } from './key-table-row.ts';

test('a decimal text has digits on both sides of its point', () => {
  for (const text of ['0', '-1.5', '99940.476477']) assert.equal(decimalText.safeParse(text).success, true, text);
  for (const text of ['', '.5', '1.', '1e5', 'NaN', '+1'])
    assert.equal(decimalText.safeParse(text).success, false, text);
});

test('symbols are of capitals, figures of digits, fractions between 0 and 1', () => {
  for (const name of ['EUR_USD', 'BTCUSDT']) assert.equal(symbolName.safeParse(name).success, true, name);
  for (const name of ['eur_usd', 'ts', 'EUR_USD_X', '']) assert.equal(symbolName.safeParse(name).success, false, name);
  assert.deepEqual(
    ['12', '-1', '1.5'].map((text) => digits.safeParse(text).success),
    [true, false, false],
  );
  assert.deepEqual(
    [0, 1, 1.01].map((value) => fraction.safeParse(value).success),
    [true, true, false],
  );
});
