import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { test } from 'node:test';
import { missingStore, startStore } from '../../../tests/support/store-process.ts';
import { commandFailure, connectValkey, shownAddress } from './connect.ts';
import { StoreError } from './store-error.ts';

function isStoreError(code: StoreError['code'], ...words: (RegExp | string)[]): (error: unknown) => boolean {
  return (error) => {
    assert.ok(error instanceof StoreError);
    assert.equal(error.code, code, error.message);
    for (const word of words) assert.match(error.message, new RegExp(word));
    assert.doesNotMatch(error.message, /hush-hush/);
    return true;
  };
}

test('a connection to a running store answers', { skip: missingStore }, async (t) => {
  const store = await startStore();
  t.after(() => store.stop());
  const client = await connectValkey(store.url);
  assert.equal(await client.ping(), 'PONG');
  client.disconnect();
  const other = await connectValkey(store.url.replace('redis:', 'valkey:'));
  assert.equal(await other.ping(), 'PONG');
  other.disconnect();
});

test('a store that refuses the password counts as unreachable, and the password is not told', {
  skip: missingStore,
}, async (t) => {
  const store = await startStore('right-password');
  t.after(() => store.stop());
  const { port } = store;
  await assert.rejects(
    connectValkey(`redis://trader:hush-hush@127.0.0.1:${port}/3`),
    isStoreError('unreachable', `redis://127.0.0.1:${port}/3`),
  );
  const client = await connectValkey(`redis://:right-password@127.0.0.1:${port}`);
  assert.equal(await client.ping(), 'PONG');
  client.disconnect();
});

test('a port without a store is unreachable at once', async () => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  await assert.rejects(
    connectValkey(`redis://:hush-hush@127.0.0.1:${port}`),
    isStoreError('unreachable', 'ECONNREFUSED', `redis://127.0.0.1:${port}`),
  );
});

test('a server that never answers is given up after the time allowed', async (t) => {
  const server = createServer((socket) => void t.after(() => socket.destroy())).listen(0, '127.0.0.1');
  t.after(() => server.close());
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  await assert.rejects(
    connectValkey(`redis://127.0.0.1:${port}`, { connectTimeoutMs: 50 }),
    isStoreError('unreachable', 'within 50 ms|closed|timed out'),
  );
});

test('an address of another kind is refused with what was expected', async () => {
  for (const url of ['http://127.0.0.1:6379', 'no address', '']) {
    await assert.rejects(connectValkey(url), isStoreError('address', 'redis://'));
  }
});

test('an address is shown without user, password and options', () => {
  assert.equal(shownAddress('redis://trader:hush-hush@store:6379/2?family=6'), 'redis://store:6379/2');
  assert.equal(shownAddress('rediss://:hush-hush@store'), 'rediss://store');
  assert.equal(shownAddress('redis://store:6379/'), 'redis://store:6379');
  assert.equal(shownAddress('hush-hush'), 'an address that is none');
});

test('a failure of a command names what was tried and keeps an error of the store', () => {
  assert.equal(commandFailure('reading', new Error('OOM')).message, 'reading failed: OOM');
  const known = new StoreError('tooMany', 'too much');
  assert.equal(commandFailure('reading', known), known);
});
