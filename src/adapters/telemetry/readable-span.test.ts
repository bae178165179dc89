import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SpanKind, SpanStatusCode } from '@opentelemetry/api';
import { resourceFromAttributes } from '@opentelemetry/resources';
import type { SpanData } from '#domain/span-data.ts';
import { readableSpan, spanContextOf } from './readable-span.ts';

const data: SpanData = {
  traceId: 'a'.repeat(32),
  spanId: 'b'.repeat(16),
  parentSpanId: 'c'.repeat(16),
  name: 'order.submitted',
  kind: 'client',
  startedAt: 1_736_150_430_250,
  endedAt: 1_736_150_431_500,
  attributes: { quantity: 5 },
  problem: null,
  isSampled: null,
};

test('a span keeps its ids, its times and its words', () => {
  const span = readableSpan(data, resourceFromAttributes({ 'service.name': 'desk' }));
  assert.deepEqual(span.spanContext(), { traceId: data.traceId, spanId: data.spanId, traceFlags: 1 });
  assert.equal(span.parentSpanContext?.spanId, data.parentSpanId);
  assert.deepEqual(
    [span.startTime, span.endTime, span.duration],
    [
      [1_736_150_430, 250e6],
      [1_736_150_431, 500e6],
      [1, 250e6],
    ],
  );
  assert.equal(span.kind, SpanKind.CLIENT);
  assert.deepEqual(span.status, { code: SpanStatusCode.UNSET });
  assert.deepEqual(span.attributes, { quantity: 5 });
});

test('a root has no parent, and a failed span says why', () => {
  const span = readableSpan({ ...data, parentSpanId: null, problem: 'MARGIN' }, resourceFromAttributes({}));
  assert.equal(span.parentSpanContext, undefined);
  assert.deepEqual(span.status, { code: SpanStatusCode.ERROR, message: 'MARGIN' });
});

test('a context says whether it is sampled', () => {
  assert.equal(spanContextOf({ traceId: data.traceId, spanId: data.spanId, isSampled: false }).traceFlags, 0);
});
