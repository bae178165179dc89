import type { Event } from '#domain/events.ts';
import type { TraceRoot } from '#domain/trace.ts';

/** One journalled event as followers of the tail see it: with its place and with the root of the trace it belongs to. */
export interface TailEntry {
  readonly sequence: number;
  readonly event: Event;
  readonly root: TraceRoot;
}
