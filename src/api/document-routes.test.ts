import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import Fastify from 'fastify';
import { addDocuments, type DocumentSources } from './document-routes.ts';

function scene(t: TestContext, changed: Partial<DocumentSources> = {}) {
  const server = Fastify();
  const texts: Record<string, string> = { 'ops:kill_switch': '0', 'risk:allocation_weights': '{}' };
  addDocuments(server, {
    keys: {
      get: async (key) => {
        const value = texts[key];
        return value === undefined ? undefined : { type: 'text', value, ttlMs: null };
      },
      list: async (pattern, limit) => ({
        keys: Object.keys(texts)
          .filter((key) => pattern === '*' || key.startsWith(pattern.replace('*', '')))
          .slice(0, limit),
      }),
    },
    policies: () => ({ meta: { version: 3 } }),
    policyHistory: (key) => [{ key: key ?? 'every key' }],
    trace: async (id) => (id === 'known' ? { traceId: id, entries: [] } : undefined),
    ...changed,
  });
  t.after(() => server.close());
  return server;
}

test('keys are listed by pattern and read whole', async (t) => {
  const server = scene(t);
  assert.deepEqual((await server.inject('/api/v2/keys?pattern=ops:*')).json(), { keys: ['ops:kill_switch'] });
  assert.equal((await server.inject('/api/v2/keys')).json().keys.length, 2);
  assert.deepEqual((await server.inject('/api/v2/keys/ops:kill_switch')).json(), {
    key: 'ops:kill_switch',
    type: 'text',
    value: '0',
    ttlMs: null,
  });
});

test('what does not exist is told to be missing', async (t) => {
  const server = scene(t);
  for (const url of ['/api/v2/keys/ops:nothing', '/api/v2/trace/unknown']) {
    const answer = await server.inject(url);
    assert.equal(answer.statusCode, 404, url);
    assert.equal(answer.json().error.code, 'not-found');
  }
});

test('policies, their history and a trace are read', async (t) => {
  const server = scene(t);
  assert.deepEqual((await server.inject('/api/policy')).json(), { meta: { version: 3 } });
  assert.deepEqual((await server.inject('/api/policy/history')).json(), { changes: [{ key: 'every key' }] });
  assert.deepEqual((await server.inject('/api/policy/history?key=limits/fx')).json(), {
    changes: [{ key: 'limits/fx' }],
  });
  assert.deepEqual((await server.inject('/api/v2/trace/known')).json(), { traceId: 'known', entries: [] });
});

test('a pattern, a key or a trace that is none is refused before anybody is asked', async (t) => {
  const refuse = () => Promise.reject(new Error('nobody is to be asked'));
  const server = scene(t, { keys: { get: refuse, list: refuse }, policyHistory: refuse, trace: refuse });
  const long = 'x'.repeat(513);
  for (const url of [
    '/api/v2/keys?pattern=',
    '/api/v2/keys?pattern=%00',
    `/api/v2/keys?pattern=${long}`,
    '/api/v2/keys/%0a',
    `/api/policy/history?key=${long}`,
    '/api/v2/trace/%1b',
  ]) {
    const answer = await server.inject(url);
    assert.equal(answer.statusCode, 400, url.slice(0, 60));
    const { code, message } = answer.json().error;
    assert.equal(code, 'bad-request');
    assert.match(message, /^'(?:pattern|key|id)': expected 1 to 512 characters that can be printed, found \d+$/);
  }
});
