import { randomSpanId, randomTraceId, runInTrace } from '#adapters/telemetry/trace-context.ts';
import { parseTraceparent, type TraceParent } from '#domain/trace.ts';

type Headers = Readonly<Record<string, string | readonly string[] | undefined>>;

/**
 * The trace of an HTTP request: that of the `traceparent` header with a span of our own, or a new one where there is none, or none that is
 * valid (https://www.w3.org/TR/trace-context/#traceparent-header). `keeps` says which new traces are sampled; by default all are.
 */
export function requestTrace(headers: Headers, keeps: (traceId: string) => boolean = () => true): TraceParent {
  const given = headers['traceparent'];
  const asked = typeof given === 'string' ? parseTraceparent(given.trim()) : undefined;
  const spanId = randomSpanId();
  if (asked !== undefined) return { ...asked, spanId };
  const traceId = randomTraceId();
  return { traceId, spanId, isSampled: keeps(traceId) };
}

/** Serves a request as part of its trace, so that what is logged on the way names it. */
export function serveInTrace<T>(trace: TraceParent, serve: () => T): T {
  return runInTrace(trace, serve);
}
