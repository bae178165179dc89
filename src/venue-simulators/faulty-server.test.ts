import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { HttpAnswer } from '#engine/ports.ts';
import { HandClock } from '../../tests/support/hand-clock.ts';
import { type FaultScriptInput, parseFaultScript } from './fault-script.ts';
import { type ActingServer, faultyServer } from './faulty-server.ts';
import type { VirtualNetwork } from './virtual-network.ts';
import { virtualNetwork } from './virtual-network.ts';
import type { WireSocket, WireStream } from './wire-server.ts';

const encoder = new TextEncoder();

interface Scene {
  readonly clock: HandClock;
  readonly network: VirtualNetwork;
  readonly handled: string[];
  readonly acts: unknown[];
  readonly streams: WireStream[];
  readonly sockets: WireSocket[];
  readonly closed: string[];
  readonly faulty: ActingServer;
}

function open(faults: FaultScriptInput['faults']): Scene {
  const clock = new HandClock(0);
  const handled: string[] = [];
  const acts: unknown[] = [];
  const streams: WireStream[] = [];
  const sockets: WireSocket[] = [];
  const closed: string[] = [];
  const server: ActingServer = {
    venue: 'TEST',
    act: (action, parameters) => acts.push([clock.now(), action, parameters]),
    handle: (request, reply) => {
      handled.push(`${request.method} ${request.path}`);
      if (!request.path.endsWith('/stream')) {
        reply.answer({ status: 200, headers: {}, body: `done ${request.path}` });
        return;
      }
      const stream = reply.stream({ status: 200, headers: {} });
      stream.onClose(() => closed.push(request.path));
      streams.push(stream);
    },
    openSocket: (_, socket) => {
      sockets.push(socket);
      return { onText: () => undefined, onPong: () => closed.push('pong'), onClose: () => closed.push('socket') };
    },
    close: () => closed.push('server'),
  };
  const faulty = faultyServer(server, parseFaultScript({ faults }), clock);
  const network = virtualNetwork({
    time: clock,
    servers: [{ origin: 'https://v.test', host: 'rest', server: faulty, address: 'a' }],
    latencyMs: 1,
  });
  return { clock, network, handled, acts, streams, sockets, closed, faulty };
}

/** How a request ended: its body with its status, or that nothing came. */
async function outcome(scene: Scene, method: 'GET' | 'POST', path: string, timeoutMs = 50): Promise<string> {
  const asked = scene.network.request({ method, url: `https://v.test${path}`, headers: {} }, timeoutMs).then(
    ({ status, body }: HttpAnswer) => `${status} ${body}`,
    (error: Error) => error.message.split(': ').at(-1) ?? '',
  );
  await scene.clock.pass(timeoutMs);
  return asked;
}

test('an answer that is lost was carried out, a request that is lost was not', async () => {
  const scene = open([
    { at: 0, match: { method: 'POST' }, fault: { type: 'loseAnswer' } },
    { at: 0, match: { method: 'POST' }, fault: { type: 'loseRequest' } },
  ]);
  assert.equal(await outcome(scene, 'GET', '/a'), '200 done /a');
  assert.equal(await outcome(scene, 'POST', '/b'), 'the connection was reset');
  assert.equal(await outcome(scene, 'POST', '/c'), 'the connection was reset');
  assert.equal(await outcome(scene, 'POST', '/d'), '200 done /d');
  assert.deepEqual(scene.handled, ['GET /a', 'POST /b', 'POST /d']);
});

test('silence never answers, with and without carrying out', async () => {
  const scene = open([
    { at: 0, fault: { type: 'silence' } },
    { at: 0, fault: { type: 'silence', isCarriedOut: true } },
  ]);
  assert.equal(await outcome(scene, 'POST', '/a'), 'no answer within 50 ms');
  assert.equal(await outcome(scene, 'POST', '/b'), 'no answer within 50 ms');
  assert.deepEqual(scene.handled, ['POST /b']);
});

test('another answer may hide either truth', async () => {
  const scene = open([
    { at: 0, fault: { type: 'answer', status: 503, body: 'Unknown error' } },
    { at: 0, fault: { type: 'answer', status: 200, body: '<html>', isCarriedOut: true } },
  ]);
  assert.equal(await outcome(scene, 'POST', '/a'), '503 Unknown error');
  assert.equal(await outcome(scene, 'POST', '/b'), '200 <html>');
  assert.deepEqual(scene.handled, ['POST /b']);
});

test('a late answer comes late', async () => {
  const scene = open([{ at: 0, fault: { type: 'delayAnswer', ms: 2_000 } }]);
  let answeredAt = -1;
  const asked = scene.network
    .request({ method: 'POST', url: 'https://v.test/a', headers: {} }, 5_000)
    .then((answer) => {
      answeredAt = scene.clock.now();
      return answer;
    });
  await scene.clock.pass(3_000);
  await asked;
  assert.equal(answeredAt, 2_002);
});

