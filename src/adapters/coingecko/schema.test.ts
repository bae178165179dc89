import assert from 'node:assert/strict';
import { test } from 'node:test';
import { marketItemSchema, trendingItemSchema } from './schema.ts';

test('a trending entry may lack everything but its names and its place', () => {
  const item = { id: 'pepe', name: 'Pepe', symbol: 'PEPE', score: 0, market_cap_rank: null, unheard: { of: 1 } };
  assert.ok(trendingItemSchema.safeParse({ item }).success);
  assert.ok(trendingItemSchema.safeParse({ item: { ...item, data: 'gone' } }).success);
  assert.ok(!trendingItemSchema.safeParse({ item: { ...item, score: -1 } }).success);
  assert.ok(!trendingItemSchema.safeParse(item).success);
});

test('a figure that is no number counts as absent', () => {
  const market = {
    id: 'a',
    symbol: 'a',
    name: 'A',
    current_price: '1',
    total_volume: '90071992547409931',
    market_cap: 5,
  };
  const read = marketItemSchema.parse(market);
  assert.deepEqual([read.current_price, read.total_volume, read.market_cap], [null, null, 5]);
});
