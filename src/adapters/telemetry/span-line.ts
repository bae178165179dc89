import { SpanKind, SpanStatusCode } from '@opentelemetry/api';
import type { ReadableSpan } from '@opentelemetry/sdk-trace-node';
import { z } from 'zod';

/** A line of a span file. Instants are ISO 8601 with milliseconds, spans of time are milliseconds. */
export const spanLineSchema = z.strictObject({
  trace_id: z.string(),
  span_id: z.string(),
  parent_span_id: z.string().nullable(),
  name: z.string(),
  kind: z.enum(['internal', 'server', 'client', 'producer', 'consumer']),
  service_name: z.string(),
  started_at: z.iso.datetime({ precision: 3 }),
  duration_ms: z.number(),
  status: z.enum(['ok', 'error']),
  problem: z.string().optional(),
  attributes: z.record(z.string(), z.unknown()),
});
export type SpanLine = z.infer<typeof spanLineSchema>;

const kinds: Readonly<Record<SpanKind, SpanLine['kind']>> = {
  [SpanKind.INTERNAL]: 'internal',
  [SpanKind.SERVER]: 'server',
  [SpanKind.CLIENT]: 'client',
  [SpanKind.PRODUCER]: 'producer',
  [SpanKind.CONSUMER]: 'consumer',
};

/** A finished span as a line. */
export function spanLine(span: ReadableSpan): SpanLine {
  const { traceId, spanId } = span.spanContext();
  const hasFailed = span.status.code === SpanStatusCode.ERROR;
  return {
    trace_id: traceId,
    span_id: spanId,
    parent_span_id: span.parentSpanContext?.spanId ?? null,
    name: span.name,
    kind: kinds[span.kind],
    service_name: String(span.resource.attributes['service.name'] ?? ''),
    started_at: new Date(msOf(span.startTime)).toISOString(),
    duration_ms: msOf(span.duration),
    status: hasFailed ? 'error' : 'ok',
    ...(hasFailed ? { problem: span.status.message ?? '' } : {}),
    attributes: span.attributes,
  };
}

function msOf([seconds, nanoseconds]: ReadableSpan['startTime']): number {
  return seconds * 1_000 + nanoseconds / 1e6;
}
