import assert from 'node:assert/strict';
import { once } from 'node:events';
import { Agent, type IncomingMessage, request } from 'node:http';
import { test } from 'node:test';
import { WebSocket } from 'ws';
import { waitUntil } from '../../tests/support/wait-until.ts';
import { BODY_BYTES_MAX, type ServedWire, serveWire } from './serve-wire.ts';
import type { WireReply, WireRequest, WireServer, WireSocket, WireStream } from './wire-server.ts';

interface Scene {
  readonly served: ServedWire;
  readonly requests: WireRequest[];
  readonly streams: WireStream[];
  readonly sockets: WireSocket[];
  readonly told: string[];
}

function wireServer(scene: Omit<Scene, 'served'>): WireServer {
  const { requests, streams, sockets, told } = scene;
  return {
    venue: 'TEST',
    handle: (asked: WireRequest, reply: WireReply) => {
      requests.push(asked);
      if (asked.path === '/reset') reply.reset();
      else if (asked.path !== '/stream') reply.answer({ status: 201, headers: { requestid: '7' }, body: 'größer' });
      else {
        const stream = reply.stream({ status: 200, headers: { 'content-type': 'application/octet-stream' } });
        stream.onClose(() => told.push('stream closed'));
        streams.push(stream);
      }
    },
    openSocket: (asked, socket) => {
      requests.push(asked);
      if (asked.path === '/refused') return { status: 403 };
      sockets.push(socket);
      socket.send('first');
      return {
        onText: (text) => told.push(text),
        onPong: () => told.push('pong'),
        onClose: () => told.push('socket closed'),
      };
    },
    close: () => told.push('server closed'),
  };
}

async function open(options: { streamPort?: number } = {}): Promise<Scene> {
  const scene = { requests: [], streams: [], sockets: [], told: [] };
  const served = await serveWire(wireServer(scene), { port: 0, ...options });
  return { ...scene, served };
}

