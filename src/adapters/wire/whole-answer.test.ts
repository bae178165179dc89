import assert from 'node:assert/strict';
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { type TestContext, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import type { NetworkError } from '#domain/network-error.ts';
import type { HttpRequest } from '#engine/ports.ts';
import { type LoopbackServer, loopbackServer } from '../../../tests/support/loopback-server.ts';
import { waitUntil } from '../../../tests/support/wait-until.ts';
import { type SystemNetwork, systemNetwork } from './system-network.ts';

interface Scene {
  readonly server: LoopbackServer;
  readonly network: SystemNetwork;
  ask(request?: Partial<HttpRequest>, timeoutMs?: number): ReturnType<SystemNetwork['request']>;
}

async function scene(context: TestContext, listener: RequestListener, maxBodyBytes = 1_000): Promise<Scene> {
  const server = await loopbackServer(context, listener);
  const network = systemNetwork({ maxBodyBytes });
  context.after(() => network.close());
  const ask: Scene['ask'] = (request = {}, timeoutMs = 20_000) =>
    network.request({ method: 'GET', url: `${server.origin}/secret`, headers: {}, ...request }, timeoutMs);
  return { server, network, ask };
}

/** What the request fails with. */
async function failureOf(answer: Promise<unknown>): Promise<Pick<NetworkError, 'name' | 'message' | 'mayHaveArrived'>> {
  try {
    await answer;
  } catch (error) {
    const { name, message, mayHaveArrived } = error as NetworkError;
    return { name, message: message.replace(/:\d+'/, ":port'"), mayHaveArrived };
  }
  return assert.fail('an answer came');
}

const failure = (reason: string, mayHaveArrived = true, method = 'GET') => ({
  name: 'NetworkError',
  message: `'${method}' to '127.0.0.1:port': ${reason}`,
  mayHaveArrived,
});

/** Answers with what arrived, in two pieces. */
async function echo(request: IncomingMessage, response: ServerResponse): Promise<void> {
  let body = '';
  for await (const piece of request.setEncoding('utf8')) body += piece;
  const { authorization, 'content-length': length } = request.headers;
  response.setHeader('RequestID', '42').setHeader('Set-Cookie', ['a=1', 'b=2']).writeHead(201);
  response.write(`{"method":"${request.method}","path":"${request.url}",`);
  response.end(`"seen":["${authorization}","${length}","${body}"]}`);
}

test('a request goes out as it was made and its answer comes back whole', async (context) => {
  const { ask, server } = await scene(context, (request, response) => void echo(request, response));
  const headers = { authorization: 'Bearer x', 'content-type': 'text/plain' };
  const url = `${server.origin}/v3/a%20b?x=%E5%B8%81&`;
  const answer = await ask({ method: 'PUT', url, headers, body: '币é' });
  assert.equal(answer.status, 201);
  assert.deepEqual([answer.headers['requestid'], answer.headers['set-cookie']], ['42', 'a=1, b=2']);
  assert.deepEqual(JSON.parse(answer.body), {
    method: 'PUT',
    path: '/v3/a%20b?x=%E5%B8%81&',
    seen: ['Bearer x', '5', '币é'],
  });
});

test('requests one after another come over kept sockets', async (context) => {
  const { ask, server } = await scene(context, (_request, response) => response.end('{}'));
  for (let time = 0; time < 20; time++) await ask();
  assert.equal(server.sockets.length <= 2, true);
});

test('sockets to one host are bounded', async (context) => {
  let [open, openMax] = [0, 0];
  const { ask, server } = await scene(context, (_request, response) => {
    openMax = Math.max(openMax, ++open);
    setImmediate(() => {
      open--;
      response.end('{}');
    });
  });
  await Promise.all(Array.from({ length: 60 }, () => ask()));
  assert.deepEqual([openMax <= 8, server.sockets.length <= 8], [true, true]);
});

test('an answer leaves no timer behind', async (context) => {
  const { ask } = await scene(context, (_request, response) => response.end('{}'));
  const timers = (): number => process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length;
  const before = timers();
  const answer = ask();
  assert.equal(timers(), before + 1);
  await answer;
  assert.equal(timers() <= before, true);
});

test('a redirect is an answer and is not followed', async (context) => {
  const paths: (string | undefined)[] = [];
  const { ask } = await scene(context, (request, response) => {
    paths.push(request.url);
    response.writeHead(302, { location: '/elsewhere' }).end('moved');
  });
  const { status, headers, body } = await ask();
  assert.deepEqual([status, headers['location'], body, paths], [302, '/elsewhere', 'moved', ['/secret']]);
});

test('refusals and failures of the server are answers', async (context) => {
  const { ask } = await scene(context, (_request, response) => response.writeHead(503).end('<html>'));
  assert.deepEqual([(await ask()).status, (await ask()).body], [503, '<html>']);
});

test('an answer that was packed unasked comes as garbage and not as an error', async (context) => {
  const { ask } = await scene(context, (_request, response) => {
    response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync('{}'));
  });
  const { body } = await ask();
  assert.throws(() => JSON.parse(body), SyntaxError);
});

test('a server that never answers is given up in time, and its socket with it', async (context) => {
  const { ask, server } = await scene(context, () => undefined);
  assert.deepEqual(await failureOf(ask({}, 50)), failure("no whole answer within '50' ms"));
  await waitUntil('the socket is closed', () => server.sockets.at(-1)?.destroyed === true);
});

test('an answer that stops in the middle is given up in time', async (context) => {
  const { ask, server } = await scene(context, (_request, response) => {
    response.writeHead(200, { 'content-length': '100' }).write('{"a":');
  });
  assert.deepEqual(await failureOf(ask({}, 100)), failure("no whole answer within '100' ms"));
  await waitUntil('the socket is closed', () => server.sockets.at(-1)?.destroyed === true);
});

test('a connection that breaks before or within an answer may have carried the request', async (context) => {
  const paths: (string | undefined)[] = [];
  const { ask, server } = await scene(context, (request, response) => {
    paths.push(request.url);
    if (request.url === '/within') response.writeHead(200, { 'content-length': '100' }).write('{"a":');
    setImmediate(() => request.socket.resetAndDestroy());
  });
  for (const path of ['/before', '/within']) {
    const { message, mayHaveArrived } = await failureOf(ask({ method: 'POST', url: server.origin + path, body: '{}' }));
    assert.match(message, /^'POST' to '127\.0\.0\.1:port': '(?:ECONNRESET|UND_ERR_SOCKET|UND_ERR_ABORTED)'$/);
    assert.equal(mayHaveArrived, true);
  }
  assert.deepEqual(paths, ['/before', '/within']);
});

test('an order is not sent again when the kept socket breaks', async (context) => {
  const paths: (string | undefined)[] = [];
  const { ask, server } = await scene(context, (request, response) => {
    paths.push(request.url);
    if (request.url === '/first') response.end('{}');
    else request.socket.destroy();
  });
  await ask({ url: `${server.origin}/first` });
  assert.equal(
    (await failureOf(ask({ method: 'POST', url: `${server.origin}/order`, body: '{}' }))).mayHaveArrived,
    true,
  );
  await ask({ url: `${server.origin}/first` });
  assert.deepEqual(paths, ['/first', '/order', '/first']);
});

test('an answer of more than the size allowed is given up, and its socket with it', async (context) => {
  const { ask, server } = await scene(context, (request, response) => {
    if (request.url === '/exact') return void response.end('x'.repeat(1_000));
    response.writeHead(200, { 'content-length': String(2 ** 31) });
    response.write('x'.repeat(1_001));
  });
  assert.equal((await ask({ url: `${server.origin}/exact` })).body.length, 1_000);
  assert.deepEqual(await failureOf(ask()), failure("'UND_ERR_RES_EXCEEDED_MAX_SIZE'"));
  await waitUntil('the socket is closed', () => server.sockets.at(-1)?.destroyed === true);
});

test('a port where nobody listens and a name that is not found were certainly not reached', async (context) => {
  const { ask, server } = await scene(context, () => undefined);
  await new Promise((done) => server.http.close(done));
  assert.deepEqual(await failureOf(ask({ method: 'POST', body: '{}' })), failure("'ECONNREFUSED'", false, 'POST'));
  // A label of a name has at most 63 characters, so that nobody is even asked for this one.
  const { message, mayHaveArrived } = await failureOf(ask({ url: `http://${'a'.repeat(64)}.invalid/secret` }));
  assert.match(message, /^'GET' to 'a{64}\.invalid': '(?:ENOTFOUND|EAI_AGAIN)'$/);
  assert.equal(mayHaveArrived, false);
});

test('what is no address is an error of the same kind', async (context) => {
  const { ask } = await scene(context, () => undefined);
  assert.equal(
    (await failureOf(ask({ url: 'secret' }))).message,
    "'GET' to 'an address that is none': 'ERR_INVALID_URL'",
  );
});
