import assert from 'node:assert/strict';
import { createServer as createPlainServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type TestContext, test } from 'node:test';
import { exampleServer } from '../../tests/support/example-server.ts';
import { exampleStatus } from '../../tests/support/example-status.ts';
import { healthSchema, type KillRequest, killAnswerSchema, killStateSchema, statusAnswerSchema } from './contract.ts';
import { ListenError } from './listen-error.ts';
import { createServer, openServer, type ServerOptions } from './server.ts';

type Body = Record<string, unknown>;

/** A server over a switch that can be looked at. */
function scene(t: TestContext, options: Partial<ServerOptions> = {}) {
  let isEngaged = false;
  const requests: KillRequest[] = [];
  const server = createServer({
    ...exampleServer,
    status: () => ({ ...exampleStatus(), kill: { ...exampleStatus().kill, isEngaged } }),
    kill: (request) => {
      requests.push(request);
      isEngaged = request.isEngaging;
      return { isDone: true, message: 'done' };
    },
    ...options,
  });
  t.after(() => server.close());
  const post = async (payload: unknown, headers: Record<string, string> = {}) => {
    const body = typeof payload === 'string' ? payload : JSON.stringify(payload);
    const sent = { 'content-type': 'application/json', ...headers };
    const answer = await server.inject({ method: 'POST', url: '/api/kill-switch', payload: body, headers: sent });
    return { code: answer.statusCode, body: answer.json() as Body };
  };
  return { server, requests, post };
}

test('the status is what the contract says, with the short answer beside it', async (t) => {
  const { server } = scene(t);
  const answer = await server.inject('/api/status');
  assert.equal(answer.statusCode, 200);
  const status = statusAnswerSchema.parse(answer.json());
  assert.equal(status.instruments.length, 2);
  assert.equal(status.trading_active, true);
});

test('health is answered at both of its addresses', async (t) => {
  const { server } = scene(t);
  for (const url of ['/health', '/api/health']) {
    const health = healthSchema.parse((await server.inject(url)).json());
    assert.deepEqual(health.enabled_pairs, ['EUR_USD', 'USD_JPY']);
    assert.equal(health.kill_switch, false);
  }
});

test('metrics are text of the version that scrapers expect', async (t) => {
  const answer = await scene(t).server.inject('/metrics');
  assert.equal(answer.headers['content-type'], 'text/plain; version=0.0.4; charset=utf-8');
  assert.equal(answer.body, 'tradewind_equity 1\n');
});

test('the page and its files are served with a strict policy', async (t) => {
  const { server } = scene(t);
  for (const [url, type] of [
    ['/', 'text/html'],
    ['/page.js', 'text/javascript'],
    ['/page.css', 'text/css'],
    ['/favicon.svg', 'image/svg+xml'],
  ] as const) {
    const answer = await server.inject(url);
    assert.equal(answer.statusCode, 200, url);
    assert.ok(String(answer.headers['content-type']).startsWith(type), url);
    assert.match(String(answer.headers['content-security-policy']), /script-src 'self'/);
    assert.equal(answer.headers['x-content-type-options'], 'nosniff');
  }
});

test('the switch is engaged under either name', async (t) => {
  const { post, requests, server } = scene(t);
  assert.deepEqual(await post({ enabled: true, reason: ' lunch ' }), {
    code: 200,
    body: { kill_switch: true, message: 'done' },
  });
  const second = await post({ kill_switch: true, flatten: true });
  assert.equal(second.code, 200);
  assert.equal(killAnswerSchema.parse(second.body).kill_switch, true);
  assert.deepEqual(requests, [
    { isEngaging: true, reason: 'lunch', isFlattening: false, isConfirmed: false },
    { isEngaging: true, reason: '', isFlattening: true, isConfirmed: false },
  ]);
  assert.deepEqual(killStateSchema.parse((await server.inject('/api/kill-switch')).json()), { kill_switch: true });
});

test('a body that does not say which way changes nothing', async (t) => {
  const { post, requests } = scene(t);
  for (const payload of ['', '{}', '[]', 'null', '"x"', '{"enabled":"false"}', '{"enabled":null}', '{"enabled"', '1']) {
    const { code, body } = await post(payload);
    assert.equal(code, 400, payload);
    assert.equal(typeof (body['error'] as Body)['message'], 'string');
  }
  assert.deepEqual(requests, []);
});

test('to release needs a confirmation', async (t) => {
  const { post, requests } = scene(t);
  assert.equal((await post({ enabled: false })).code, 409);
  assert.equal((await post({ enabled: false, confirm: false })).code, 409);
  assert.deepEqual(requests, []);
  assert.equal((await post({ enabled: false, confirm: true })).code, 200);
  assert.equal(requests.length, 1);
});

test('a read-only desk can be stopped and not be released', async (t) => {
  const { post, requests } = scene(t, { readOnly: true });
  assert.equal((await post({ enabled: false, confirm: true })).code, 403);
  assert.deepEqual(requests, []);
  assert.equal((await post({ enabled: true })).code, 200);
  assert.equal(requests.length, 1);
});

test('what the desk refuses is said', async (t) => {
  const { post } = scene(t, { kill: () => ({ isDone: false, message: 'the disk is full' }) });
  const { code, body } = await post({ enabled: true });
  assert.equal(code, 409);
  assert.deepEqual(body, { error: { code: 'refused', message: 'the disk is full' } });
});

