import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import fastify from 'fastify';
import { currentTrace } from '#adapters/telemetry/trace-context.ts';
import { parseTraceparent, type TraceParent, traceparentText } from '#domain/trace.ts';
import { requestTrace, serveInTrace } from './request-trace.ts';

const traceparent = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-00';

test('a valid traceparent is gone on with, under a span of our own', () => {
  const trace = requestTrace({ traceparent: ` ${traceparent} ` });
  assert.equal(trace.traceId, '4bf92f3577b34da6a3ce929d0e0e4736');
  assert.match(trace.spanId, /^[0-9a-f]{16}$/);
  assert.notEqual(trace.spanId, '00f067aa0ba902b7');
  assert.equal(trace.isSampled, false);
});

test('without a valid one a trace begins, sampled as asked', () => {
  for (const given of [undefined, '', 'nonsense', [traceparent, traceparent], traceparent.toUpperCase()]) {
    const trace = requestTrace({ traceparent: given });
    assert.match(trace.traceId, /^[0-9a-f]{32}$/);
    assert.notEqual(trace.traceId, '4bf92f3577b34da6a3ce929d0e0e4736');
    assert.equal(trace.isSampled, true);
  }
  assert.equal(requestTrace({}, () => false).isSampled, false);
});

test('a server answers with the trace, and its handlers work in it, before and after a body was read', async (t) => {
  const app = fastify();
  t.after(() => app.close());
  const traces = new WeakMap<object, TraceParent>();
  app.addHook('onRequest', (request, reply, done) => {
    const trace = requestTrace(request.headers);
    traces.set(request, trace);
    reply.header('traceparent', traceparentText(trace));
    serveInTrace(trace, done);
  });
  app.addHook('preValidation', (request, _reply, done) => {
    const trace = traces.get(request);
    if (trace === undefined) done();
    else serveInTrace(trace, done);
  });
  app.all('/seen', async () => {
    await setImmediate();
    return currentTrace();
  });
  const asked = traceparent.replace(/00$/, '01');
  for (const method of ['GET', 'POST'] as const) {
    const body = method === 'POST' ? { payload: { a: 1 } } : {};
    const [one, two] = await Promise.all([
      app.inject({ method, url: '/seen', headers: { traceparent: asked }, ...body }),
      app.inject({ method, url: '/seen', ...body }),
    ]);
    assert.deepEqual(one.json(), parseTraceparent(String(one.headers['traceparent'])));
    assert.equal(one.json().traceId, '4bf92f3577b34da6a3ce929d0e0e4736');
    assert.deepEqual(two.json(), parseTraceparent(String(two.headers['traceparent'])));
    assert.notEqual(two.json().traceId, one.json().traceId);
  }
});
