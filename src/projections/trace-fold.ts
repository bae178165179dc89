import { type Event, originOf } from '#domain/events.ts';
import type { TraceRoot } from '#domain/trace.ts';
import type { TailEntry } from './tail-entry.ts';

/** What is remembered of an order, or a job, whose answers are still expected: the trace it was sent in, and what is not yet filled. */
interface TracedOrder {
  root: TraceRoot;
  left: number;
}

/** The fold that finds the trace of every event: plain data, kept beside each projection's own. */
export interface TraceState {
  runId: string;
  root: TraceRoot;
  orders: Record<string, TracedOrder>;
  /** Orders that have ended, the oldest first: a venue tells of an entry's stop and target after the entry is filled. */
  endedOrderIds: string[];
}

/** Orders remembered at most; beyond that the oldest is forgotten, and its later answers begin a trace of their own. */
const ordersMax = 1_000;
/** Ended orders remembered at most. */
const endedMax = 64;

export function createTraceState(runId: string): TraceState {
  return { runId, root: { runId, sequence: 0, traceparent: null }, orders: {}, endedOrderIds: [] };
}

/**
 * The entry of a journalled event. An input begins a trace, or goes on with that of whoever asked; an answer of the venue goes on with
 * the trace its order was sent in, and the end of a job with that of its request; all else belongs to the input that caused it.
 */
export function traceEvent(state: TraceState, sequence: number, event: Event): TailEntry {
  if (originOf(event.type) === 'input') state.root = rootOf(state, sequence, event);
  follow(state, event);
  return { sequence, event, root: state.root };
}

function rootOf(state: TraceState, sequence: number, event: Event): TraceRoot {
  const orderId =
    event.type === 'order.accepted' ? (event.child?.parentOrderId ?? event.clientOrderId) : orderIdOf(event);
  const sent = orderId === undefined ? undefined : state.orders[orderId];
  if (sent !== undefined) return sent.root;
  const traceparent = 'traceparent' in event ? (event.traceparent ?? null) : null;
  return { runId: state.runId, sequence, traceparent };
}

function orderIdOf(event: Event): string | undefined {
  if ('clientOrderId' in event) return event.clientOrderId;
  return 'jobId' in event ? jobKey(event.jobId) : undefined;
}

/** Jobs are remembered beside the orders, under a name that no order has. */
function jobKey(jobId: string): string {
  return `job ${jobId}`;
}

function follow(state: TraceState, event: Event): void {
  if (event.type === 'order.submitted') remember(state, event.order.clientOrderId, event.order.quantity);
  if (event.type === 'order.accepted' && event.child !== null) {
    remember(state, event.clientOrderId, event.child.quantity);
  }
  if (event.type === 'job.requested') remember(state, jobKey(event.jobId), 1);
  if (event.type === 'job.completed' || event.type === 'job.failed' || event.type === 'job.canceled') {
    end(state, jobKey(event.jobId));
  }
  if (event.type === 'order.filled') fill(state, event.clientOrderId, event.quantity);
  if (event.type === 'order.rejected' || event.type === 'order.canceled' || event.type === 'order.expired') {
    end(state, event.clientOrderId);
  }
}

function remember(state: TraceState, orderId: string, quantity: number): void {
  state.orders[orderId] = { root: state.root, left: quantity };
  const ids = Object.keys(state.orders);
  if (ids.length > ordersMax && ids[0] !== undefined) delete state.orders[ids[0]];
}

function fill(state: TraceState, orderId: string, quantity: number): void {
  const order = state.orders[orderId];
  if (order === undefined) return;
  order.left -= quantity;
  if (order.left <= 0) end(state, orderId);
}

function end(state: TraceState, orderId: string): void {
  if (state.orders[orderId] === undefined || state.endedOrderIds.includes(orderId)) return;
  state.endedOrderIds.push(orderId);
  const oldest = state.endedOrderIds.length > endedMax ? state.endedOrderIds.shift() : undefined;
  if (oldest !== undefined) delete state.orders[oldest];
}
