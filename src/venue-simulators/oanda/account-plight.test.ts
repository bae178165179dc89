import assert from 'node:assert/strict';
import { test } from 'node:test';
import { REQUESTS_PER_SECOND, usualPlight } from './account-plight.ts';

test('nothing is the matter with an account unless a script says so, and no two share their troubles', () => {
  const plight = usualPlight();
  assert.equal(plight.requestsPerSecond, REQUESTS_PER_SECOND);
  assert.equal(REQUESTS_PER_SECOND, 120);
  plight.cancelReasons.push('MARKET_HALTED');
  assert.deepEqual(usualPlight().cancelReasons, []);
});
