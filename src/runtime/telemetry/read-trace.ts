import { setImmediate } from 'node:timers/promises';
import { findLogLines, findSpanLines } from '#adapters/telemetry/find-lines.ts';
import type { LogLine } from '#adapters/telemetry/log-line.ts';
import type { SpanLine } from '#adapters/telemetry/span-line.ts';
import { type Event, originOf } from '#domain/events.ts';
import { parseTraceparent, spanIdOf, traceIdOf } from '#domain/trace.ts';
import type { TailEntry } from '#projections/tail-entry.ts';
import { createTraceState, type TraceState, traceEvent } from '#projections/trace-fold.ts';
import { recordedEvents } from '../read-run.ts';
import { readManifest } from '../run-folder.ts';
import { logFolder, spanFolder } from './telemetry-folders.ts';

/** One thing of a trace. Instants are ms UTC: of journalled things the event time, of others that of the clock. */
export type TraceItem = { readonly at: number; readonly spanId: string | null } & (
  | { readonly type: 'event' | 'decision' | 'order'; readonly sequence: number; readonly event: Event }
  | { readonly type: 'log'; readonly sequence: number | null; readonly line: LogLine }
  | { readonly type: 'span'; readonly sequence: null; readonly span: SpanLine }
);

/** Everything that belongs to one trace, in the order of time. */
export interface TraceReport {
  readonly traceId: string;
  readonly items: readonly TraceItem[];
  /** Things left out because there were too many. */
  readonly leftOut: number;
}

/** Things of one kind that are shown at most. */
const itemsMax = 10_000;
/** Events read before others get their turn. */
const eventsPerTurn = 5_000;

/**
 * Joins the journal, the log and the spans of a run's folder on one trace, named by its id, by a traceparent, by a client order id, or by the
 * journal sequence of anything in it. Undefined where nothing of it is there. Changes nothing, so the desk may be running.
 */
export async function readTrace(
  folder: string,
  id: string,
  onProgress: (events: number) => void = () => undefined,
): Promise<TraceReport | undefined> {
  const { runId } = readManifest(folder);
  const walk: JournalWalk = { folder, runId, onProgress };
  const traceId = await traceIdFor(walk, id.trim());
  if (traceId === undefined) return undefined;
  const journalled = await entriesOf(walk, traceId);
  const logs = await findLogLines(logFolder(folder), traceId, itemsMax);
  const spans = await findSpanLines(spanFolder(folder), traceId, itemsMax);
  const own = new Set(journalled.items.map(({ spanId }) => spanId));
  const items = [
    ...journalled.items,
    ...logs.lines.map(logItem),
    // The span of a journalled event says nothing that the event does not.
    ...spans.lines.filter(({ span_id: spanId }) => !own.has(spanId)).map(spanItem),
  ].sort(inTime);
  if (items.length === 0) return undefined;
  return { traceId, items, leftOut: journalled.leftOut + logs.leftOut + spans.leftOut };
}

interface JournalWalk {
  readonly folder: string;
  readonly runId: string;
  onProgress(events: number): void;
}

async function traceIdFor(walk: JournalWalk, id: string): Promise<string | undefined> {
  if (/^[0-9a-f]{32}$/.test(id)) return id;
  const asked = parseTraceparent(id);
  if (asked !== undefined) return asked.traceId;
  const sequence = /^\d{1,15}$/.test(id) ? Number(id) : undefined;
  for await (const entry of entries(walk)) {
    const isIt = sequence === undefined ? isOfOrder(entry.event, id) : entry.sequence === sequence;
    if (isIt) return traceIdOf(entry.root);
  }
  return undefined;
}

function isOfOrder(event: Event, id: string): boolean {
  if (event.type === 'order.submitted') return event.order.clientOrderId === id;
  return 'clientOrderId' in event && event.clientOrderId === id;
}

async function entriesOf(walk: JournalWalk, traceId: string): Promise<{ items: TraceItem[]; leftOut: number }> {
  const items: TraceItem[] = [];
  let leftOut = 0;
  let root: TailEntry['root'] | undefined;
  let isOurs = false;
  for await (const entry of entries(walk)) {
    // Ids are dear to work out, and most entries share theirs with the one before.
    if (entry.root !== root) isOurs = traceIdOf(entry.root) === traceId;
    root = entry.root;
    if (!isOurs) continue;
    if (items.length < itemsMax) items.push(eventItem(entry));
    else leftOut += 1;
  }
  return { items, leftOut };
}

async function* entries({ folder, runId, onProgress }: JournalWalk): AsyncGenerator<TailEntry, void, undefined> {
  const state: TraceState = createTraceState(runId);
  for (const { sequence, event } of recordedEvents(folder)) {
    yield traceEvent(state, sequence, event);
    if (sequence % eventsPerTurn !== 0) continue;
    onProgress(sequence);
    await setImmediate();
  }
}

function eventItem({ sequence, event, root }: TailEntry): TraceItem {
  const type = event.type.startsWith('order.') ? 'order' : originOf(event.type) === 'decision' ? 'decision' : 'event';
  return { type, at: event.at, sequence, spanId: spanIdOf(root.runId, sequence), event };
}

/** A line about a journalled event stands with it; any other one at the time it was written. */
function logItem(line: LogLine): TraceItem {
  const { at, sequence } = line.metadata;
  const isJournalled = typeof at === 'number' && typeof sequence === 'number';
  return {
    type: 'log',
    at: isJournalled ? at : Date.parse(line.timestamp),
    sequence: isJournalled ? sequence : null,
    spanId: line.span_id ?? null,
    line,
  };
}

function spanItem(span: SpanLine): TraceItem {
  return { type: 'span', at: Date.parse(span.started_at), sequence: null, spanId: span.span_id, span };
}

/** By time, then by place in the journal; a span before the lines written in it. */
function inTime(left: TraceItem, right: TraceItem): number {
  const bySequence = (left.sequence ?? Infinity) - (right.sequence ?? Infinity);
  return left.at - right.at || (Number.isNaN(bySequence) ? 0 : bySequence) || rankOf(left) - rankOf(right);
}

function rankOf({ type }: TraceItem): number {
  return { event: 0, decision: 0, order: 0, span: 1, log: 2 }[type];
}
