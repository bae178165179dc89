import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { LeaseStoreError } from '#adapters/lease/lease-error.ts';
import { PostgresLeases } from '#adapters/lease/postgres-lease.ts';
import { ValkeyLeases } from '#adapters/lease/valkey-lease.ts';
import type { LeaseStore } from '#runtime/lease-keeper.ts';
import { missingDatabase, startDatabase } from '../support/postgres-process.ts';
import { missingStore, startStore } from '../support/store-process.ts';

interface Server {
  readonly url: string;
  kill(): Promise<void>;
  restart(): Promise<void>;
  stop(): Promise<void>;
}

interface Plug {
  readonly name: string;
  readonly skip: string | false;
  start(): Promise<Server>;
  open(url: string): LeaseStore;
}

const plugs: readonly Plug[] = [
  {
    name: 'Valkey',
    skip: missingStore,
    start: () => startStore({ persistent: true }),
    open: (url) => new ValkeyLeases(url),
  },
  { name: 'PostgreSQL', skip: missingDatabase, start: startDatabase, open: (url) => new PostgresLeases(url) },
];

for (const { name, skip, start, open } of plugs) {
  let server: Server | undefined;
  const stores: LeaseStore[] = [];
  const leases = (): LeaseStore => {
    assert.ok(server !== undefined);
    const store = open(server.url);
    stores.push(store);
    return store;
  };
  before(async () => {
    if (skip === false) server = await start();
  });
  after(async () => {
    await Promise.all(stores.map((store) => store.close()));
    await server?.stop();
  });

  test(`${name}: one holder at a time, under tokens that only grow`, { skip }, async () => {
    const [left, right] = [leases(), leases()];
    const first = await left.acquire('one', 'left', 60_000);
    assert.ok('token' in first);
    const refusal = await right.acquire('one', 'right', 60_000);
    assert.ok('remainingMs' in refusal);
    assert.equal(refusal.holder, 'left');
    assert.ok(refusal.remainingMs > 50_000 && refusal.remainingMs <= 60_000);
    assert.equal(await left.renew(first, 60_000), true);
    await left.release(first);
    const second = await right.acquire('one', 'right', 60_000);
    assert.ok('token' in second);
    assert.ok(second.token > first.token);
    assert.equal(await left.renew(first, 60_000), false);
    await left.release(first);
    assert.equal(await right.renew(second, 60_000), true, 'a stale holder gives nothing back');
  });

  test(`${name}: tells its own time`, { skip }, async () => {
    const before = Date.now();
    const at = await leases().serverAt();
    assert.ok(at > before - 5_000 && at < Date.now() + 5_000, String(at));
  });

  test(`${name}: accounts are apart`, { skip }, async () => {
    const [left, right] = [leases(), leases()];
    assert.ok('token' in (await left.acquire('two', 'left', 60_000)));
    assert.ok('token' in (await right.acquire('three', 'right', 60_000)));
  });

  test(`${name}: a holder that starts anew has its account back under a new token`, { skip }, async () => {
    const first = await leases().acquire('four', 'same', 60_000);
    const again = await leases().acquire('four', 'same', 60_000);
    assert.ok('token' in first && 'token' in again);
    assert.ok(again.token > first.token);
    assert.equal(await leases().renew(first, 60_000), false);
  });

  test(`${name}: a grant that runs out is free`, { skip }, async () => {
    const [left, right] = [leases(), leases()];
    const first = await left.acquire('five', 'left', 40);
    assert.ok('token' in first);
    let second = await right.acquire('five', 'right', 60_000);
    for (let tries = 0; tries < 1_000 && !('token' in second); tries += 1) {
      second = await right.acquire('five', 'right', 60_000);
    }
    assert.ok('token' in second);
    assert.equal(await left.renew(first, 60_000), false);
  });

  test(`${name}: of many who ask at once one gets it`, { skip }, async () => {
    const asked = Array.from({ length: 10 }, (_, place) => leases().acquire('six', `holder ${place}`, 60_000));
    const granted = (await Promise.all(asked)).filter((answer) => 'token' in answer);
    assert.equal(granted.length, 1);
  });

  test(`${name}: a grant outlives a crash of the store, and a store that is away says so`, { skip }, async () => {
    assert.ok(server !== undefined);
    const store = leases();
    const lease = await store.acquire('seven', 'left', 60_000);
    assert.ok('token' in lease);
    await server.kill();
    await assert.rejects(store.renew(lease, 60_000), LeaseStoreError);
    await server.restart();
    const refusal = await leases().acquire('seven', 'right', 60_000);
    assert.equal('holder' in refusal ? refusal.holder : '', 'left');
    assert.ok(!('token' in refusal));
    let isRenewed = false;
    for (let tries = 0; tries < 20 && !isRenewed; tries += 1) {
      isRenewed = await store.renew(lease, 60_000).catch(() => false);
    }
    assert.equal(isRenewed, true);
  });
}