interface Answer {
  readonly status: number;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

async function ask(
  port: number,
  method: string,
  path: string,
  more: { body?: string; agent?: Agent } = {},
): Promise<Answer> {
  const { body, agent } = more;
  const asked = request({
    port,
    method,
    path,
    host: '127.0.0.1',
    headers: { 'X-Name': 'v' },
    agent: agent ?? false,
  });
  asked.end(body);
  const [response] = (await once(asked, 'response')) as [IncomingMessage];
  let text = '';
  for await (const piece of response.setEncoding('utf8')) text += piece;
  return { status: response.statusCode ?? 0, headers: response.headers, body: text };
}

test('a request reaches the server as it was sent, and its answer comes back', async () => {
  const { served, requests } = await open();
  const answer = await ask(served.port, 'POST', '/v3/a%20b?c=d&', { body: '{"ä":1}' });
  assert.deepEqual([answer.status, answer.body, answer.headers['requestid']], [201, 'größer', '7']);
  assert.ok(requests[0] !== undefined);
  const { headers, ...asked } = requests[0];
  assert.deepEqual(asked, {
    method: 'POST',
    host: 'rest',
    path: '/v3/a%20b',
    query: 'c=d&',
    address: '127.0.0.1',
    body: '{"ä":1}',
  });
  assert.equal(headers['x-name'], 'v');
  await served.close();
});

test('a connection is kept for the next request', async () => {
  const { served } = await open();
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  await ask(served.port, 'GET', '/a', { agent });
  const [kept] = Object.values(agent.freeSockets).flat();
  const localPort = kept?.localPort;
  await ask(served.port, 'GET', '/b', { agent });
  assert.ok(localPort !== undefined);
  assert.equal(Object.values(agent.freeSockets).flat()[0]?.localPort, localPort);
  agent.destroy();
  await served.close();
});

test('a body beyond the limit and a method that no venue has are refused', async () => {
  const { served, requests } = await open();
  const large = await ask(served.port, 'POST', '/a', { body: 'x'.repeat(BODY_BYTES_MAX + 1) });
  assert.equal(large.status, 413);
  assert.equal((await ask(served.port, 'PATCH', '/a')).status, 405);
  assert.equal((await ask(served.port, 'POST', '/a', { body: 'x'.repeat(BODY_BYTES_MAX) })).status, 201);
  assert.equal(requests.length, 1);
  await served.close();
});

test('a reset ends the connection without an answer', async () => {
  const { served } = await open();
  await assert.rejects(ask(served.port, 'GET', '/reset'), { code: 'ECONNRESET' });
  await served.close();
});

test('a stream goes out piece by piece until either side ends it', async () => {
  const { served, streams, told } = await open();
  const pieces: string[] = [];
  const asked = request({ port: served.port, path: '/stream', host: '127.0.0.1' });
  asked.end();
  const [response] = (await once(asked, 'response')) as [IncomingMessage];
  assert.equal(response.headers['transfer-encoding'], 'chunked');
  response.setEncoding('utf8').on('data', (piece: string) => pieces.push(piece));
  response.on('error', () => pieces.push('error'));
  for (const piece of ['{"a"', ':1}\n']) {
    streams[0]?.write(new TextEncoder().encode(piece));
    await waitUntil('the piece arrives', () => pieces.at(-1) === piece);
  }
  asked.destroy();
  await waitUntil('the stream closes', () => told.includes('stream closed'));
  streams[0]?.write(new TextEncoder().encode('nobody'));
  const again = request({ port: served.port, path: '/stream', host: '127.0.0.1' });
  again.end();
  const [second] = (await once(again, 'response')) as [IncomingMessage];
  second.resume();
  streams[1]?.end();
  await once(second, 'end');
  await served.close();
});

test('a socket carries texts, pings and its end', async () => {
  const { served, sockets, told, requests } = await open();
  const socket = new WebSocket(`ws://127.0.0.1:${served.port}/ws?listenKey=k`);
  const heard: string[] = [];
  socket.on('message', (data) => heard.push(String(data)));
  await once(socket, 'open');
  assert.deepEqual([requests[0]?.path, requests[0]?.query], ['/ws', 'listenKey=k']);
  socket.send('hello');
  sockets[0]?.ping();
  sockets[0]?.send('second');
  await waitUntil('both sides hear', () => told.includes('hello') && told.includes('pong') && heard.includes('second'));
  assert.deepEqual(heard, ['first', 'second']);
  sockets[0]?.close();
  await once(socket, 'close');
  await waitUntil('the socket closes', () => told.includes('socket closed'));
  await served.close();
});

test('a refused socket is told its status', async () => {
  const { served } = await open();
  const socket = new WebSocket(`ws://127.0.0.1:${served.port}/refused`);
  const [, response] = (await once(socket, 'unexpected-response')) as [unknown, IncomingMessage];
  assert.equal(response.statusCode, 403);
  await served.close();
});

test('a second port stands for the stream host', async () => {
  const { served, requests } = await open({ streamPort: 0 });
  assert.notEqual(served.port, served.streamPort);
  await ask(served.streamPort, 'GET', '/a');
  assert.equal(requests[0]?.host, 'stream');
  await served.close();
  await assert.rejects(ask(served.streamPort, 'GET', '/a'), { code: 'ECONNREFUSED' });
});

test('a port in use is refused, and the end closes what is open', async () => {
  const { served, told } = await open();
  const second = serveWire(wireServer({ requests: [], streams: [], sockets: [], told: [] }), { port: served.port });
  await assert.rejects(second, { code: 'EADDRINUSE' });
  const socket = new WebSocket(`ws://127.0.0.1:${served.port}/ws`);
  await once(socket, 'open');
  const closed = once(socket, 'close');
  await served.close();
  await closed;
  assert.equal(told[0], 'server closed');
});
