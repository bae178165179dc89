import assert from 'node:assert/strict';
import { test } from 'node:test';
import { KeyStoreError } from '#domain/keys/key-store-error.ts';
import { exampleServer } from '../../tests/support/example-server.ts';
import { outsideFailure } from './outside-failure.ts';
import { createServer, type ServerOptions } from './server.ts';

test('what does not answer is told, and so is what is too much; every other error is our own', () => {
  assert.deepEqual(outsideFailure(new KeyStoreError('unreachable', 'the store is away')), {
    status: 503,
    code: 'unreachable',
    message: 'the store is away',
  });
  assert.equal(outsideFailure(new KeyStoreError('tooMany', 'too many'))?.status, 400);
  for (const error of [
    new KeyStoreError('failed', 'the store answered with an error'),
    new Error('oops'),
    Object.assign(new Error('oops'), { code: 'toString' }),
    Object.assign(new Error('oops'), { code: 7 }),
    { code: 'unreachable' },
    undefined,
  ]) {
    assert.equal(outsideFailure(error), undefined);
  }
});

test('a route whose store is away answers 503 and why; one that fails otherwise does not tell', async (t) => {
  const away = () => Promise.reject(new KeyStoreError('unreachable', "the store at 'redis://host' is away"));
  const options: ServerOptions = {
    ...exampleServer,
    keys: { get: away, list: away },
    trace: () => Promise.reject(new KeyStoreError('failed', 'the secret of the store')),
    metrics: away,
    kill: away,
  };
  const server = createServer(options);
  t.after(() => server.close());
  const headers = { host: '127.0.0.1' };
  for (const url of ['/api/v2/keys', '/api/v2/keys/ops:kill_switch', '/metrics']) {
    const answer = await server.inject({ url, headers });
    assert.equal(answer.statusCode, 503, url);
    assert.deepEqual(answer.json(), {
      error: { code: 'unreachable', message: "the store at 'redis://host' is away" },
    });
  }
  const kill = await server.inject({
    method: 'POST',
    url: '/api/kill-switch',
    headers,
    payload: { enabled: true, reason: 'x' },
  });
  assert.equal(kill.statusCode, 503);
  const trace = await server.inject({ url: '/api/v2/trace/1', headers });
  assert.deepEqual([trace.statusCode, trace.json().error.message], [500, 'the desk could not answer']);
});
