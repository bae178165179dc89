import { createSha256, digestHex, updateSha256 } from '#base/sha256.ts';

/**
 * Where a chain of causes began: the input at a place of a journal. Ids are functions of it, so that every process that reads the
 * journal names the same trace, and so does a replay.
 */
export interface TraceRoot {
  readonly runId: string;
  /** Journal sequence of the input. */
  readonly sequence: number;
  /** The trace that the input was asked for under, as a W3C traceparent; null where it began here. */
  readonly traceparent: string | null;
}

/** The parts of a W3C traceparent (https://www.w3.org/TR/trace-context/#traceparent-header). */
export interface TraceParent {
  /** 32 hexadecimal digits, not all zero. */
  readonly traceId: string;
  /** 16 hexadecimal digits, not all zero. */
  readonly spanId: string;
  readonly isSampled: boolean;
}

const traceparentPattern = /^00-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})$/;

/** Reads a traceparent of version 00; undefined where the text is none. */
export function parseTraceparent(text: string): TraceParent | undefined {
  const [, traceId = '', spanId = '', flags = ''] = traceparentPattern.exec(text) ?? [];
  if (traceId === '' || /^0+$/.test(traceId) || /^0+$/.test(spanId)) return undefined;
  return { traceId, spanId, isSampled: (Number.parseInt(flags, 16) & 1) === 1 };
}

export function traceparentText({ traceId, spanId, isSampled }: TraceParent): string {
  return `00-${traceId}-${spanId}-${isSampled ? '01' : '00'}`;
}

/** The trace a root belongs to: 32 hexadecimal digits. */
export function traceIdOf(root: TraceRoot): string {
  const asked = root.traceparent === null ? undefined : parseTraceparent(root.traceparent);
  return asked?.traceId ?? digestOf(`trace/${root.runId}/${root.sequence}`).slice(0, 32);
}

/** The span of one journalled event: 16 hexadecimal digits. */
export function spanIdOf(runId: string, sequence: number): string {
  return digestOf(`span/${runId}/${sequence}`).slice(0, 16);
}

/** The span that caused an event: the asking one for a root, the root's own for everything that follows from it; null for none. */
export function parentSpanIdOf(root: TraceRoot, sequence: number): string | null {
  if (sequence !== root.sequence) return spanIdOf(root.runId, root.sequence);
  return root.traceparent === null ? null : (parseTraceparent(root.traceparent)?.spanId ?? null);
}

/** Ids are ASCII, so a code unit is a byte. */
function digestOf(text: string): string {
  const state = createSha256();
  updateSha256(
    state,
    Uint8Array.from(text, (letter) => letter.charCodeAt(0)),
  );
  return digestHex(state);
}
