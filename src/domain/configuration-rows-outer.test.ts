import assert from 'node:assert/strict';
import { test } from 'node:test';
import { configurationRowsOuter } from './configuration-rows-outer.ts';

test('nothing here has a reader yet, or has an effect', () => {
  for (const { name, kind, readAt } of configurationRowsOuter) {
    assert.ok(kind === 'legacy' || readAt === 'planned', name);
  }
});

test('the venue is the practice one unless someone says otherwise', () => {
  assert.equal(configurationRowsOuter.find(({ name }) => name === 'OANDA_ENVIRONMENT')?.default, 'practice');
});

test('no store is used that nobody has named', () => {
  for (const name of ['VALKEY_URL', 'DATABASE_URL']) {
    assert.equal(configurationRowsOuter.find((row) => row.name === name)?.default, '');
  }
});
