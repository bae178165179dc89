import { JournalWriteError } from '#adapters/journal/journal-errors.ts';
import type { Event } from '#domain/events.ts';
import { nearestName } from '#domain/nearest-name.ts';
import type { Engine } from '#engine/engine.ts';
import type { ControlAnswer, ControlRequest } from './control-socket.ts';
import { operateArming } from './operate-arming.ts';
import { operatePolicy } from './policies/operate-policy.ts';

/** A running desk as an operator's requests see it. */
export interface OperatedDesk {
  readonly engine: Engine;
  /** Gives the engine an input at the current event time; durable when it returns. */
  request(input: (at: number) => Event): void;
  /** Why the last request is not durable; undefined where it is. */
  notKept?(): string | undefined;
  status(): unknown;
  /** Why the desk may not be armed; absent where there is nothing to arm. */
  armingRefusal?(): string | undefined;
  /** Compares the books with the venue's as soon as can be; absent where there is one set of books. */
  reconcile?(): void;
}

type Requested<C extends ControlRequest['command']> = Extract<ControlRequest, { readonly command: C }>;

/** Carries out an operator's request. To engage the switch always works, even where the disk does not. */
export function operate(desk: OperatedDesk, request: ControlRequest): ControlAnswer {
  switch (request.command) {
    case 'status':
      return { isDone: true, message: '', status: desk.status() };
    case 'kill.engage':
      return engage(desk, request);
    case 'kill.release':
      return release(desk, request);
    case 'reduce':
      return reduce(desk, request);
    case 'arm':
    case 'disarm':
      return operateArming(desk, request);
    case 'reconcile':
      return reconcile(desk);
    case 'policy.get':
    case 'policy.set':
    case 'policy.rollback':
      return operatePolicy(desk, request);
  }
}

function engage(desk: OperatedDesk, { flatten, ...request }: Requested<'kill.engage'>): ControlAnswer {
  const { kill } = desk.engine.state;
  const author = authorOf(request);
  const wasEngaged = kill.isEngaged;
  try {
    if (!wasEngaged) desk.request((at) => ({ type: 'kill.engaged', at, ...author }));
    if (flatten) desk.request((at) => ({ type: 'flatten.requested', at, ...author }));
  } catch (error) {
    if (!(error instanceof JournalWriteError)) throw error;
    return inMemoryAlone(error.message);
  }
  const lost = desk.notKept?.();
  if (lost !== undefined) return inMemoryAlone(lost);
  const state = wasEngaged ? `was engaged already by '${kill.actor}': ${kill.reason}` : 'is engaged';
  return { isDone: true, message: `the kill switch ${state}${flatten ? '; every position is being closed' : ''}` };
}

function inMemoryAlone(problem: string): ControlAnswer {
  return { isDone: true, message: `the kill switch is engaged in memory alone: ${problem}` };
}

function release(desk: OperatedDesk, request: Requested<'kill.release'>): ControlAnswer {
  if (!desk.engine.state.kill.isEngaged) return { isDone: true, message: 'the kill switch was released already' };
  desk.request((at) => ({ type: 'kill.released', at, ...authorOf(request) }));
  return { isDone: true, message: 'the kill switch is released' };
}

function reduce(desk: OperatedDesk, request: Requested<'reduce'>): ControlAnswer {
  const { quantity } = request;
  const { state } = desk.engine;
  const named = (id: string): boolean => state.markets[id]?.instrument.symbol === request.instrument;
  const instrument = state.instrumentIds.find((id) => id === request.instrument || named(id));
  if (instrument === undefined) {
    const nearest = nearestName(request.instrument, state.instrumentIds);
    return {
      isDone: false,
      message: `expected an instrument of the desk, found '${request.instrument}'; the nearest is '${nearest}'`,
    };
  }
  const held = Math.abs(state.positions[instrument]?.signedQuantity ?? 0);
  if (held === 0) return { isDone: false, message: `'${instrument}' is flat: there is nothing to reduce` };
  const orders = state.counts.orders;
  desk.request((at) => ({ type: 'reduction.requested', at, instrument, quantity, ...authorOf(request) }));
  if (state.counts.orders === orders) {
    return { isDone: false, message: `'${instrument}' is being closed already` };
  }
  return { isDone: true, message: `'${instrument}' is being reduced by ${Math.min(quantity, held)} of ${held}` };
}

function reconcile(desk: OperatedDesk): ControlAnswer {
  if (desk.reconcile === undefined)
    return { isDone: false, message: 'a desk on paper has no other books to compare with' };
  desk.reconcile();
  return { isDone: true, message: "the books are being compared with the venue's" };
}

/** Who asks, why, and in which trace, where they named one. */
function authorOf({ actor, reason, traceparent }: Author): Author {
  return traceparent === undefined ? { actor, reason } : { actor, reason, traceparent };
}

interface Author {
  readonly actor: string;
  readonly reason: string;
  readonly traceparent?: string | undefined;
}
