import assert from 'node:assert/strict';
import { test } from 'node:test';
import { restScene } from '../../../tests/support/scripted-binance-desk.ts';
import { extendEveryMs, seenMessagesMax, UserStream } from './user-stream.ts';

function scene() {
  const rest = restScene();
  const events: string[] = [];
  const payloads: unknown[] = [];
  let keys = 0;
  rest.server.on('POST /fapi/v1/listenKey', () => ({ body: { listenKey: `key-${++keys}` } }));
  const stream = new UserStream({
    time: rest.clock,
    network: rest.server,
    rest: rest.rest,
    origin: 'wss://stream.binance.test',
    onNotice: rest.onNotice,
    onPayload: (payload) => payloads.push(payload),
    onUp: () => events.push('up'),
    onDown: (reason) => events.push(`down: ${reason}`),
  });
  /** The first key is asked for without any time passing. */
  const open = async (): Promise<void> => {
    stream.open();
    await rest.clock.pass(0);
  };
  return { ...rest, stream, events, payloads, open };
}

test('the stream is opened under its key on the private path, with no list of events that would hide any', async () => {
  const { stream, open, clock, server, events } = scene();
  await open();
  await clock.pass(10);
  assert.deepEqual(server.openUrls('/'), ['wss://stream.binance.test/private/ws?listenKey=key-1']);
  assert.deepEqual(events, ['up']);
  stream.close();
});

test('the key is extended and never deleted, not even at the end (F29)', async () => {
  const { stream, open, clock, server } = scene();
  await open();
  await clock.pass(30 * 60_000);
  stream.close();
  await clock.pass(60_000);
  assert.ok(server.askedOf('PUT /fapi/v1/listenKey').length >= 1);
  assert.equal(server.askedOf('DELETE /fapi/v1/listenKey').length, 0);
});

test('a key that the venue does not know any more is replaced (F30)', async () => {
  const { stream, open, clock, server, events } = scene();
  await open();
  await clock.pass(10);
  server.inTurn('PUT /fapi/v1/listenKey', [
    { status: 400, body: { code: -1125, msg: 'This listenKey does not exist.' } },
    { body: {} },
  ]);
  await clock.pass(extendEveryMs + 5_000);
  assert.deepEqual(server.openUrls('/'), ['wss://stream.binance.test/private/ws?listenKey=key-2']);
  assert.match(events[1] ?? '', /^down/);
  assert.equal(events.at(-1), 'up');
  stream.close();
});

test('where the venue has another key now, that one is used', async () => {
  const { stream, open, clock, server } = scene();
  await open();
  await clock.pass(10);
  server.inTurn('PUT /fapi/v1/listenKey', [{ body: { listenKey: 'other' } }, { body: {} }]);
  await clock.pass(extendEveryMs + 5_000);
  assert.match(server.openUrls('/')[0] ?? '', /key-2$/);
  stream.close();
});

test('a key is asked for until the venue gives one', async () => {
  const { stream, open, clock, server, events, notices } = scene();
  server.refuse('POST /fapi/v1/listenKey', -1000, 'x');
  await open();
  await clock.pass(20_000);
  assert.deepEqual(events, []);
  assert.ok(notices.length >= 3);
  server.on('POST /fapi/v1/listenKey', () => ({ body: { listenKey: 'late' } }));
  await clock.pass(31_000);
  assert.deepEqual(events, ['up']);
  stream.close();
});

test('a message that comes twice is heard once, wrapped or not (F38)', async () => {
  const { stream, open, clock, server, payloads } = scene();
  await open();
  await clock.pass(10);
  server.carry('/private/', '{"e":"A","E":1}');
  server.carry('/private/', '{"e":"A","E":1}');
  server.carry('/private/', '{"stream":"key-1","data":{"e":"B","E":2}}');
  server.carry('/private/', 'no JSON');
  assert.deepEqual(payloads, [{ e: 'A', E: 1 }, { e: 'B', E: 2 }, undefined]);
  stream.close();
});

test('messages are remembered up to a bound', async () => {
  const { stream, open, clock, server, payloads } = scene();
  await open();
  await clock.pass(10);
  for (let count = 0; count <= seenMessagesMax; count++) server.carry('/private/', `{"e":"A","E":${count}}`);
  server.carry('/private/', '{"e":"A","E":0}');
  assert.equal(payloads.length, seenMessagesMax + 2);
  stream.close();
});
