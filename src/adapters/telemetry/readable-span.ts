import { type SpanContext, SpanKind, SpanStatusCode, TraceFlags } from '@opentelemetry/api';
import type { Resource } from '@opentelemetry/resources';
import type { ReadableSpan } from '@opentelemetry/sdk-trace-node';
import type { SpanData, SpanKindName } from '#domain/span-data.ts';
import type { TraceParent } from '#domain/trace.ts';

export const spanKinds: Readonly<Record<SpanKindName, SpanKind>> = {
  internal: SpanKind.INTERNAL,
  server: SpanKind.SERVER,
  client: SpanKind.CLIENT,
  producer: SpanKind.PRODUCER,
  consumer: SpanKind.CONSUMER,
};

/** A finished span of ours in the library's shape, sampled, under its own ids. */
export function readableSpan(span: SpanData, resource: Resource): ReadableSpan {
  const { traceId, spanId, parentSpanId, name, kind, startedAt, endedAt, attributes, problem } = span;
  const context = spanContextOf({ traceId, spanId, isSampled: true });
  return {
    name,
    kind: spanKinds[kind],
    spanContext: () => context,
    ...(parentSpanId === null
      ? {}
      : { parentSpanContext: spanContextOf({ traceId, spanId: parentSpanId, isSampled: true }) }),
    startTime: instantOf(startedAt),
    endTime: instantOf(endedAt),
    duration: instantOf(endedAt - startedAt),
    status: problem === null ? { code: SpanStatusCode.UNSET } : { code: SpanStatusCode.ERROR, message: problem },
    attributes: { ...attributes },
    links: [],
    events: [],
    ended: true,
    resource,
    instrumentationScope: { name: 'tradewind' },
    droppedAttributesCount: 0,
    droppedEventsCount: 0,
    droppedLinksCount: 0,
  };
}

export function spanContextOf({ traceId, spanId, isSampled }: TraceParent): SpanContext {
  return { traceId, spanId, traceFlags: isSampled ? TraceFlags.SAMPLED : TraceFlags.NONE };
}

/** Milliseconds as seconds and nanoseconds. */
function instantOf(ms: number): [number, number] {
  return [Math.floor(ms / 1_000), Math.round((ms % 1_000) * 1e6)];
}
