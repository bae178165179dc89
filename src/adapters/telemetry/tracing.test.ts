import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { test } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import { z } from 'zod';
import type { SpanData } from '#domain/span-data.ts';
import { temporaryFolder } from '../../../tests/support/csv-bars.ts';
import { HandClock } from '../../../tests/support/hand-clock.ts';
import { spanLineSchema } from './span-line.ts';
import { currentTrace, runInTrace } from './trace-context.ts';
import { createTracing, type SpanExport, type Tracing } from './tracing.ts';

const time = new HandClock(Date.parse('2025-01-31T08:00:00Z'));
const parent = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';

function tracingTo(exporter: SpanExport, sampleRate = 1): Tracing {
  const limits = { delayMs: 60_000, timeoutMs: 500 };
  return createTracing({ exporter, sampleRate, serviceName: 'desk', time, limits });
}

function spansIn(folder: string) {
  return readdirSync(folder).flatMap((name) =>
    readFileSync(join(folder, name), 'utf8')
      .trimEnd()
      .split('\n')
      .map((line) => spanLineSchema.parse(JSON.parse(line))),
  );
}

function dataOf(changes: Partial<SpanData> = {}): SpanData {
  const ids = { traceId: 'a'.repeat(32), spanId: 'b'.repeat(16), parentSpanId: 'c'.repeat(16) };
  const times = { startedAt: 1_736_150_430_250, endedAt: 1_736_150_430_500 };
  return {
    ...ids,
    ...times,
    name: 'order.submitted',
    kind: 'client',
    attributes: { q: 5, isSmall: true },
    problem: null,
    isSampled: null,
    ...changes,
  };
}

const anyValue = z.object({
  stringValue: z.string().optional(),
  intValue: z.union([z.int(), z.string()]).optional(),
  boolValue: z.boolean().optional(),
});
const keyed = z.array(z.object({ key: z.string(), value: anyValue }));
/** The parts of an OTLP/JSON export that are looked at (https://opentelemetry.io/docs/specs/otlp/#otlphttp). */
const otlp = z.object({
  resourceSpans: z.array(
    z.object({
      resource: z.object({ attributes: keyed }),
      scopeSpans: z.array(
        z.object({
          spans: z.array(
            z.object({
              traceId: z.string(),
              spanId: z.string(),
              parentSpanId: z.string().optional(),
              name: z.string(),
              kind: z.int(),
              startTimeUnixNano: z.string(),
              endTimeUnixNano: z.string(),
              attributes: keyed,
              status: z.object({ code: z.int(), message: z.string().optional() }),
            }),
          ),
        }),
      ),
    }),
  ),
});