test('a fault lasts its span, as often as it may, for the requests that it matches', async () => {
  const scene = open([
    { at: 100, for: 100, times: 2, match: { path: '/orders\\?x=' }, fault: { type: 'loseRequest' } },
  ]);
  assert.equal(await outcome(scene, 'GET', '/orders?x=1'), '200 done /orders');
  await scene.clock.pass(50);
  assert.equal(await outcome(scene, 'GET', '/orders?y=1', 10), '200 done /orders');
  assert.equal(await outcome(scene, 'GET', '/orders?x=1', 10), 'the connection was reset');
  assert.equal(await outcome(scene, 'GET', '/orders?x=1', 10), 'the connection was reset');
  assert.equal(await outcome(scene, 'GET', '/orders?x=1', 10), '200 done /orders');
  const over = open([{ at: 0, for: 20, fault: { type: 'loseRequest' } }]);
  assert.equal(await outcome(over, 'GET', '/a', 19), 'the connection was reset');
  assert.equal(await outcome(over, 'GET', '/a', 19), '200 done /a');
});

test('what the venue does by itself is told to it at its time', async () => {
  const scene = open([{ at: 70, fault: { type: 'venue', action: 'halt', instrument: 'EUR_USD' } }]);
  await scene.clock.pass(100);
  assert.deepEqual(scene.acts, [[70, 'halt', { instrument: 'EUR_USD' }]]);
});

test('a script with an action that the venue does not know is refused before it plays', () => {
  const server: ActingServer = {
    venue: 'TEST',
    act: () => assert.fail('acted'),
    check: (action) => {
      throw new Error(`unknown '${action}'`);
    },
    handle: () => undefined,
    openSocket: () => ({ status: 404 }),
    close: () => undefined,
  };
  const script = parseFaultScript({ faults: [{ at: 5, fault: { type: 'venue', action: 'explode' } }] });
  assert.throws(() => faultyServer(server, script, new HandClock()), /unknown 'explode'/);
});

test('lines of a stream meet the faults as whole messages, however they were written', async () => {
  const scene = open([
    { at: 0, for: 60, fault: { type: 'drop', count: 1, only: '^b' } },
    { at: 100, fault: { type: 'inject', stream: '/stream', text: 'injected' } },
    { at: 200, fault: { type: 'disconnect', stream: 'stream' } },
  ]);
  let text = '';
  const ends: string[] = [];
  scene.network.stream(
    { method: 'GET', url: 'https://v.test/p/stream', headers: {} },
    {
      onOpen: () => undefined,
      onBytes: (bytes) => {
        text += new TextDecoder().decode(bytes);
      },
      onClose: (reason) => ends.push(reason),
    },
  );
  await scene.clock.pass(5);
  for (const piece of ['a1', '2\nb', '1\nc\n']) scene.streams[0]?.write(encoder.encode(piece));
  await scene.clock.pass(100);
  assert.equal(text, 'a12\nc\ninjected\n');
  await scene.clock.pass(100);
  assert.deepEqual(ends, ['the stream ended']);
  const again: string[] = [];
  scene.network.stream(
    { method: 'GET', url: 'https://v.test/q/stream', headers: {} },
    { onOpen: () => again.push('open'), onBytes: () => undefined, onClose: (reason) => again.push(reason) },
  );
  await scene.clock.pass(10);
  assert.deepEqual(again, ['open']);
  assert.deepEqual(scene.closed, ['/p/stream']);
});

test('a stream that no fault is meant for goes through byte by byte as it was written', async () => {
  const scene = open([{ at: 0, fault: { type: 'stall', stream: 'other' } }]);
  const pieces: number[] = [];
  scene.network.stream(
    { method: 'GET', url: 'https://v.test/p/stream', headers: {} },
    { onOpen: () => undefined, onBytes: ({ length }) => pieces.push(length), onClose: () => undefined },
  );
  await scene.clock.pass(5);
  for (const piece of ['a', 'bcd\n']) scene.streams[0]?.write(encoder.encode(piece));
  await scene.clock.pass(5);
  assert.deepEqual(pieces, [1, 4]);
});

test('a socket meets the faults message by message, and its pings go on in a stall', async () => {
  const scene = open([{ at: 0, for: 100, fault: { type: 'stall' } }]);
  const heard: string[] = [];
  scene.network.socket('wss://v.test/ws', {
    onOpen: () => heard.push('open'),
    onText: (text) => heard.push(text),
    onPing: () => heard.push('ping'),
    onClose: (reason) => heard.push(reason),
  });
  await scene.clock.pass(10);
  scene.sockets[0]?.send('lost');
  scene.sockets[0]?.ping();
  await scene.clock.pass(100);
  scene.sockets[0]?.send('heard');
  scene.sockets[0]?.close();
  await scene.clock.pass(5);
  assert.deepEqual(heard, ['open', 'ping', 'heard', 'the other side closed']);
  assert.deepEqual(scene.closed, ['pong', 'socket']);
  scene.faulty.close();
  assert.equal(scene.closed.at(-1), 'server');
});
