import assert from 'node:assert/strict';
import { test } from 'node:test';
import { configurationRowsStores } from './configuration-rows-stores.ts';
import { readConfiguration } from './read-configuration.ts';

test('no store is used that nobody has named', () => {
  for (const name of ['VALKEY_URL', 'DATABASE_URL']) {
    assert.equal(configurationRowsStores.find((row) => row.name === name)?.default, '');
  }
});

test('whatever may hold a password is a secret', () => {
  for (const name of ['VALKEY_URL', 'DATABASE_URL', 'TRADEWIND_ENGINE_TOKEN']) {
    assert.equal(configurationRowsStores.find((row) => row.name === name)?.kind, 'secret', name);
  }
});

test('the stores answer to the names of the seeds too', () => {
  const { values, problems } = readConfiguration({ REDIS_URL: 'redis://store:6379/0' });
  assert.deepEqual(problems, []);
  assert.equal(values.get('VALKEY_URL')?.value, 'redis://store:6379/0');
});

test('a role that is none is refused with those that are', () => {
  const { problems } = readConfiguration({ TRADEWIND_ROLE: 'mirrow' });
  assert.equal(problems.length, 1);
  assert.match(problems[0] ?? '', /expected all, engine, api, worker or mirror, found 'mirrow'/);
});
