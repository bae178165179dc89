import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { amountText, countText, percentText, ratioText, timeText } from './figures.ts';

test('amounts and counts have commas between thousands', () => {
  assert.equal(amountText(1234567.891), '1,234,567.89');
  assert.equal(amountText(-999.999), '-1,000.00');
  assert.equal(amountText(-0.001), '0.00');
  assert.equal(countText(1000), '1,000');
  assert.equal(countText(-100), '-100');
});

test('a fraction is shown as percent and what is no number as a dash', () => {
  assert.equal(percentText(0.12345), '12.35%');
  assert.equal(percentText(-0.5), '-50.00%');
  assert.equal(ratioText(1.23456), '1.235');
  assert.equal(ratioText(Number.POSITIVE_INFINITY), '–');
  assert.equal(amountText(Number.NaN), '–');
});

test('an instant shows seconds only where it has any', () => {
  assert.equal(timeText(Date.UTC(2025, 0, 31, 8, 5)), '2025-01-31 08:05');
  assert.equal(timeText(Date.UTC(2025, 0, 31, 8, 5, 30)), '2025-01-31 08:05:30');
});

test('commas change nothing about an amount', () => {
  fc.assert(
    fc.property(fc.double({ min: -1e12, max: 1e12, noNaN: true }), (value) => {
      assert.equal(Number(amountText(value).replaceAll(',', '')), Number(value.toFixed(2)) + 0);
    }),
  );
});
