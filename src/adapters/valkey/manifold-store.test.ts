import assert from 'node:assert/strict';
import { test } from 'node:test';
import { gunzipSync } from 'node:zlib';
import { missingStore, startStore } from '../../../tests/support/store-process.ts';
import { connectValkey } from './connect.ts';
import { manifoldKey, manifoldLifeSeconds, storeManifold } from './manifold-store.ts';
import { StoreError } from './store-error.ts';

test('the key is the UTC day of the newest candle', () => {
  assert.equal(manifoldKey('EUR_USD', Date.UTC(2025, 0, 31, 23, 59)), 'manifold:EUR_USD:2025-01-31');
  assert.equal(manifoldKey('USD_JPY', Date.UTC(2025, 1, 1)), 'manifold:USD_JPY:2025-02-01');
});

test('a manifold is stored as gzip for 35 days and read back to the letter', { skip: missingStore }, async (t) => {
  const store = await startStore();
  const client = await connectValkey(store.url);
  t.after(() => {
    client.disconnect();
    return store.stop();
  });
  const text = '{"count":0,"instrument":"EUR_USD","signals":[]}\n';
  const key = await storeManifold(client, { instrument: 'EUR_USD', newestAt: Date.UTC(2025, 0, 31, 5), text });
  assert.equal(key, 'manifold:EUR_USD:2025-01-31');
  const stored = await client.getBuffer(key);
  assert.ok(stored !== null);
  // The extra flag of the tenth header part says that the best compression was used.
  assert.deepEqual([...stored.subarray(0, 3), stored[8]], [0x1f, 0x8b, 8, 2]);
  assert.equal(gunzipSync(stored).toString(), text);
  const life = await client.ttl(key);
  assert.equal(manifoldLifeSeconds, 35 * 86_400);
  assert.ok(life > manifoldLifeSeconds - 60 && life <= manifoldLifeSeconds, String(life));
});

test('a store that takes no more is a failure that names the key', { skip: missingStore }, async (t) => {
  const store = await startStore();
  const client = await connectValkey(store.url);
  t.after(() => {
    client.disconnect();
    return store.stop();
  });
  await client.config('SET', 'maxmemory', '1');
  await assert.rejects(
    storeManifold(client, { instrument: 'EUR_USD', newestAt: Date.UTC(2025, 0, 31), text: 'x' }),
    (error) => {
      assert.ok(error instanceof StoreError);
      assert.equal(error.code, 'failed');
      assert.match(error.message, /manifold:EUR_USD:2025-01-31.*OOM/);
      return true;
    },
  );
});
