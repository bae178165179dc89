import assert from 'node:assert/strict';
import { test } from 'node:test';
import { configurationRowsOuter } from './configuration-rows-outer.ts';

test('only the command line reads any of these yet, and of these only the store', () => {
  const read = configurationRowsOuter.filter(({ kind, readAt }) => kind !== 'legacy' && readAt !== 'planned');
  assert.deepEqual(
    read.map(({ name, kind, readAt }) => [name, kind, readAt]),
    [['VALKEY_URL', 'secret', 'cli']],
  );
});

test('the venue is the practice one unless someone says otherwise', () => {
  assert.equal(configurationRowsOuter.find(({ name }) => name === 'OANDA_ENVIRONMENT')?.default, 'practice');
});

test('no store is used that nobody has named', () => {
  for (const name of ['VALKEY_URL', 'DATABASE_URL']) {
    assert.equal(configurationRowsOuter.find((row) => row.name === name)?.default, '');
  }
});
