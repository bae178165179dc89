import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { VenueInput } from '#engine/live-port.ts';
import { VenueHealth } from './venue-health.ts';

test('a part is told when it changes, not again and again', () => {
  const told: VenueInput[] = [];
  const health = new VenueHealth((input) => told.push(input));
  health.impair('prices', 'EURUSD.OANDA', 'no price for 60 s');
  health.impair('prices', 'EURUSD.OANDA', 'still none');
  assert.equal(health.isImpaired('prices', 'EURUSD.OANDA'), true);
  assert.equal(health.isImpaired('prices', null), false);
  health.restore('prices', 'EURUSD.OANDA');
  health.restore('prices', 'EURUSD.OANDA');
  assert.deepEqual(told, [
    { type: 'venue.impaired', part: 'prices', instrument: 'EURUSD.OANDA', reason: 'no price for 60 s' },
    { type: 'venue.restored', part: 'prices', instrument: 'EURUSD.OANDA' },
  ]);
});

test('a part that is well from the beginning is told once, since an earlier run may have left it impaired', () => {
  const told: VenueInput[] = [];
  const health = new VenueHealth((input) => told.push(input));
  health.restore('account', null);
  health.restore('account', null);
  assert.deepEqual(told, [{ type: 'venue.restored', part: 'account', instrument: null }]);
});
