import assert from 'node:assert/strict';
import { test } from 'node:test';
import { coinTable } from './coin-table.ts';

test('the table holds what makes lists hard to read: a coin without rank, and stable ones', () => {
  assert.ok(coinTable.some(({ marketCapRank }) => marketCapRank === null));
  assert.ok(coinTable.some(({ symbol }) => symbol === 'USDT'));
});

test('no coin stands in the table twice', () => {
  assert.equal(new Set(coinTable.map(({ id }) => id)).size, coinTable.length);
});
