import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Redis } from 'ioredis';
import { missingStore, startStore } from '../../../tests/support/store-process.ts';
import { LeaseStoreError } from './lease-error.ts';
import { ValkeyLeases } from './valkey-lease.ts';

test('a store that is away is told without its password', async () => {
  const leases = new ValkeyLeases('redis://:hush-hush@127.0.0.1:9/0');
  await assert.rejects(leases.acquire('paper', 'left', 1_000), (error) => {
    assert.ok(error instanceof LeaseStoreError);
    assert.match(error.message, /^asking for the lease on 'paper': /);
    assert.doesNotMatch(error.message, /hush-hush/);
    return true;
  });
  await leases.close();
});

test('the lease is a key that runs out, and its last token a key that does not', { skip: missingStore }, async (t) => {
  const store = await startStore();
  const leases = new ValkeyLeases(store.url.replace('redis:', 'valkey:'));
  t.after(async () => {
    await leases.close();
    await store.stop();
  });
  const lease = await leases.acquire('paper', 'left', 60_000);
  assert.deepEqual(lease, { account: 'paper', holder: 'left', token: 1 });
  const client = new Redis(store.url);
  assert.deepEqual(JSON.parse((await client.get('quantum:lease:paper')) ?? ''), { holder: 'left', token: 1 });
  assert.ok((await client.pttl('quantum:lease:paper')) > 50_000);
  assert.equal(await client.get('quantum:lease:paper:token'), '1');
  assert.equal(await client.pttl('quantum:lease:paper:token'), -1);
  client.disconnect();
});
