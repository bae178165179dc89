import assert from 'node:assert/strict';
import { test } from 'node:test';
import { configurationRowsDesk } from './configuration-rows-desk.ts';

test('the first list of pairs is that of the seed', () => {
  const [pairs] = configurationRowsDesk;
  assert.equal(pairs?.name, 'HOTBAND_PAIRS');
  assert.equal(pairs.default, 'EUR_USD,USD_JPY,GBP_USD,EUR_JPY,USD_CAD,NZD_USD,AUD_USD,USD_CHF');
});

test('sessions are on and end five minutes early', () => {
  const defaults = Object.fromEntries(configurationRowsDesk.slice(1).map((row) => [row.name, row.default]));
  assert.deepEqual(defaults, { SESSION_TRADING_ENABLED: '1', SESSION_EXIT_MINUTES: '5' });
});
