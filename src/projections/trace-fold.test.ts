import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Event } from '#domain/events.ts';
import { traceIdOf } from '#domain/trace.ts';
import { acceptanceOf, childOf, fillOf, requestOf } from '../../tests/support/desk-events.ts';
import { createTraceState, type TraceState, traceEvent } from './trace-fold.ts';

const traceparent = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';
const at = 1_736_150_400_000;

const ticked: Event = { type: 'time.ticked', at };
const decided: Event = {
  type: 'module.decided',
  at,
  module: 'combined-direction',
  slot: 'signal',
  mode: 'ACTIVE',
  outcome: 'changed',
  reason: '',
  entries: [],
};

function submitted(clientOrderId = 'o1', quantity = 1_000): Event {
  return { type: 'order.submitted', at, order: requestOf({ clientOrderId, quantity }) };
}

/** The sequences of the roots, event by event, from sequence 1 on or after a state. */
function rootsOf(events: readonly Event[], state: TraceState = createTraceState('run-1'), from = 1): number[] {
  return events.map((event, index) => traceEvent(state, from + index, event).root.sequence);
}

test('what a decision leads to belongs to the input that opened it', () => {
  const denied: Event = {
    type: 'order.denied',
    at,
    instrument: 'EURUSD.OANDA',
    code: 'X',
    reason: '',
    signedQuantity: 1,
  };
  const alert: Event = { type: 'alert.raised', at, name: 'a', reason: '' };
  assert.deepEqual(rootsOf([ticked, decided, submitted(), denied, alert, ticked, decided]), [1, 1, 1, 1, 1, 6, 6]);
});

test('an entry carries its event and its place', () => {
  const entry = traceEvent(createTraceState('run-1'), 17, ticked);
  assert.deepEqual(entry, { sequence: 17, event: ticked, root: { runId: 'run-1', sequence: 17, traceparent: null } });
});

test('answers to an order belong to the trace it was sent in, and so does what they cause', () => {
  const events = [
    ticked,
    submitted(),
    ticked,
    acceptanceOf('o1', at),
    fillOf(at, { quantity: 400 }),
    decided,
    fillOf(at, { quantity: 600 }),
  ];
  assert.deepEqual(rootsOf(events), [1, 1, 3, 1, 1, 1, 1]);
});

test('an ended order is known until sixty-four more have ended', () => {
  assert.deepEqual(rootsOf([ticked, submitted(), fillOf(at), fillOf(at)]), [1, 1, 1, 1]);
  for (const type of ['order.canceled', 'order.expired'] as const) {
    const end: Event = { type, at, clientOrderId: 'o1', reason: '' };
    assert.deepEqual(rootsOf([ticked, submitted(), end, end]), [1, 1, 1, 1], type);
  }
  const rejected: Event = { type: 'order.rejected', at, clientOrderId: 'o1', code: 'X', reason: '' };
  assert.deepEqual(rootsOf([ticked, submitted(), rejected, rejected]), [1, 1, 1, 1]);
  const others = Array.from({ length: 64 }, (_, place): Event[] => [
    submitted(`p${place}`),
    { type: 'order.canceled', at, clientOrderId: `p${place}`, reason: '' },
  ]).flat();
  const state = createTraceState('run-1');
  rootsOf([ticked, submitted(), rejected, ...others], state);
  assert.deepEqual(rootsOf([rejected], state, 500), [500]);
  assert.equal(Object.keys(state.orders).length, 64);
});

test('the answer to a job belongs to the trace it was requested in', () => {
  const requested: Event = { type: 'job.requested', at, jobId: 'j1', kind: 'k', input: {}, requestedBy: 'test' };
  const completed: Event = { type: 'job.completed', at, jobId: 'j1', kind: 'k', result: {}, attempts: 1 };
  assert.deepEqual(rootsOf([ticked, requested, ticked, completed]), [1, 2, 3, 2]);
});

test("a bracket's legs belong to the trace of their entry, even long after it", () => {
  const stop = fillOf(at, { clientOrderId: 'o1-s', side: 'sell' });
  const events = [ticked, submitted(), childOf('o1', at), fillOf(at), ticked, stop, ticked];
  assert.deepEqual(rootsOf(events), [1, 1, 1, 1, 5, 1, 7]);
});

test('a leg of an entry that nobody knows begins a trace, and its fill goes on with that', () => {
  const stop = fillOf(at, { clientOrderId: 'o9-s', side: 'sell' });
  assert.deepEqual(rootsOf([ticked, childOf('o9', at), ticked, stop]), [1, 2, 3, 2]);
});

test("an operator's trace is adopted, with all that follows from it", () => {
  const state = createTraceState('run-1');
  const asked: Event = { type: 'flatten.requested', at, actor: 'ann', reason: '', traceparent };
  const entries = [asked, submitted(), ticked, fillOf(at)].map((event, index) => traceEvent(state, index + 1, event));
  const ids = entries.map(({ root }) => traceIdOf(root));
  assert.equal(ids[0], '4bf92f3577b34da6a3ce929d0e0e4736');
  assert.equal(ids[1], ids[0]);
  assert.notEqual(ids[2], ids[0]);
  assert.equal(ids[3], ids[0]);
});

test('an operator who names no trace begins one', () => {
  const asked: Event = { type: 'flatten.requested', at, actor: 'ann', reason: '' };
  const { root } = traceEvent(createTraceState('run-1'), 5, asked);
  assert.deepEqual(root, { runId: 'run-1', sequence: 5, traceparent: null });
});

test('of more orders than are remembered the oldest is forgotten', () => {
  const state = createTraceState('run-1');
  traceEvent(state, 1, ticked);
  for (let index = 0; index <= 1_000; index += 1) traceEvent(state, 2 + index, submitted(`o${index}-`));
  assert.equal(Object.keys(state.orders).length, 1_000);
  const later = rootsOf([acceptanceOf('o0-', at), acceptanceOf('o1-', at), acceptanceOf('o1000-', at)], state, 20_000);
  assert.deepEqual(later, [20_000, 1, 1]);
});

test('a state that was kept as JSON goes on as if nothing had been', () => {
  const events = [
    ticked,
    submitted(),
    childOf('o1', at),
    ticked,
    fillOf(at, { quantity: 400 }),
    decided,
    fillOf(at, { quantity: 600 }),
    fillOf(at),
  ];
  const whole = rootsOf(events);
  for (let cut = 1; cut < events.length; cut += 1) {
    const state = createTraceState('run-1');
    const before = rootsOf(events.slice(0, cut), state);
    const kept = JSON.parse(JSON.stringify(state)) as TraceState;
    assert.deepEqual([...before, ...rootsOf(events.slice(cut), kept, cut + 1)], whole, `cut after ${cut}`);
  }
});
