import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { VenueInput } from '#engine/live-port.ts';
import { Impairments } from './impairments.ts';

test('only changes are told, each part and instrument by itself', () => {
  const told: VenueInput[] = [];
  const impairments = new Impairments((input) => told.push(input));
  impairments.restore('prices', 'A');
  impairments.impair({ part: 'prices', instrument: 'A', reason: 'silent' });
  impairments.impair({ part: 'prices', instrument: 'A', reason: 'still silent' });
  impairments.impair({ part: 'prices', instrument: null, reason: 'all' });
  impairments.restore('prices', 'A');
  impairments.restore('prices', 'A');
  assert.deepEqual(told, [
    { type: 'venue.impaired', part: 'prices', instrument: 'A', reason: 'silent' },
    { type: 'venue.impaired', part: 'prices', instrument: null, reason: 'all' },
    { type: 'venue.restored', part: 'prices', instrument: 'A' },
  ]);
  assert.deepEqual([impairments.isImpaired('prices', 'A'), impairments.isImpaired('prices', null)], [false, true]);
});
