import assert from 'node:assert/strict';
import { test } from 'node:test';
import { universePolicySchema } from './crypto-policies-universe.ts';

test('a document that says nothing has the figures of the table', () => {
  assert.deepEqual(universePolicySchema.parse({}), {
    ...{ profile: 'l1l2-top', max_symbols: 100, refresh_hours: 24, min_quote_volume: 5_000_000 },
    ...{ allow: [], deny: [] },
  });
});

test('an unknown profile and an empty universe are refused', () => {
  assert.equal(universePolicySchema.safeParse({ profile: 'everything' }).success, false);
  assert.equal(universePolicySchema.safeParse({ max_symbols: 0 }).success, false);
});
