import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { openKeyFile } from '#adapters/keys/key-file.ts';
import { systemTime } from '#adapters/time/system-time.ts';
import { KeyStoreError } from '#domain/keys/key-store-error.ts';
import { temporaryFolder } from '../../tests/support/synthetic-desk.ts';
import { openKeySource } from './key-source.ts';
import { UsageError } from './refusal.ts';

test('a data folder that is named goes before the store of the environment', async (t) => {
  const folder = temporaryFolder(t);
  await openKeyFile(join(folder, 'keys.sqlite'), { time: systemTime }).close();
  const source = await openKeySource({ dataDir: folder }, { VALKEY_URL: 'redis://127.0.0.1:1' });
  assert.equal(source.name, join(folder, 'keys.sqlite'));
  assert.deepEqual((await source.reader.list('*', 10)).keys, []);
  await source.reader.close();
});

test('without a place the store of the environment is asked, and the usual folder where there is none', async () => {
  const source = await openKeySource({}, { VALKEY_URL: 'redis://:secret-word@127.0.0.1:1/3' });
  assert.equal(source.name, 'redis://127.0.0.1:1/3');
  await source.reader.close();
  const environment = { TRADEWIND_DATA_DIR: '/nowhere' };
  await assert.rejects(openKeySource({}, environment), (error) => {
    assert.ok(error instanceof UsageError);
    assert.match(error.message, /'\/nowhere\/synthetic\/keys\.sqlite' is expected/);
    return true;
  });
});

test('a file that is no key store is a failure of the store', async (t) => {
  const folder = temporaryFolder(t);
  writeFileSync(join(folder, 'keys.sqlite'), 'no database at all, but long enough to be taken for one'.repeat(100));
  await assert.rejects(openKeySource({ dataDir: folder }, {}), KeyStoreError);
});
