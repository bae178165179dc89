import type { Event, EventType } from '#domain/events.ts';
import type { SpanData } from '#domain/span-data.ts';
import { parentSpanIdOf, parseTraceparent, spanIdOf, traceIdOf } from '#domain/trace.ts';
import type { TailEntry } from './tail-entry.ts';

/** Inputs that come by the thousand; alone they are worth no span. */
const marketTypes: ReadonlySet<EventType> = new Set(['bar.closed', 'quote.updated', 'time.ticked']);

/**
 * The spans of entries that follow one another, such as one step: the input is the root, and what it led to hangs below it. Ids and times
 * are those of the journal, so that telling an entry again tells the same span. An order lasts until its last answer among the entries;
 * all else is an instant. Market data that led to nothing is left out.
 */
export function spansOf(entries: readonly TailEntry[]): SpanData[] {
  const work = entries.filter(({ event }) => !marketTypes.has(event.type));
  const roots = new Set(work.map(({ root }) => root.sequence));
  return entries.filter(({ root }) => roots.has(root.sequence)).map((entry) => spanOf(entry, entries));
}

function spanOf({ sequence, event, root }: TailEntry, entries: readonly TailEntry[]): SpanData {
  const asked = root.traceparent === null ? undefined : parseTraceparent(root.traceparent);
  return {
    traceId: traceIdOf(root),
    spanId: spanIdOf(root.runId, sequence),
    parentSpanId: parentSpanIdOf(root, sequence),
    name: nameOf(event),
    kind: sequence === root.sequence ? 'consumer' : kindOf(event),
    startedAt: event.at,
    endedAt: endOf(event, entries),
    attributes: { 'tradewind.run_id': root.runId, 'tradewind.sequence': sequence, ...attributesOf(event) },
    problem: problemOf(event),
    isSampled: asked?.isSampled ?? null,
  };
}

function nameOf(event: Event): string {
  return event.type === 'module.decided' ? `${event.slot} ${event.module}` : event.type;
}

function kindOf(event: Event): SpanData['kind'] {
  return event.type === 'order.submitted' ? 'client' : 'internal';
}

function endOf(event: Event, entries: readonly TailEntry[]): number {
  if (event.type !== 'order.submitted') return event.at;
  const { clientOrderId } = event.order;
  let end = event.at;
  for (const { event: later } of entries) {
    if ('clientOrderId' in later && later.clientOrderId === clientOrderId) end = Math.max(end, later.at);
  }
  return end;
}

function attributesOf(event: Event): SpanData['attributes'] {
  const attributes: Record<string, string | number | boolean> = {};
  if ('instrument' in event && typeof event.instrument === 'string')
    attributes['tradewind.instrument'] = event.instrument;
  if ('clientOrderId' in event) attributes['tradewind.order_id'] = event.clientOrderId;
  if (event.type === 'order.submitted') {
    attributes['tradewind.order_id'] = event.order.clientOrderId;
    attributes['tradewind.instrument'] = event.order.instrument;
    attributes['tradewind.side'] = event.order.side;
    attributes['tradewind.quantity'] = event.order.quantity;
  }
  if (event.type === 'order.filled') {
    attributes['tradewind.side'] = event.side;
    attributes['tradewind.quantity'] = event.quantity;
  }
  if (event.type === 'module.decided') {
    attributes['tradewind.mode'] = event.mode;
    attributes['tradewind.outcome'] = event.outcome;
  }
  return attributes;
}

function problemOf(event: Event): string | null {
  if (event.type === 'order.rejected' || event.type === 'order.denied') return `${event.code}: ${event.reason}`;
  return event.type === 'module.decided' && event.outcome === 'failed' ? event.reason : null;
}