test('the books are compared on request, where there are others', async (t) => {
  const asked = await scene(t).server.inject({ method: 'POST', url: '/api/trade/reconcile' });
  assert.deepEqual([asked.statusCode, asked.json()], [202, { message: 'the books are being compared' }]);
  const paper = scene(t, { reconcile: () => ({ isDone: false, message: 'a desk on paper' }) });
  const refused = await paper.server.inject({ method: 'POST', url: '/api/trade/reconcile' });
  assert.deepEqual(
    [refused.statusCode, refused.json()],
    [409, { error: { code: 'refused', message: 'a desk on paper' } }],
  );
});

test('only a POST with JSON changes anything', async (t) => {
  const { server, post, requests } = scene(t);
  for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data']) {
    assert.equal((await post({ enabled: true }, { 'content-type': type })).code, 415, type);
  }
  for (const method of ['GET', 'HEAD', 'PUT', 'DELETE', 'PATCH', 'OPTIONS'] as const) {
    await server.inject({ method, url: '/api/kill-switch?enabled=true&kill_switch=true' });
  }
  assert.equal((await server.inject({ method: 'POST', url: '/api/kill-switch?enabled=true' })).statusCode, 400);
  assert.deepEqual(requests, []);
});

test('a body beyond the limit is turned away', async (t) => {
  const { post, requests } = scene(t);
  assert.equal((await post({ enabled: true, reason: 'x'.repeat(20_000) })).code, 413);
  assert.deepEqual(requests, []);
});

test('a foreign name and a foreign page are turned away before anything happens', async (t) => {
  const { server, post, requests } = scene(t);
  assert.equal((await server.inject({ url: '/api/status', headers: { host: 'evil.example' } })).statusCode, 403);
  assert.equal((await post({ enabled: true }, { host: 'evil.example:8000' })).code, 403);
  assert.equal((await post({ enabled: true }, { host: 'localhost:8000', origin: 'http://evil.example' })).code, 403);
  assert.deepEqual(requests, []);
  assert.equal((await post({ enabled: true }, { host: 'localhost:8000', origin: 'http://localhost:8000' })).code, 200);
});

test('an unknown address is answered in the shape of every refusal', async (t) => {
  const answer = await scene(t).server.inject('/api/nothing');
  assert.equal(answer.statusCode, 404);
  assert.deepEqual(answer.json(), { error: { code: 'not-found', message: "there is no GET '/api/nothing'" } });
});

test('our own mistake is not told to the outside', async (t) => {
  const { server } = scene(t, {
    status: () => {
      throw new Error('secret place');
    },
  });
  const answer = await server.inject('/api/status');
  assert.equal(answer.statusCode, 500);
  assert.deepEqual(answer.json(), { error: { code: 'failed', message: 'the desk could not answer' } });
});

test('port 0 finds a free port and closing gives it back', async () => {
  const { address, close } = await openServer(exampleServer);
  assert.match(address, /^http:\/\/127\.0\.0\.1:\d+$/);
  assert.equal((await fetch(`${address}/health`)).status, 200);
  await close();
  await assert.rejects(fetch(`${address}/health`));
});

test('a port that is taken is refused and no other is tried', async (t) => {
  const other = createPlainServer();
  await new Promise<void>((done) => void other.listen(0, '127.0.0.1', done));
  t.after(() => other.close());
  const { port } = other.address() as AddressInfo;
  await assert.rejects(openServer({ ...exampleServer, port }), (error: unknown) => {
    assert.ok(error instanceof ListenError);
    assert.equal(error.code, 'EADDRINUSE');
    assert.match(error.message, new RegExp(`'127\\.0\\.0\\.1' port ${port}`));
    return true;
  });
});

test('a request goes on in the trace it came in, and learns it', async (t) => {
  const traces: string[] = [];
  const { server } = scene(t, {
    kill: (_request, traceparent) => {
      traces.push(traceparent);
      return { isDone: true, message: 'done' };
    },
  });
  const asked = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';
  const send = (traceparent: string) =>
    server.inject({ method: 'POST', url: '/api/kill-switch', payload: { enabled: true }, headers: { traceparent } });
  const answer = await send(asked);
  assert.equal(answer.headers['traceparent'], traces[0]);
  assert.match(traces[0] ?? '', /^00-4bf92f3577b34da6a3ce929d0e0e4736-[0-9a-f]{16}-01$/);
  assert.notEqual(traces[0], asked, 'the span is our own');
  await send('no trace at all');
  assert.match(traces[1] ?? '', /^00-[0-9a-f]{32}-[0-9a-f]{16}-01$/);
});

test('watchers ask for signs of life under any name, for anything else under one that is allowed', async (t) => {
  const { server } = scene(t);
  const headers = { host: 'api:8000' };
  for (const url of ['/health/live', '/health/ready']) {
    assert.equal((await server.inject({ url, headers })).statusCode, 200, url);
  }
  for (const url of ['/', '/metrics', '/api/status', '/api/v2/health', '/health/live/more']) {
    assert.equal((await server.inject({ url, headers })).statusCode, 403, url);
  }
  const known = scene(t, { allowedHosts: ['api'] }).server;
  assert.equal((await known.inject({ url: '/metrics', headers })).statusCode, 200);
  assert.equal((await known.inject({ url: '/metrics', headers: { host: 'other:8000' } })).statusCode, 403);
});
