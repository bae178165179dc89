import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { HttpAnswer } from '#engine/ports.ts';
import { HandClock } from '../../tests/support/hand-clock.ts';
import { type VirtualNetwork, virtualNetwork } from './virtual-network.ts';
import type { WireReply, WireRequest, WireServer, WireSocket, WireStream } from './wire-server.ts';

const encoder = new TextEncoder();
const answer: HttpAnswer = { status: 200, headers: { a: 'b' }, body: 'hello' };

interface Scene {
  readonly clock: HandClock;
  readonly network: VirtualNetwork;
  readonly requests: WireRequest[];
  readonly sockets: WireSocket[];
  readonly told: string[];
}

function open(handle: (reply: WireReply, request: WireRequest) => void): Scene {
  const clock = new HandClock(0);
  const requests: WireRequest[] = [];
  const sockets: WireSocket[] = [];
  const told: string[] = [];
  const server: WireServer = {
    venue: 'TEST',
    handle: (request, reply) => {
      requests.push(request);
      handle(reply, request);
    },
    openSocket: (request, socket) => {
      requests.push(request);
      if (request.path === '/refused') return { status: 403 };
      sockets.push(socket);
      return {
        onText: (text) => told.push(text),
        onPong: () => told.push('pong'),
        onClose: () => told.push('closed'),
      };
    },
    close: () => undefined,
  };
  const network = virtualNetwork({
    time: clock,
    servers: [{ origin: 'https://rest.test', host: 'rest', server, address: '10.0.0.1' }],
    latencyMs: 5,
  });
  return { clock, network, requests, sockets, told };
}

function get(network: VirtualNetwork, url = 'https://rest.test/a/b?c=d&', timeoutMs = 100): Promise<HttpAnswer> {
  return network.request({ method: 'GET', url, headers: { x: 'y' } }, timeoutMs);
}

test('a request is answered after both ways, and is told apart into path and query', async () => {
  const { clock, network, requests } = open((reply) => reply.answer(answer));
  let answeredAt = -1;
  const asked = get(network).then((found) => {
    answeredAt = clock.now();
    return found;
  });
  await clock.pass(20);
  assert.deepEqual(await asked, answer);
  assert.equal(answeredAt, 10);
  assert.deepEqual(requests, [
    { method: 'GET', headers: { x: 'y' }, host: 'rest', path: '/a/b', query: 'c=d&', address: '10.0.0.1' },
  ]);
  assert.equal(network.requestCount, 1);
});

test('an answer that does not come in time, or breaks, may have arrived', async () => {
  const silent = open(() => undefined);
  const late = assert.rejects(get(silent.network), { name: 'NetworkError', mayHaveArrived: true, message: /100 ms/ });
  await silent.clock.pass(100);
  await late;
  const broken = open((reply) => reply.reset());
  const reset = assert.rejects(get(broken.network), { name: 'NetworkError', mayHaveArrived: true });
  await broken.clock.pass(10);
  await reset;
});

test('where nobody stands nothing leaves', async () => {
  const { network, requests } = open((reply) => reply.answer(answer));
  await assert.rejects(get(network, 'https://rest.test.evil/a'), { name: 'NetworkError', mayHaveArrived: false });
  network.setUp(false);
  await assert.rejects(get(network), { name: 'NetworkError', mayHaveArrived: false });
  assert.deepEqual(requests, []);
});

test('a network that goes down ends what is under way', async () => {
  const { clock, network } = open(() => undefined);
  const cut = assert.rejects(get(network, 'https://rest.test/', 1_000), { mayHaveArrived: true, message: /went down/ });
  await clock.pass(10);
  network.setUp(false);
  await cut;
});

test('a stream comes piece by piece and ends once', async () => {
  const streams: WireStream[] = [];
  let closed = 0;
  const { clock, network } = open((reply) => {
    const stream = reply.stream({ status: 200, headers: {} });
    stream.onClose(() => {
      closed += 1;
    });
    streams.push(stream);
    stream.write(encoder.encode('a'));
  });
  const heard: string[] = [];
  const connection = network.stream(
    { method: 'GET', url: 'https://rest.test/s', headers: {} },
    {
      onOpen: ({ status }) => heard.push(`open ${status}`),
      onBytes: (bytes) => heard.push(new TextDecoder().decode(bytes)),
      onClose: (reason) => heard.push(reason),
    },
  );
  await clock.pass(10);
  streams[0]?.write(encoder.encode('bc'));
  await clock.pass(5);
  connection.close();
  streams[0]?.write(encoder.encode('never'));
  streams[0]?.end();
  await clock.pass(20);
  assert.deepEqual(heard, ['open 200', 'a', 'bc', 'closed']);
  assert.equal(closed, 1);
});

test('a refused stream tells its answer and ends', async () => {
  const { clock, network } = open((reply) => reply.answer({ status: 401, headers: {}, body: 'no' }));
  const heard: string[] = [];
  network.stream(
    { method: 'GET', url: 'https://rest.test/s', headers: {} },
    {
      onOpen: ({ status }) => heard.push(`open ${status}`),
      onBytes: (bytes) => heard.push(new TextDecoder().decode(bytes)),
      onClose: (reason) => heard.push(reason),
    },
  );
  await clock.pass(10);
  assert.deepEqual(heard, ['open 401', 'no', 'the answer ended']);
});

test('a socket carries texts both ways and answers pings by itself', async () => {
  const { clock, network, sockets, told } = open(() => undefined);
  const heard: string[] = [];
  const listener = {
    onOpen: () => heard.push('open'),
    onText: (text: string) => heard.push(text),
    onPing: () => heard.push('ping'),
    onClose: (reason: string) => heard.push(reason),
  };
  const socket = network.socket('wss://rest.test/ws?x=1', listener);
  socket.send('too early');
  await clock.pass(10);
  socket.send('one');
  sockets[0]?.send('two');
  sockets[0]?.ping();
  await clock.pass(10);
  sockets[0]?.close();
  await clock.pass(5);
  assert.deepEqual(heard, ['open', 'two', 'ping', 'the other side closed']);
  assert.deepEqual(told, ['one', 'pong', 'closed']);
  network.socket('wss://rest.test/refused', listener);
  await clock.pass(10);
  assert.equal(heard.at(-1), "refused with status '403'");
});

test('a stream is a whole answer for those who ask for one', async () => {
  const { clock, network } = open((reply) => {
    const stream = reply.stream({ status: 200, headers: {} });
    stream.write(encoder.encode('whole'));
    stream.end();
  });
  const asked = get(network);
  await clock.pass(10);
  assert.deepEqual(await asked, { status: 200, headers: {}, body: 'whole' });
});
