import assert from 'node:assert/strict';
import { test } from 'node:test';
import { resourceFromAttributes } from '@opentelemetry/resources';
import type { SpanExporter } from '@opentelemetry/sdk-trace-node';
import { countSpans } from './counted-spans.ts';
import { readableSpan } from './readable-span.ts';

const limits = { queueMax: 10, batchMax: 5, delayMs: 60_000, timeoutMs: 20 };

function spanOf(index: number) {
  const ids = { traceId: 'a'.repeat(32), spanId: index.toString(16).padStart(16, '0'), parentSpanId: null };
  const span = {
    ...ids,
    name: 'x',
    kind: 'internal',
    startedAt: 1,
    endedAt: 2,
    attributes: {},
    problem: null,
    isSampled: null,
  } as const;
  return readableSpan(span, resourceFromAttributes({}));
}

function exporterOf(code: 0 | 1): SpanExporter {
  return { export: (_spans, report) => report({ code }), shutdown: () => Promise.resolve() };
}

test('what the exporter takes is exported, what it refuses is dropped', async () => {
  for (const [code, counts] of [
    [0, { exported: 3, dropped: 0 }],
    [1, { exported: 0, dropped: 3 }],
  ] as const) {
    const queue = countSpans(exporterOf(code), limits);
    for (let index = 1; index <= 3; index += 1) queue.processor.onEnd(spanOf(index));
    await queue.processor.forceFlush().catch(() => undefined);
    assert.deepEqual(queue.counts, counts);
  }
});

test('behind an exporter that hangs the queue is bounded, and the rest is counted as dropped', () => {
  const taken: number[] = [];
  const hanging: SpanExporter = { export: (spans) => void taken.push(spans.length), shutdown: () => Promise.resolve() };
  const queue = countSpans(hanging, limits);
  for (let index = 1; index <= 40; index += 1) queue.processor.onEnd(spanOf(index));
  // One batch hangs in the exporter, ten spans wait behind it.
  assert.deepEqual(taken, [5]);
  assert.deepEqual(queue.counts, { exported: 0, dropped: 25 });
});

test('spans that are not sampled are not counted at all', async () => {
  const queue = countSpans(exporterOf(0), limits);
  const span = spanOf(1);
  queue.processor.onEnd({ ...span, spanContext: () => ({ ...span.spanContext(), traceFlags: 0 }) });
  await queue.processor.forceFlush();
  assert.deepEqual(queue.counts, { exported: 0, dropped: 0 });
});
