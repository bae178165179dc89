import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Event } from '#domain/events.ts';
import { spanIdOf, traceIdOf } from '#domain/trace.ts';
import { fillOf, requestOf } from '../../tests/support/desk-events.ts';
import type { TailEntry } from './tail-entry.ts';
import { createTraceState, traceEvent } from './trace-fold.ts';
import { spansOf } from './trace-spans.ts';

const at = 1_736_150_430_000;
const traceparent = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-00';

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

function entriesOf(events: readonly Event[]): TailEntry[] {
  const state = createTraceState('run-1');
  return events.map((event, index) => traceEvent(state, index + 1, event));
}

test('the input is the root, and what it led to hangs below it', () => {
  const entries = entriesOf([
    { type: 'time.ticked', at },
    decided,
    { type: 'order.submitted', at, order: requestOf() },
  ]);
  const spans = spansOf(entries);
  const root = { runId: 'run-1', sequence: 1, traceparent: null };
  assert.deepEqual(
    spans.map(({ traceId, spanId, parentSpanId, name, kind }) => [traceId, spanId, parentSpanId, name, kind]),
    [
      [traceIdOf(root), spanIdOf('run-1', 1), null, 'time.ticked', 'consumer'],
      [traceIdOf(root), spanIdOf('run-1', 2), spanIdOf('run-1', 1), 'signal combined-direction', 'internal'],
      [traceIdOf(root), spanIdOf('run-1', 3), spanIdOf('run-1', 1), 'order.submitted', 'client'],
    ],
  );
  assert.deepEqual(spans[2]?.attributes, {
    'tradewind.run_id': 'run-1',
    'tradewind.sequence': 3,
    'tradewind.order_id': 'o1',
    'tradewind.instrument': 'EURUSD.OANDA',
    'tradewind.side': 'buy',
    'tradewind.quantity': 1_000,
  });
});

test('an order lasts until its last answer, all else is an instant of event time', () => {
  const order: Event = { type: 'order.submitted', at, order: requestOf() };
  const spans = spansOf(entriesOf([{ type: 'time.ticked', at }, order, fillOf(at + 250)]));
  assert.deepEqual(
    spans.map(({ startedAt, endedAt }) => [startedAt - at, endedAt - at]),
    [
      [0, 0],
      [0, 250],
      [250, 250],
    ],
  );
});

test('market data that led to nothing has no span', () => {
  const bar: Event = { type: 'quote.updated', at, instrument: 'EURUSD.OANDA', bidPrice: 1, askPrice: 2 };
  assert.deepEqual(spansOf(entriesOf([bar, { type: 'time.ticked', at }])), []);
  const spans = spansOf(entriesOf([bar, { type: 'time.ticked', at }, decided]));
  assert.deepEqual(
    spans.map(({ name }) => name),
    ['time.ticked', 'signal combined-direction'],
  );
});

test("an operator's span is the parent of the root, and their word on sampling counts", () => {
  const [span] = spansOf(entriesOf([{ type: 'kill.engaged', at, actor: 'ann', reason: '', traceparent }]));
  assert.equal(span?.traceId, '4bf92f3577b34da6a3ce929d0e0e4736');
  assert.equal(span?.parentSpanId, '00f067aa0ba902b7');
  assert.equal(span?.isSampled, false);
  assert.equal(spansOf(entriesOf([{ type: 'kill.engaged', at, actor: 'ann', reason: '' }]))[0]?.isSampled, null);
});

test('failures, refusals and rejections have failed spans', () => {
  const events: Event[] = [
    { ...decided, outcome: 'failed', reason: 'no bars' },
    {
      type: 'order.denied',
      at,
      instrument: 'EURUSD.OANDA',
      code: 'PRICE_COLLAR',
      reason: 'too far',
      signedQuantity: 1,
    },
    { type: 'order.rejected', at, clientOrderId: 'o1', code: 'MARGIN', reason: 'none left' },
    { type: 'kill.engaged', at, actor: 'ann', reason: 'lunch' },
  ];
  assert.deepEqual(
    spansOf(entriesOf(events)).map(({ problem }) => problem),
    ['no bars', 'PRICE_COLLAR: too far', 'MARGIN: none left', null],
  );
});

test('entries that came over a wire give the same spans', () => {
  const entries = entriesOf([
    { type: 'time.ticked', at },
    decided,
    { type: 'order.submitted', at, order: requestOf() },
  ]);
  assert.deepEqual(spansOf(JSON.parse(JSON.stringify(entries)) as TailEntry[]), spansOf(entries));
});
