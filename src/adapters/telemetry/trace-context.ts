import { AsyncLocalStorage } from 'node:async_hooks';
import { randomBytes } from 'node:crypto';
import type { TraceParent } from '#domain/trace.ts';

/** One for the process, since the trace of a call is known only to the call. */
const storage = new AsyncLocalStorage<TraceParent>();

/** Does work as part of a trace: whatever it starts, now or later, belongs to it too. */
export function runInTrace<T>(trace: TraceParent, work: () => T): T {
  return storage.run(trace, work);
}

/** The trace that the caller works in; undefined outside of any. */
export function currentTrace(): TraceParent | undefined {
  return storage.getStore();
}

/** 32 hexadecimal digits, never all zero. */
export function randomTraceId(): string {
  return randomBytes(16).toString('hex').replace(/^0+$/, '1'.repeat(32));
}

/** 16 hexadecimal digits, never all zero. */
export function randomSpanId(): string {
  return randomBytes(8).toString('hex').replace(/^0+$/, '1'.repeat(16));
}
