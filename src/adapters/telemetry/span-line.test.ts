import assert from 'node:assert/strict';
import { test } from 'node:test';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { readableSpan } from './readable-span.ts';
import { spanLine, spanLineSchema } from './span-line.ts';

test('a span becomes a line with its times and its service', () => {
  const resource = resourceFromAttributes({ 'service.name': 'desk' });
  const ids = { traceId: 'a'.repeat(32), spanId: 'b'.repeat(16), parentSpanId: null };
  const data = {
    ...ids,
    name: 'tick',
    kind: 'consumer',
    startedAt: 1_736_150_430_250,
    endedAt: 1_736_150_430_500,
  } as const;
  const line = spanLine(readableSpan({ ...data, attributes: { a: 1 }, problem: 'late', isSampled: null }, resource));
  assert.deepEqual(spanLineSchema.parse(line), {
    trace_id: 'a'.repeat(32),
    span_id: 'b'.repeat(16),
    parent_span_id: null,
    name: 'tick',
    kind: 'consumer',
    service_name: 'desk',
    started_at: '2025-01-06T08:00:30.250Z',
    duration_ms: 250,
    status: 'error',
    problem: 'late',
    attributes: { a: 1 },
  });
  const fine = spanLine(readableSpan({ ...data, attributes: {}, problem: null, isSampled: null }, resource));
  assert.equal(fine.status, 'ok');
  assert.equal('problem' in fine, false);
});
