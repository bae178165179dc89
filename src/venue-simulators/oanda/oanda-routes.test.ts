import assert from 'node:assert/strict';
import { test } from 'node:test';
import { findRoute } from './oanda-routes.ts';

test('a path leads to its route with the parts that stand for something', () => {
  const found = findRoute('PUT', '/orders/@mine/cancel', true);
  assert.ok(found.type === 'route');
  assert.deepEqual(found.parameters, ['@mine']);
  const candles = findRoute('GET', '/v3/instruments/EUR_USD/candles', false);
  assert.ok(candles.type === 'route');
  assert.deepEqual(candles.parameters, ['EUR_USD']);
});

test('a named page of the history is not taken for an id', () => {
  const range = findRoute('GET', '/transactions/idrange', true);
  const one = findRoute('GET', '/transactions/7', true);
  assert.ok(range.type === 'route' && one.type === 'route');
  assert.deepEqual([range.parameters, one.parameters], [[], ['7']]);
});

test('what leads nowhere is told from a wrong method', () => {
  assert.equal(findRoute('GET', '/nothing', true).type, 'none');
  assert.equal(findRoute('GET', '/orders/', true).type, 'none');
  assert.equal(findRoute('DELETE', '/orders', true).type, 'otherMethod');
  assert.equal(findRoute('GET', '/orders', false).type, 'none');
});
