import assert from 'node:assert/strict';
import { test } from 'node:test';
import { directionField, figureField, orderSideField, priceField, severityField } from './bus-fields.ts';

test('a signal has a direction and an order a side', () => {
  assert.ok(directionField.safeParse('LONG').success && !directionField.safeParse('BUY').success);
  assert.ok(orderSideField.safeParse('BUY').success && !orderSideField.safeParse('buy').success);
});

test('a price is above zero, and a figure that does not exist is null', () => {
  assert.ok(!priceField.safeParse(0).success);
  assert.ok(figureField.safeParse(null).success && !figureField.safeParse(undefined).success);
  assert.deepEqual(severityField.options, ['LOW', 'MEDIUM', 'HIGH', 'CRITICAL']);
});
