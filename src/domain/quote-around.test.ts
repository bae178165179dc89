import assert from 'node:assert/strict';
import { test } from 'node:test';
import { askAround, bidAround } from './quote-around.ts';

test('around a bid the whole spread lies above', () => {
  const basis = { priceBasis: 'bid', tickSize: 1 } as const;
  assert.deepEqual([bidAround(basis, 110_000, 13), askAround(basis, 110_000, 13)], [110_000, 110_013]);
});

test('around a mid an odd spread is rounded outward', () => {
  const basis = { priceBasis: 'mid', tickSize: 1 } as const;
  assert.deepEqual([bidAround(basis, 110_000, 13), askAround(basis, 110_000, 13)], [109_993, 110_007]);
});

test('both sides stand on the tick', () => {
  const basis = { priceBasis: 'mid', tickSize: 5 } as const;
  assert.deepEqual([bidAround(basis, 110_001, 6), askAround(basis, 110_001, 6)], [109_995, 110_005]);
});
