import {
  BatchSpanProcessor,
  type ReadableSpan,
  type SpanExporter,
  type SpanProcessor,
} from '@opentelemetry/sdk-trace-node';

/** What became of the spans of a process. */
export interface SpanCounts {
  /** Spans that the exporter took. */
  readonly exported: number;
  /** Spans that never reached it: the queue was full, or the exporter failed. */
  readonly dropped: number;
}

/** A bounded queue before an exporter. */
export interface CountedSpans {
  readonly processor: SpanProcessor;
  readonly counts: SpanCounts;
}

export interface QueueLimits {
  /** Spans that wait at most; more are dropped. */
  readonly queueMax: number;
  readonly batchMax: number;
  /** How long spans wait for company. */
  readonly delayMs: number;
  readonly timeoutMs: number;
}

/** Queues spans and counts what becomes of them. The library bounds its queue too, but does not say what it dropped. */
export function countSpans(exporter: SpanExporter, limits: QueueLimits): CountedSpans {
  const { queueMax, batchMax, delayMs, timeoutMs } = limits;
  const counts = { exported: 0, dropped: 0 };
  let waiting = 0;
  const counted: SpanExporter = {
    export: (spans, report) => {
      waiting -= spans.length;
      exporter.export(spans, (result) => {
        counts[result.code === 0 ? 'exported' : 'dropped'] += spans.length;
        report(result);
      });
    },
    shutdown: () => exporter.shutdown(),
  };
  const batches = new BatchSpanProcessor(counted, {
    maxQueueSize: queueMax,
    maxExportBatchSize: Math.min(batchMax, queueMax),
    scheduledDelayMillis: delayMs,
    exportTimeoutMillis: timeoutMs,
  });
  const processor: SpanProcessor = {
    onStart: () => undefined,
    onEnd: (span: ReadableSpan) => {
      if ((span.spanContext().traceFlags & 1) === 0) return;
      if (waiting >= queueMax) {
        counts.dropped += 1;
        return;
      }
      waiting += 1;
      batches.onEnd(span);
    },
    forceFlush: () => batches.forceFlush(),
    shutdown: () => batches.shutdown(),
  };
  return { processor, counts };
}
