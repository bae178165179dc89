import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { test } from 'node:test';
import { KeyStoreError } from '#domain/keys/key-store-error.ts';
import type { TimePort } from '#engine/ports.ts';
import { missingStore, startStore } from '../../../tests/support/store-process.ts';
import { LastingConnection } from './key-store-connection.ts';

/** Tells how long each retry was to wait, and lets it begin at once, as often as it is allowed to. */
function countedTime(retries: number, spans: number[], random = 1): { time: TimePort; all: Promise<void> } {
  let finish: () => void = () => undefined;
  const all = new Promise<void>((done) => {
    finish = done;
  });
  const after = (ms: number, act: () => void): (() => void) => {
    spans.push(ms);
    if (spans.length < retries) setImmediate(act);
    else finish();
    return () => undefined;
  };
  return { time: { now: () => 0, monotonic: () => 0, random: () => random, after }, all };
}

async function deadPort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

test('a server that is away is asked ever more rarely, and its loss is told once', async (t) => {
  const spans: number[] = [];
  const news: string[] = [];
  const { time, all } = countedTime(9, spans);
  const url = `redis://:hush-hush@127.0.0.1:${await deadPort()}`;
  const connection = await LastingConnection.open(url, { time, onConnection: ({ type }) => void news.push(type) });
  t.after(() => connection.close());
  await all;
  assert.deepEqual(spans, [100, 200, 400, 800, 1_000, 1_000, 1_000, 1_000, 1_000]);
  assert.deepEqual(news, ['down']);
  await assert.rejects(
    connection.run('write', 'writing', () => Promise.resolve(1)),
    (error) => {
      assert.ok(error instanceof KeyStoreError);
      assert.equal(error.code, 'unreachable');
      assert.match(error.message, /^writing: the store at 'redis:\/\/127\.0\.0\.1:\d+' is away: .*ECONNREFUSED/);
      assert.doesNotMatch(error.message, /hush-hush/);
      return true;
    },
  );
});

test('chance shortens a wait by half at most', async (t) => {
  const spans: number[] = [];
  const { time, all } = countedTime(2, spans, 0);
  const connection = await LastingConnection.open(`redis://127.0.0.1:${await deadPort()}`, { time });
  t.after(() => connection.close());
  await all;
  assert.deepEqual(spans, [50, 100]);
});

test('what the server refuses has failed, and the connection stays', { skip: missingStore }, async (t) => {
  const server = await startStore();
  t.after(() => server.stop());
  const { time } = countedTime(1, []);
  const connection = await LastingConnection.open(server.url, { time });
  t.after(() => connection.close());
  const refused = connection.run('write', 'asking', (client) => client.call('NOSUCH', []));
  await assert.rejects(refused, (error) => error instanceof KeyStoreError && error.code === 'failed');
  assert.equal(await connection.run('read', 'asking', (client) => client.ping()), 'PONG');
});

test('a closed connection is not mended', { skip: missingStore }, async () => {
  const server = await startStore();
  const spans: number[] = [];
  const { time } = countedTime(1, spans);
  const connection = await LastingConnection.open(server.url, { time });
  await connection.close();
  await server.stop();
  assert.deepEqual(spans, []);
  await assert.rejects(
    connection.run('read', 'asking', (client) => client.ping()),
    /closed/,
  );
});
