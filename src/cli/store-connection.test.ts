import assert from 'node:assert/strict';
import { test } from 'node:test';
import { StoreError } from '#adapters/valkey/store-error.ts';
import { RunError } from '#runtime/run-folder.ts';
import { missingStore, startStore } from '../../tests/support/store-process.ts';
import { StoreConnection } from './store-connection.ts';

test('without an address there is no store', async () => {
  await assert.rejects(
    new StoreConnection({}).open(),
    (error) => error instanceof StoreError && /VALKEY_URL/.test(error.message),
  );
});

test('an address that is none is refused before anything is tried', async () => {
  await assert.rejects(new StoreConnection({ VALKEY_URL: 'store' }).open(), RunError);
});

test('one connection serves every call until it is closed', { skip: missingStore }, async (t) => {
  const store = await startStore();
  t.after(() => store.stop());
  const connection = new StoreConnection({ VALKEY_URL: store.url });
  const client = await connection.open();
  assert.equal(await connection.open(), client);
  connection.close();
  assert.equal(client.status === 'end' || client.status === 'close' || client.status === 'ready', true);
  assert.notEqual(await connection.open(), client);
  connection.close();
});
