import assert from 'node:assert/strict';
import { test } from 'node:test';
import { configurationFrom } from '#runtime/desk-setup.ts';
import { storePlan } from './store-plan.ts';

test('a desk keeps everything in its folder unless stores are named', () => {
  assert.deepEqual(storePlan('data/x', configurationFrom({})), {
    folder: 'data/x',
    valkeyUrl: undefined,
    databaseUrl: undefined,
  });
  const named = configurationFrom({ VALKEY_URL: 'redis://store:6379/0', DATABASE_URL: 'postgres://base:5432/desk' });
  assert.deepEqual(storePlan('data/x', named), {
    folder: 'data/x',
    valkeyUrl: 'redis://store:6379/0',
    databaseUrl: 'postgres://base:5432/desk',
  });
});
