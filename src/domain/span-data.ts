/** A finished span whose ids are given, as it is handed to an exporter. Instants are ms UTC. */
export interface SpanData {
  /** 32 hexadecimal digits. */
  readonly traceId: string;
  /** 16 hexadecimal digits. */
  readonly spanId: string;
  readonly parentSpanId: string | null;
  readonly name: string;
  readonly kind: SpanKindName;
  readonly startedAt: number;
  readonly endedAt: number;
  readonly attributes: Readonly<Record<string, string | number | boolean>>;
  /** Why it failed; null where it did not. */
  readonly problem: string | null;
  /** Whether whoever asked wants the trace kept; null leaves it to the exporter's share. */
  readonly isSampled: boolean | null;
}

/** The kinds of OpenTelemetry: who waits for whom. */
export type SpanKindName = 'internal' | 'server' | 'client' | 'producer' | 'consumer';
