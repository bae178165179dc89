import { type Attributes, ROOT_CONTEXT, type Span, SpanStatusCode, type Tracer, trace } from '@opentelemetry/api';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { type Resource, resourceFromAttributes } from '@opentelemetry/resources';
import {
  AlwaysOffSampler,
  NodeTracerProvider,
  ParentBasedSampler,
  SamplingDecision,
  type SpanExporter,
  TraceIdRatioBasedSampler,
} from '@opentelemetry/sdk-trace-node';
import { assert } from '#base/assert.ts';
import type { SpanData, SpanKindName } from '#domain/span-data.ts';
import { parseTraceparent, type TraceParent } from '#domain/trace.ts';
import type { TimePort } from '#engine/ports.ts';
import { type CountedSpans, countSpans, type QueueLimits, type SpanCounts } from './counted-spans.ts';
import { readableSpan, spanContextOf, spanKinds } from './readable-span.ts';
import { createSpanFile } from './span-file.ts';
import { currentTrace, randomSpanId, randomTraceId, runInTrace } from './trace-context.ts';

/** Where finished spans go: to a collector that speaks OTLP over HTTP, to files of a folder, or nowhere. */
export type SpanExport =
  | { readonly type: 'otlp'; readonly url: string }
  | { readonly type: 'file'; readonly folder: string }
  | { readonly type: 'none' };

export interface TracingOptions {
  readonly exporter: SpanExport;
  /** Share of traces kept, 0 to 1, unless whoever asked has decided. A trace is kept or left out whole. */
  readonly sampleRate: number;
  readonly serviceName: string;
  readonly time: TimePort;
  readonly limits?: Partial<QueueLimits>;
}

export interface SpanOptions {
  readonly kind?: SpanKindName;
  /** The W3C traceparent of whoever asked; without one the span belongs to the caller's trace, or begins one. */
  readonly parent?: string;
  readonly attributes?: Attributes;
}

/** Measures work and hands on what was measured. Nothing here throws or waits because of a collector. */
export interface Tracing {
  readonly counts: SpanCounts;
  /** Whether a trace that begins here belongs to the share that is kept. */
  keeps(traceId: string): boolean;
  /** Does work inside of a span, which ends when the work or its promise does, failed where that failed. */
  span<T>(name: string, options: SpanOptions, work: (span: TraceParent) => T): T;
  /** Hands on finished spans under their own ids. */
  export(spans: readonly SpanData[]): void;
  /** Waits until what is queued was sent or given up. */
  flush(): Promise<void>;
  close(): Promise<void>;
}

const usualLimits: QueueLimits = { queueMax: 2_048, batchMax: 512, delayMs: 2_000, timeoutMs: 10_000 };

export function createTracing(options: TracingOptions): Tracing {
  const { sampleRate, serviceName } = options;
  assert(sampleRate >= 0 && sampleRate <= 1, `a sample rate lies between 0 and 1, found '${sampleRate}'`);
  const limits = { ...usualLimits, ...options.limits };
  const exporter = exporterOf(options.exporter, options.time, limits);
  const resource = resourceFromAttributes({ 'service.name': serviceName });
  const queue = exporter === undefined ? undefined : countSpans(exporter, limits);
  const share = exporter === undefined ? new AlwaysOffSampler() : new TraceIdRatioBasedSampler(sampleRate);
  const provider = new NodeTracerProvider({
    resource,
    sampler: new ParentBasedSampler({ root: share }),
    idGenerator: { generateTraceId: randomTraceId, generateSpanId: randomSpanId },
    spanProcessors: queue === undefined ? [] : [queue.processor],
  });
  const tracer = provider.getTracer('tradewind');
  const keeps = (id: string): boolean =>
    share.shouldSample(ROOT_CONTEXT, id).decision === SamplingDecision.RECORD_AND_SAMPLED;
  return {
    counts: queue?.counts ?? { exported: 0, dropped: 0 },
    keeps,
    span: (name, asked, work) => measured(startSpan(tracer, name, asked), work),
    export: (spans) => exportSpans(spans, queue, resource, keeps),
    flush: () => provider.forceFlush().catch(() => undefined),
    close: () => provider.shutdown().catch(() => undefined),
  };
}

function exporterOf(kind: SpanExport, time: TimePort, { timeoutMs }: QueueLimits): SpanExporter | undefined {
  switch (kind.type) {
    case 'otlp':
      return new OTLPTraceExporter({ url: kind.url, timeoutMillis: timeoutMs });
    case 'file':
      return createSpanFile(kind.folder, time);
    case 'none':
      return undefined;
  }
}

function startSpan(tracer: Tracer, name: string, { kind = 'internal', parent, attributes = {} }: SpanOptions): Span {
  const asked = parent === undefined ? currentTrace() : parseTraceparent(parent);
  const above = asked === undefined ? ROOT_CONTEXT : trace.setSpanContext(ROOT_CONTEXT, spanContextOf(asked));
  return tracer.startSpan(name, { kind: spanKinds[kind], attributes }, above);
}

function measured<T>(span: Span, work: (span: TraceParent) => T): T {
  const { traceId, spanId, traceFlags } = span.spanContext();
  const own: TraceParent = { traceId, spanId, isSampled: (traceFlags & 1) === 1 };
  let result: T;
  try {
    result = runInTrace(own, () => work(own));
  } catch (error) {
    fail(span, error);
    throw error;
  }
  if (!(result instanceof Promise)) {
    span.end();
    return result;
  }
  // The promise is handed on as it is; watching it must not make its failure somebody else's.
  result.then(
    () => span.end(),
    (error: unknown) => fail(span, error),
  );
  return result;
}

/** Messages of errors may hold what must not be shown, so that the span names the kind alone; the log has the rest, redacted. */
function fail(span: Span, error: unknown): void {
  span.setStatus({ code: SpanStatusCode.ERROR, message: error instanceof Error ? error.name : typeof error });
  span.end();
}

function exportSpans(
  spans: readonly SpanData[],
  queue: CountedSpans | undefined,
  resource: Resource,
  keeps: (traceId: string) => boolean,
): void {
  if (queue === undefined) return;
  for (const span of spans) {
    if (span.isSampled ?? keeps(span.traceId)) queue.processor.onEnd(readableSpan(span, resource));
  }
}