test('a collector gets spans as OTLP over HTTP, under the ids we gave', async (t) => {
  const bodies: { path: string; type: string; text: string }[] = [];
  const server = createServer((request, response) => {
    let text = '';
    request.setEncoding('utf8').on('data', (part: string) => {
      text += part;
    });
    request.on('end', () => {
      bodies.push({ path: request.url ?? '', type: request.headers['content-type'] ?? '', text });
      response.writeHead(200, { 'content-type': 'application/json' }).end('{}');
    });
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  const tracing = tracingTo({ type: 'otlp', url: `http://127.0.0.1:${port}/v1/traces` });
  tracing.export([dataOf({ problem: 'MARGIN' })]);
  const own = tracing.span('GET /api/status', { kind: 'server', parent, attributes: { code: 200 } }, (span) => span);
  await tracing.flush();
  await tracing.close();
  assert.deepEqual(tracing.counts, { exported: 2, dropped: 0 });
  assert.deepEqual(
    bodies.map(({ path, type }) => [path, type]),
    [['/v1/traces', 'application/json']],
  );
  const [resource] = otlp.parse(JSON.parse(bodies[0]?.text ?? '')).resourceSpans;
  assert.deepEqual(resource?.resource.attributes, [{ key: 'service.name', value: { stringValue: 'desk' } }]);
  const spans = resource?.scopeSpans.flatMap((scope) => scope.spans) ?? [];
  assert.deepEqual(spans[0], {
    traceId: 'a'.repeat(32),
    spanId: 'b'.repeat(16),
    parentSpanId: 'c'.repeat(16),
    name: 'order.submitted',
    kind: 3,
    startTimeUnixNano: '1736150430250000000',
    endTimeUnixNano: '1736150430500000000',
    attributes: [
      { key: 'q', value: { intValue: 5 } },
      { key: 'isSmall', value: { boolValue: true } },
    ],
    status: { code: 2, message: 'MARGIN' },
  });
  assert.equal(spans[1]?.traceId, '4bf92f3577b34da6a3ce929d0e0e4736');
  assert.equal(spans[1]?.parentSpanId, '00f067aa0ba902b7');
  assert.equal(spans[1]?.spanId, own.spanId);
});

test('a collector that is down costs spans, and nothing throws', async () => {
  const server = createServer();
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const { port } = server.address() as AddressInfo;
  await new Promise((done) => server.close(done));
  const tracing = tracingTo({ type: 'otlp', url: `http://127.0.0.1:${port}/v1/traces` });
  for (let index = 0; index < 3; index += 1) tracing.span('work', {}, () => index);
  await tracing.flush();
  await tracing.close();
  assert.deepEqual(tracing.counts, { exported: 0, dropped: 3 });
});

test('a span lasts as long as its work, in a trace that goes along with it', async (t) => {
  const folder = temporaryFolder(t);
  const tracing = tracingTo({ type: 'file', folder });
  const result = await tracing.span('outer', { kind: 'server', parent }, async (outer) => {
    assert.deepEqual(currentTrace(), outer);
    await setImmediate();
    return tracing.span('inner', {}, (inner) => ({ outer, inner }));
  });
  assert.equal(currentTrace(), undefined);
  await tracing.close();
  const [inner, outer] = spansIn(folder);
  assert.deepEqual(
    [inner?.name, inner?.span_id, inner?.parent_span_id],
    ['inner', result.inner.spanId, result.outer.spanId],
  );
  assert.deepEqual(
    [outer?.name, outer?.span_id, outer?.parent_span_id],
    ['outer', result.outer.spanId, '00f067aa0ba902b7'],
  );
  assert.equal(inner?.trace_id, '4bf92f3577b34da6a3ce929d0e0e4736');
  assert.equal(outer?.kind, 'server');
});

test('failures go through as they are, and their span says of what kind they were', async (t) => {
  const folder = temporaryFolder(t);
  const tracing = tracingTo({ type: 'file', folder });
  const secret = new RangeError('canary-7f3a91');
  assert.throws(
    () =>
      tracing.span('thrown', {}, () => {
        throw secret;
      }),
    secret,
  );
  await assert.rejects(
    tracing.span('rejected', {}, () => Promise.reject(secret)),
    secret,
  );
  await tracing.close();
  assert.deepEqual(
    spansIn(folder).map(({ name, status, problem }) => [name, status, problem]),
    [
      ['thrown', 'error', 'RangeError'],
      ['rejected', 'error', 'RangeError'],
    ],
  );
});

test('a parent that is no traceparent begins a trace', () => {
  const tracing = tracingTo({ type: 'none' });
  const span = tracing.span('work', { parent: 'nonsense' }, (own) => own);
  assert.match(span.traceId, /^[0-9a-f]{32}$/);
});

test('a share of the traces is kept, each whole, and whoever asked decides for theirs', async (t) => {
  const folder = temporaryFolder(t);
  const tracing = tracingTo({ type: 'file', folder }, 0.25);
  const ids = Array.from({ length: 400 }, (_, index) =>
    (index * 2_654_435_761).toString(16).padStart(32, 'f').slice(-32),
  );
  for (const traceId of ids) tracing.export([dataOf({ traceId }), dataOf({ traceId, spanId: 'd'.repeat(16) })]);
  await tracing.flush();
  const kept = spansIn(folder).map((span) => span.trace_id);
  const expected = ids.filter((id) => tracing.keeps(id)).flatMap((id) => [id, id]);
  assert.deepEqual(kept, expected);
  assert.ok(kept.length > 100 && kept.length < 300, `${kept.length}`);
  const before = tracing.counts.exported;
  const refused = ids.find((id) => !tracing.keeps(id)) ?? '';
  const taken = ids.find((id) => tracing.keeps(id)) ?? '';
  tracing.export([dataOf({ traceId: refused, isSampled: true }), dataOf({ traceId: taken, isSampled: false })]);
  runInTrace({ traceId: refused, spanId: 'e'.repeat(16), isSampled: true }, () => tracing.span('asked', {}, () => 1));
  runInTrace({ traceId: taken, spanId: 'e'.repeat(16), isSampled: false }, () => tracing.span('unasked', {}, () => 1));
  await tracing.close();
  assert.equal(tracing.counts.exported, before + 2);
});

test('without an exporter work is done and nothing is kept', async () => {
  const tracing = tracingTo({ type: 'none' });
  assert.equal(
    tracing.span('work', { parent }, ({ traceId }) => traceId),
    '4bf92f3577b34da6a3ce929d0e0e4736',
  );
  tracing.export([dataOf()]);
  await tracing.flush();
  await tracing.close();
  assert.deepEqual(tracing.counts, { exported: 0, dropped: 0 });
});

test('a share lies between nothing and everything', () => {
  for (const rate of [-0.1, 1.1, Number.NaN]) assert.throws(() => tracingTo({ type: 'none' }, rate), /between 0 and 1/);
});
