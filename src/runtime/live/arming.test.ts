import assert from 'node:assert/strict';
import { test } from 'node:test';
import { armingRefusal } from './arming.ts';

test('a desk is armed only where orders may be sent, and at a live account only where that is said, too', () => {
  const rows = [
    [{ isReadOnly: true, isLiveEnabled: true, environment: 'practice' }, /'READ_ONLY' is 1/],
    [{ isReadOnly: false, isLiveEnabled: false, environment: 'live' }, /'LIVE_TRADING_ENABLED' is 0/],
  ] as const;
  for (const [options, expected] of rows) assert.match(armingRefusal(options) ?? '', expected);
  assert.equal(armingRefusal({ isReadOnly: false, isLiveEnabled: false, environment: 'practice' }), undefined);
  assert.equal(armingRefusal({ isReadOnly: false, isLiveEnabled: true, environment: 'live' }), undefined);
});
