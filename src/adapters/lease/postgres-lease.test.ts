import assert from 'node:assert/strict';
import { test } from 'node:test';
import pg from 'pg';
import { missingDatabase, startDatabase } from '../../../tests/support/postgres-process.ts';
import { LeaseStoreError } from './lease-error.ts';
import { PostgresLeases } from './postgres-lease.ts';

test('a database that is away is told without its password', async () => {
  const leases = new PostgresLeases('postgres://trader:hush-hush@127.0.0.1:9/desk');
  await assert.rejects(leases.acquire('paper', 'left', 1_000), (error) => {
    assert.ok(error instanceof LeaseStoreError);
    assert.match(error.message, /^asking for the lease on 'paper': /);
    assert.doesNotMatch(error.message, /hush-hush/);
    return true;
  });
  await leases.close();
});

test('a lease that was given back leaves its token behind, so that the next one is greater', {
  skip: missingDatabase,
}, async (t) => {
  const database = await startDatabase();
  const leases = new PostgresLeases(database.url);
  const client = new pg.Client(database.url);
  t.after(async () => {
    await leases.close();
    await client.end();
    await database.stop();
  });
  await client.connect();
  const lease = await leases.acquire('paper', 'left', 60_000);
  assert.ok('token' in lease);
  await leases.release(lease);
  const { rows } = await client.query('select holder, token, expires_at <= clock_timestamp() as is_over from leases');
  assert.deepEqual(rows, [{ holder: 'left', token: '1', is_over: true }]);
  const next = await leases.acquire('paper', 'right', 60_000);
  assert.deepEqual(next, { account: 'paper', holder: 'right', token: 2 });
});
