import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { type WebSocket, WebSocketServer } from 'ws';
import type { SocketConnection, SocketListener } from '#engine/ports.ts';
import { loopbackServer } from '../../../tests/support/loopback-server.ts';
import { waitUntil } from '../../../tests/support/wait-until.ts';
import { textSocket } from './text-socket.ts';

async function scene(context: TestContext, serve: (peer: WebSocket) => void, { path = '/ws' } = {}) {
  const server = await loopbackServer(context, (_request, response) => response.writeHead(404).end());
  const wire = new WebSocketServer({ server: server.http, path: '/ws', maxPayload: 64 * 1024 * 1024 });
  wire.on('connection', (peer) => {
    peer.on('error', () => undefined);
    serve(peer);
  });
  context.after(() => wire.close());
  const told: string[] = [];
  const connect = (own: Partial<SocketListener> = {}): SocketConnection =>
    textSocket(
      `ws://127.0.0.1:${server.port}${path}?listenKey=secret`,
      {
        onOpen: () => told.push('open'),
        onText: (text) => told.push(text.length > 100 ? `text of ${text.length}` : `text: ${text}`),
        onPing: () => told.push('ping'),
        onClose: (reason) => told.push(`close: ${reason}`),
        ...own,
      },
      { certificates: undefined },
    );
  const closed = (): Promise<void> => waitUntil('the socket ends', () => told.at(-1)?.startsWith('close') === true);
  return { server, wire, told, connect, closed };
}

test('texts go both ways and the end is told once', async (context) => {
  const { told, connect, closed } = await scene(context, (peer) => {
    peer.on('message', (data) => {
      peer.send(`{"seen":"${data}"}`);
      peer.close(1008, 'disconnected');
    });
  });
  const socket: SocketConnection = connect({ onOpen: () => socket.send('币') });
  await closed();
  socket.close();
  socket.send('late');
  assert.deepEqual(told, ['text: {"seen":"币"}', "close: closed by the other side with code '1008'"]);
});

test('a ping is answered by itself and told', async (context) => {
  let pongs = 0;
  const { told, connect } = await scene(context, (peer) => {
    peer.on('pong', (data) => {
      if (data.toString() === '1700000000000') pongs++;
    });
    peer.ping('1700000000000');
  });
  const socket = connect();
  await waitUntil('the answer arrives', () => pongs === 1);
  assert.deepEqual(told, ['open', 'ping']);
  socket.close();
});

test('a text of 8 MiB arrives and a longer one ends the socket', async (context) => {
  const { told, connect, closed } = await scene(context, (peer) => {
    peer.send('x'.repeat(8_388_608));
    peer.send('x'.repeat(8_388_609));
    peer.send('after');
  });
  connect();
  await closed();
  assert.deepEqual(told, ['open', 'text of 8388608', "close: the socket failed: 'WS_ERR_UNSUPPORTED_MESSAGE_LENGTH'"]);
});

test('bytes instead of a text end the socket', async (context) => {
  const { told, connect, closed } = await scene(context, (peer) => {
    peer.send(Buffer.from([0x1f, 0x8b]));
    peer.send('after');
  });
  connect();
  await closed();
  assert.deepEqual(told, ['open', 'close: a text was expected, found bytes']);
});

test('text that is no UTF-8 ends the socket', async (context) => {
  const { told, connect, closed } = await scene(context, (peer) =>
    peer.send(Buffer.from([0xff, 0xfe]), { binary: false }),
  );
  connect();
  await closed();
  assert.deepEqual(told, ['open', "close: the socket failed: 'WS_ERR_INVALID_UTF8'"]);
});

test('a socket that is refused ends with the status', async (context) => {
  const { told, connect, closed } = await scene(context, () => undefined, { path: '/wrong' });
  connect();
  await closed();
  assert.deepEqual(told, ["close: the socket failed: 'Unexpected server response: 400'"]);
});

test('a redirect is not followed', async (context) => {
  const { server, told, connect, closed } = await scene(context, () => undefined, { path: '/moved' });
  server.http.removeAllListeners('upgrade');
  server.http.on('upgrade', (_request, socket) => {
    socket.end('HTTP/1.1 302 Found\r\nLocation: /ws\r\nContent-Length: 0\r\n\r\n');
  });
  connect();
  await closed();
  assert.deepEqual(told, ["close: the socket failed: 'Unexpected server response: 302'"]);
});

test('a port where nobody listens ends it without having opened', async (context) => {
  const { server, told, connect, closed } = await scene(context, () => undefined);
  await new Promise((done) => server.http.close(done));
  connect();
  await closed();
  assert.deepEqual(told, ["close: the socket failed: 'ECONNREFUSED'"]);
});

test('a peer that is gone without a word ends it', async (context) => {
  const { told, connect, closed } = await scene(context, (peer) => peer.terminate());
  connect();
  await closed();
  assert.equal(told.at(-1), "close: closed by the other side with code '1006'");
});

test('after a close nothing but the end is told, whether it was open or not', async (context) => {
  const { wire, told, connect, closed } = await scene(context, (peer) => {
    const timer = setInterval(() => peer.send('x'), 1);
    peer.on('close', () => clearInterval(timer));
  });
  const socket = connect();
  await waitUntil('something came', () => told.length > 3);
  socket.close();
  socket.close();
  const before = told.length;
  await closed();
  assert.deepEqual([told.length, told.at(-1)], [before + 1, 'close: closed by us']);
  await waitUntil('the peer knows', () => wire.clients.size === 0);
  const early = await scene(context, () => undefined);
  early.connect().close();
  await early.closed();
  assert.deepEqual(early.told, ['close: closed by us']);
});

test('what a peer does not take is bounded', async (context) => {
  const { told, connect, closed } = await scene(context, (peer) => peer.pause());
  const socket: SocketConnection = connect({
    onOpen: () => {
      for (let time = 0; time < 64; time++) socket.send('x'.repeat(1_048_576));
    },
  });
  await closed();
  assert.deepEqual(told, ["close: at most '8388608' bytes wait to be sent"]);
});
