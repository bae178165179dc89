import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compareIds, idAfter, isTransactionId, laterId } from './transaction-id.ts';

test('F73: ids beyond 2^53 stay apart and in order', () => {
  assert.ok(compareIds('8389766145050669870', '8389766145050669871') < 0);
  assert.equal(idAfter('8389766145050669870'), '8389766145050669871');
  assert.equal(laterId('8389766145050669871', '8389766145050669870'), '8389766145050669871');
});

test('ids are compared as numbers, not as words', () => {
  assert.ok(compareIds('999', '1000') < 0);
  assert.ok(compareIds('1000', '999') > 0);
  assert.equal(compareIds('007', '7'), 0);
});

test('an id before the first is zero', () => {
  assert.equal(idAfter('3', -1), '2');
  assert.equal(idAfter('3', -10), '0');
});

test('only digits are an id', () => {
  assert.equal(isTransactionId('2317'), true);
  for (const text of ['', '-1', '1.0', 'x', '1'.repeat(21)]) assert.equal(isTransactionId(text), false, text);
});
