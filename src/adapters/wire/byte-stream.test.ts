import assert from 'node:assert/strict';
import type { RequestListener, ServerResponse } from 'node:http';
import { type TestContext, test } from 'node:test';
import type { StreamListener } from '#engine/ports.ts';
import { loopbackServer } from '../../../tests/support/loopback-server.ts';
import { waitUntil } from '../../../tests/support/wait-until.ts';
import { LineSplitter } from './line-splitter.ts';
import { systemNetwork } from './system-network.ts';

async function scene(context: TestContext, listener: RequestListener) {
  const server = await loopbackServer(context, listener);
  const network = systemNetwork({ socketsMax: 2 });
  context.after(() => network.close());
  const told: string[] = [];
  const lines: string[] = [];
  const open = (own: Partial<StreamListener> = {}) => {
    const splitter = new LineSplitter();
    return network.stream(
      { method: 'GET', url: `${server.origin}/secret`, headers: { authorization: 'Bearer x' } },
      {
        onOpen: ({ status, headers }) => told.push(`open ${status} ${headers['x-a']}`),
        onBytes: (bytes) => lines.push(...splitter.push(bytes)),
        onClose: (reason) => told.push(`close: ${reason.replace(/:\d+'/, ":port'")}`),
        ...own,
      },
    );
  };
  const closed = (): Promise<void> => waitUntil('the stream ends', () => told.at(-1)?.startsWith('close') === true);
  return { server, network, told, lines, open, closed };
}

/** Writes pieces of at most so many bytes, each in a turn of its own, and ends. */
async function chop(response: ServerResponse, text: string, size: number): Promise<void> {
  const bytes = Buffer.from(text);
  for (let at = 0; at < bytes.length; at += size) {
    response.write(bytes.subarray(at, at + size));
    await new Promise((done) => setImmediate(done));
  }
  response.end();
}

test('lines come whole out of pieces, and the end is told once', async (context) => {
  const { told, lines, open, closed } = await scene(context, (_request, response) => {
    response.writeHead(200, { 'x-a': '1' });
    void chop(response, '{"type":"HEARTBEAT"}\r\n\n{"name":"币安人生"}\n{"type":"PRICE"}\n', 3);
  });
  open();
  await closed();
  assert.deepEqual(lines, ['{"type":"HEARTBEAT"}', '{"name":"币安人生"}', '{"type":"PRICE"}']);
  assert.deepEqual(told, ['open 200 1', 'close: ended by the other side']);
});

test('an answer of another status is told with its bytes', async (context) => {
  const { told, lines, open, closed } = await scene(context, (_request, response) => {
    response.writeHead(401, { 'x-a': '2' }).end('{"errorMessage":"no"}\n');
  });
  open();
  await closed();
  assert.deepEqual([told[0], lines], ['open 401 2', ['{"errorMessage":"no"}']]);
});

test('a stream that breaks ends with the reason and without the path', async (context) => {
  const { told, open, closed } = await scene(context, (request, response) => {
    response.writeHead(200).write('x');
    setImmediate(() => request.socket.resetAndDestroy());
  });
  open();
  await closed();
  assert.match(
    told.at(-1) ?? '',
    /^close: 'GET' to '127\.0\.0\.1:port': '(?:ECONNRESET|UND_ERR_SOCKET|UND_ERR_ABORTED)'$/,
  );
});

test('a stream that cannot be begun ends without having opened', async (context) => {
  const { told, open, closed, server } = await scene(context, () => undefined);
  await new Promise((done) => server.http.close(done));
  open();
  await closed();
  assert.deepEqual(told, ["close: 'GET' to '127.0.0.1:port': 'ECONNREFUSED'"]);
});

test('after a close nothing but the end is told, and the socket is closed', async (context) => {
  const { server, told, lines, open, closed } = await scene(context, (_request, response) => {
    response.writeHead(200);
    const timer = setInterval(() => response.write('x\n'), 1);
    response.on('close', () => clearInterval(timer));
  });
  const stream = open();
  await waitUntil('something came', () => lines.length > 3);
  stream.close();
  stream.close();
  const before = lines.length;
  await closed();
  await waitUntil('the socket is closed', () => server.sockets[0]?.destroyed === true);
  assert.deepEqual([lines.length, told], [before, ['open 200 undefined', 'close: closed by us']]);
});

test('a stream may be closed before it opened and while it opens', async (context) => {
  const early = await scene(context, (_request, response) => response.writeHead(200).flushHeaders());
  early.open().close();
  await early.closed();
  assert.deepEqual(early.told, ['close: closed by us']);
  const silent = await scene(context, () => undefined);
  const stream = silent.open();
  await waitUntil('it is asked for', () => silent.server.sockets.length === 1);
  stream.close();
  await silent.closed();
  assert.deepEqual(silent.told, ['close: closed by us']);
  const opening = await scene(context, (_request, response) => response.writeHead(200).end('x\n'));
  const closing = opening.open({ onOpen: () => closing.close() });
  await opening.closed();
  assert.deepEqual([opening.told, opening.lines], [['close: closed by us'], []]);
});

test('streams never keep a request waiting', async (context) => {
  const { network, server, open, told } = await scene(context, (request, response) => {
    if (request.url === '/secret') response.writeHead(200).flushHeaders();
    else response.end('{}');
  });
  open();
  open();
  await waitUntil('both are open', () => told.length === 2);
  const answer = await network.request({ method: 'GET', url: `${server.origin}/x`, headers: {} }, 20_000);
  assert.equal(answer.body, '{}');
});
