import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Event, EventByType } from '#domain/events.ts';
import { spanIdOf, traceIdOf } from '#domain/trace.ts';
import { fillOf, requestOf } from '../../tests/support/desk-events.ts';
import { createDeskLogState, type DeskLogLine, deskLogOf } from './desk-log.ts';

const at = 1_736_150_430_000;
const euro = 'EURUSD.OANDA';
const yen = 'USDJPY.OANDA';
const root = { runId: 'run-1', sequence: 7, traceparent: null };

function linesOf(...events: readonly Event[]): DeskLogLine[] {
  const state = createDeskLogState();
  return events.flatMap((event, index) => deskLogOf(state, { sequence: 7 + index, event, root }));
}

function namesOf(...events: readonly Event[]): string[] {
  return linesOf(...events).map(({ event }) => event);
}

function decided(changes: Partial<EventByType['module.decided']>): Event {
  return {
    type: 'module.decided',
    at,
    module: 'spread-gate',
    slot: 'gate',
    mode: 'ACTIVE',
    outcome: 'changed',
    reason: '',
    entries: [
      { subject: euro, code: 'pass', value: null },
      { subject: yen, code: 'spread-wide', value: 2.5 },
    ],
    ...changes,
  };
}

test('a signal is generated where a module says a direction', () => {
  const entries = ['long', 'pulse-short', 'flat', 'no-data'].map((code) => ({ subject: euro, code, value: null }));
  assert.deepEqual(namesOf(decided({ slot: 'signal', entries })), ['signal.generated', 'signal.generated']);
});

test('a signal is rejected by the gate that blocks it, and approved when its order goes out', () => {
  assert.deepEqual(namesOf({ type: 'order.submitted', at, order: requestOf() }), [
    'signal.approved',
    'order.submitted',
  ]);
  assert.deepEqual(namesOf({ type: 'order.submitted', at, order: requestOf({ purpose: 'exit' }) }), [
    'order.submitted',
  ]);
  const [rejected] = linesOf(decided({}));
  assert.deepEqual(rejected, {
    level: 'info',
    event: 'signal.rejected',
    message: `${yen} spread-wide`,
    module: 'spread-gate',
    metadata: {
      sequence: 7,
      at,
      slot: 'gate',
      mode: 'ACTIVE',
      outcome: 'changed',
      reason: '',
      subject: yen,
      code: 'spread-wide',
      value: 2.5,
    },
    traceId: traceIdOf(root),
    spanId: spanIdOf('run-1', 7),
  });
});

test('what a module in the shadow says changes no trade and is not told', () => {
  assert.deepEqual(namesOf(decided({ mode: 'SHADOW' }), decided({ slot: 'risk' })), []);
});

test('a module that failed is an error, one that was refused a warning', () => {
  const [failed, refused] = linesOf(decided({ outcome: 'failed', reason: 'no bars' }), decided({ outcome: 'refused' }));
  assert.deepEqual(
    [failed?.level, failed?.event, failed?.message],
    ['error', 'module.failed', "'spread-gate' failed: no bars"],
  );
  assert.deepEqual([refused?.level, refused?.event], ['warn', 'module.refused']);
});

test('fills open and close positions, and a turn does both', () => {
  const buy = (quantity: number): Event => fillOf(at, { quantity });
  const sell = (quantity: number): Event => fillOf(at, { quantity, side: 'sell' });
  assert.deepEqual(namesOf(buy(600), buy(400), sell(500), sell(500)), [
    ...['order.filled', 'position.opened', 'order.filled', 'order.filled', 'order.filled', 'position.closed'],
  ]);
  const turned = linesOf(buy(1_000), sell(1_500)).slice(2);
  assert.deepEqual(
    turned.map(({ event, metadata }) => [event, metadata['signedQuantity']]),
    [
      ['order.filled', undefined],
      ['position.closed', 1_000],
      ['position.opened', -500],
    ],
  );
});

test("the venue's books replace what the fills made, and differences are a warning", () => {
  const report = (signedQuantity: number, differences: string[]): Event => ({
    type: 'venue.reconciled',
    at,
    balance: 0,
    positions: signedQuantity === 0 ? [] : [{ instrument: euro, signedQuantity, cost: 1 }],
    openOrderIds: [],
    differences,
  });
  const lines = linesOf(report(1_000, ['one']), fillOf(at, { side: 'sell' }), fillOf(at), report(0, []), fillOf(at));
  assert.deepEqual(
    lines.map(({ level, event }) => `${level} ${event}`),
    [
      ...['warn venue.reconciled', 'info order.filled', 'info position.closed', 'info order.filled'],
      ...['info position.opened', 'info venue.reconciled', 'info order.filled', 'info position.opened'],
    ],
  );
});

test('an order that was sent and a stop that was moved are told', () => {
  const moved: Event = {
    type: 'order.amended',
    at,
    clientOrderId: 'o1',
    quantity: 5,
    stopPrice: 109_000,
    limitPrice: null,
  };
  const exit = requestOf({ purpose: 'exit' });
  const lines = linesOf({ type: 'order.submitted', at, order: exit }, moved, { ...moved, stopPrice: null });
  assert.deepEqual(
    lines.map(({ event, module }) => [event, module]),
    [
      ['order.submitted', 'test'],
      ['stop.adjusted', 'venue'],
      ['order.amended', 'venue'],
    ],
  );
  assert.equal(lines[0]?.message, `buy 1000 ${euro}, exit`);
});

test('trouble is told with its reason and its level', () => {
  const lines = linesOf(
    { type: 'order.rejected', at, clientOrderId: 'o1', code: 'MARGIN', reason: 'none left' },
    { type: 'account.closedOut', at, reason: 'margin' },
    { type: 'kill.engaged', at, actor: 'ann', reason: 'lunch' },
    { type: 'alert.raised', at, name: 'few', reason: 'two left' },
    { type: 'job.failed', at, jobId: 'j1', kind: 'retrain', reason: 'no data', attempts: 3 },
  );
  assert.deepEqual(
    lines.map(({ level, event, message, module }) => [level, event, message, module]),
    [
      ['error', 'order.rejected', 'none left', 'venue'],
      ['error', 'account.closedOut', 'margin', 'desk'],
      ['warn', 'kill.engaged', 'lunch', 'ann'],
      ['warn', 'alert.raised', 'two left', 'desk'],
      ['warn', 'job.failed', 'no data', 'jobs'],
    ],
  );
});

test('the name of a policy is told under a word that the log does not blot out, without its document', () => {
  const change = { version: 2, schemaVersion: 1, document: { a: 1 }, actor: 'ann', reason: 'wider' };
  const [line] = linesOf({ type: 'policy.changed', at, key: 'limits/fx', ...change });
  assert.deepEqual(line?.metadata, {
    sequence: 7,
    at,
    policy: 'limits/fx',
    version: 2,
    schemaVersion: 1,
    actor: 'ann',
    reason: 'wider',
  });
});

test('market data and figures leave no line', () => {
  assert.deepEqual(
    namesOf(
      { type: 'time.ticked', at },
      { type: 'quote.updated', at, instrument: euro, bidPrice: 1, askPrice: 2 },
      { type: 'financing.charged', at, instrument: euro, amount: 1, days: 1, balance: 1 },
    ),
    [],
  );
});
