import assert from 'node:assert/strict';
import { test } from 'node:test';
import { HandClock } from '../../../tests/support/hand-clock.ts';
import { ScriptedBinance } from '../../../tests/support/scripted-binance.ts';
import { overlapMs, RenewedStream } from './stream.ts';

const hourMs = 3_600_000;

function scene(livesByPings = true, idleMs = 10_000_000_000) {
  const clock = new HandClock();
  const server = new ScriptedBinance(clock);
  const events: string[] = [];
  let key = 1;
  const stream = new RenewedStream({
    time: clock,
    network: server,
    name: 'the stream',
    url: () => `wss://stream.binance.test/${key++}`,
    idleMs,
    livesByPings,
    onText: (text) => events.push(text),
    onUp: () => events.push('up'),
    onDown: (reason) => events.push(`down: ${reason}`),
  });
  return { clock, server, events, stream };
}

test('before the venue ends a socket a new one is open, and nobody hears of it (F40)', async () => {
  const { clock, server, events, stream } = scene();
  stream.open();
  await clock.pass(23 * hourMs);
  assert.deepEqual(server.openUrls('/'), ['wss://stream.binance.test/1']);
  await clock.pass(600_002);
  assert.deepEqual(server.openUrls('/'), ['wss://stream.binance.test/1', 'wss://stream.binance.test/2']);
  await clock.pass(overlapMs);
  assert.deepEqual(server.openUrls('/'), ['wss://stream.binance.test/2']);
  assert.deepEqual(events, ['up']);
  await clock.pass(24 * hourMs);
  assert.deepEqual(server.openUrls('/'), ['wss://stream.binance.test/3']);
  assert.deepEqual(events, ['up']);
  stream.close();
});

test('where the old one ends while the new one is up, the new one goes on', async () => {
  const { clock, server, events, stream } = scene();
  stream.open();
  await clock.pass(23 * hourMs + 600_010);
  server.drop('test/1');
  await clock.pass(10);
  assert.deepEqual([server.openUrls('/'), events, stream.isUp], [['wss://stream.binance.test/2'], ['up'], true]);
  stream.close();
});

test('a socket that ends is opened again, with waits that grow', async () => {
  const { clock, server, events, stream } = scene();
  stream.open();
  await clock.pass(10);
  server.opensSockets = false;
  server.drop('/');
  await clock.pass(20_000);
  const attempts = server.sockets.length;
  assert.ok(attempts > 3 && attempts < 8, `${attempts} attempts`);
  server.opensSockets = true;
  await clock.pass(30_000);
  assert.equal(events.at(-1), 'up');
  stream.close();
});

test('a stream without payloads is given up, its pings do not count (F32)', async () => {
  const { clock, server, events, stream } = scene(false, 30_000);
  stream.open();
  for (let second = 0; second < 31; second++) {
    await clock.pass(1_000);
    for (const { isOpen, listener } of server.sockets) if (isOpen) listener.onPing();
  }
  assert.match(events.join(), /down: 'the stream' carried nothing/);
  stream.close();
});

test('one that may have nothing to say lives by its pings (F42)', async () => {
  const { clock, server, events, stream } = scene(true, 30_000);
  stream.open();
  for (let second = 0; second < 60; second++) {
    await clock.pass(1_000);
    for (const { isOpen, listener } of server.sockets) if (isOpen) listener.onPing();
  }
  assert.deepEqual(events, ['up']);
  stream.close();
});

test('a restart takes another address', async () => {
  const { clock, server, stream } = scene();
  stream.open();
  await clock.pass(10);
  stream.restart('another key');
  await clock.pass(5_000);
  assert.deepEqual(server.openUrls('/'), ['wss://stream.binance.test/2']);
  stream.close();
  await clock.pass(100_000);
  assert.deepEqual(server.openUrls('/'), []);
});
