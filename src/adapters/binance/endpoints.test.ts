import assert from 'node:assert/strict';
import { test } from 'node:test';
import { costsOf, endpoints, rateWindows, usedHeaders } from './endpoints.ts';

test('bars cost by the number of rows that are asked for', () => {
  const weights = [99, 100, 499, 500, 1_000, 1_001, 1_500].map(
    (limit) => costsOf(endpoints.klines, { symbol: 'A', limit })['weight'],
  );
  assert.deepEqual(weights, [1, 2, 2, 5, 5, 10, 10]);
});

test('a list of all symbols costs more than one symbol', () => {
  assert.deepEqual(costsOf(endpoints.openOrders, {}), { weight: 40 });
  assert.deepEqual(costsOf(endpoints.openOrders, { symbol: 'A' }), { weight: 1 });
  assert.deepEqual(costsOf(endpoints.premiumIndex, {}), { weight: 10 });
});

test('an order counts against both windows of the account and weighs nothing', () => {
  assert.deepEqual(costsOf(endpoints.newOrder, { symbol: 'A' }), { orders10s: 1, orders1m: 1 });
  assert.deepEqual(costsOf(endpoints.newAlgoOrder, { symbol: 'A' }), { orders10s: 1, orders1m: 1 });
  assert.deepEqual(costsOf(endpoints.cancelOrder, { symbol: 'A' }), { weight: 1 });
});

test('every header that tells of usage belongs to a window', () => {
  const names: readonly string[] = rateWindows.map(({ name }) => name);
  for (const name of Object.values(usedHeaders)) assert.ok(names.includes(name));
});
