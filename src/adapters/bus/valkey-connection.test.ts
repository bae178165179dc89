import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { test } from 'node:test';
import { missingStore, startStore } from '../../../tests/support/store-process.ts';
import { ValkeyConnection } from './valkey-connection.ts';

test('an address that is none is refused, and its secrets are not told', async () => {
  assert.throws(() => new ValkeyConnection('http://u:hush-hush@x'), { code: 'address' });
  assert.throws(() => new ValkeyConnection('no address'), { code: 'address' });
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  const connection = new ValkeyConnection(`redis://:hush-hush@127.0.0.1:${port}`);
  await assert.rejects(
    connection.use('asking', (client) => client.ping()),
    (error) => {
      assert.ok(error instanceof Error && 'code' in error);
      assert.equal(error.code, 'unreachable');
      assert.doesNotMatch(error.message, /hush-hush/);
      return true;
    },
  );
});

test('a server that never answers is given up after the time allowed', async (t) => {
  const server = createServer((socket) => void t.after(() => socket.destroy())).listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => void server.close());
  const { port } = server.address() as AddressInfo;
  const connection = new ValkeyConnection(`redis://127.0.0.1:${port}`, { connectTimeoutMs: 50 });
  await assert.rejects(
    connection.use('asking', (client) => client.ping()),
    { code: 'unreachable' },
  );
});

test('a connection is made anew after the store was killed, and never after it was closed', {
  skip: missingStore,
}, async (t) => {
  const store = await startStore();
  t.after(() => store.stop());
  const connection = new ValkeyConnection(store.url);
  const ping = (): Promise<string> => connection.use('asking', (client) => client.ping());
  assert.equal(await ping(), 'PONG');
  await store.kill();
  await assert.rejects(ping(), { code: 'unreachable' });
  await store.restart();
  assert.equal(await ping(), 'PONG');
  await assert.rejects(
    connection.use('asking', (client) => client.xack('absent', 'g')),
    { code: 'failed' },
  );
  await assert.rejects(
    connection.use('asking', (client) => client.xreadgroup('GROUP', 'g', 'c', 'STREAMS', 's', '>')),
    { code: 'noGroup' },
  );
  connection.close();
  await assert.rejects(ping(), { code: 'closed' });
});
