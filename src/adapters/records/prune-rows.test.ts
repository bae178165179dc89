import assert from 'node:assert/strict';
import { test } from 'node:test';
import { oldestKeptAt } from './prune-rows.ts';

const dayMs = 86_400_000;

test('a table keeps its rows as long as it says, unless told otherwise', () => {
  const nowAt = 1_000 * dayMs;
  assert.equal(oldestKeptAt('decisions', {}, nowAt), 910 * dayMs);
  assert.equal(oldestKeptAt('decisions', { decisions: 1 }, nowAt), 999 * dayMs);
  assert.equal(oldestKeptAt('decisions', { decisions: null }, nowAt), undefined);
  assert.equal(oldestKeptAt('orders', { decisions: 1 }, nowAt), undefined);
  assert.equal(oldestKeptAt('orders', { orders: 2 }, nowAt), 998 * dayMs);
});
