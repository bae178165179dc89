import assert from 'node:assert/strict';
import { test } from 'node:test';
import { missingStore, startStore } from '../../../tests/support/store-process.ts';
import { connectValkey } from './connect.ts';
import { applyScript, readScript, runScript, wipeScript } from './key-store-scripts.ts';

test('a script is known by its digest', () => {
  for (const { digest } of [applyScript, readScript, wipeScript]) assert.match(digest, /^[0-9a-f]{40}$/);
});

test('a wipe goes step by step and stops where another writer has begun', { skip: missingStore }, async (t) => {
  const server = await startStore();
  const client = await connectValkey(server.url);
  t.after(() => {
    client.disconnect();
    return server.stop();
  });
  const wipe = (isFirst: string) => runScript(client, wipeScript, ['position', 'index'], [isFirst, '2']);
  for (const key of ['a', 'b', 'c', 'd', 'e']) {
    await client.set(key, 'v');
    await client.zadd('index', 'inf', key);
  }
  await client.hset('position', 'runId', 'run');
  assert.equal(await wipe('1'), 3);
  assert.deepEqual((await client.keys('*')).sort(), ['c', 'd', 'e', 'index']);
  await client.hset('position', 'runId', 'another');
  assert.equal(await wipe(''), -1);
  await client.del('position');
  assert.equal(await wipe(''), 1);
  assert.equal(await wipe(''), 0);
  assert.deepEqual(await client.keys('*'), []);
});

test('a key larger than asked for is told by its size only', { skip: missingStore }, async (t) => {
  const server = await startStore();
  const client = await connectValkey(server.url);
  t.after(() => {
    client.disconnect();
    return server.stop();
  });
  await client.rpush('list', 'a', 'b', 'c');
  assert.deepEqual(await runScript(client, readScript, ['list'], ['2']), [Buffer.from('list'), -1, 3]);
});
