import assert from 'node:assert/strict';
import { test } from 'node:test';
import { configurationRowsVenue } from './configuration-rows-venue.ts';

const rowOf = (name: string) => configurationRowsVenue.find((row) => row.name === name);

test('the practice environments are the usual ones', () => {
  assert.equal(rowOf('OANDA_ENVIRONMENT')?.default, 'practice');
  assert.equal(rowOf('BINANCE_TESTNET')?.default, '1');
});

test('every key is a secret, and has a file that may stand for it', () => {
  const secrets = configurationRowsVenue.filter(({ kind }) => kind === 'secret').map(({ name }) => name);
  assert.equal(secrets.length, 5);
  for (const name of secrets) assert.equal(rowOf(`${name}_FILE`)?.kind, 'process', name);
});
