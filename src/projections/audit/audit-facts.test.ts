import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Event, EventByType } from '#domain/events.ts';
import { fillOf, requestOf } from '../../../tests/support/desk-events.ts';
import { auditFactsOf } from './audit-facts.ts';

const at = 1_736_150_430_000;
const euro = 'EURUSD.OANDA';
const state = { priceDecimals: { [euro]: 5 }, moneyDecimals: 6 };

/** The records of an event as `kind | actor | action | target | outcome | reason`. */
function told(event: Event): string[] {
  return auditFactsOf(state, event).map(({ kind, actor, action, target, outcome, reason }) =>
    [kind, actor, action, target, outcome, reason].join(' | '),
  );
}

function decided(changes: Partial<EventByType['module.decided']> = {}): Event {
  const entries = [
    { subject: euro, code: 'pass', value: null },
    { subject: 'USDJPY.OANDA', code: 'spread-wide', value: 2 },
  ];
  return {
    type: 'module.decided',
    at,
    module: 'spread-gate',
    slot: 'gate',
    mode: 'ACTIVE',
    outcome: 'changed',
    reason: '',
    entries,
    ...changes,
  };
}

test('orders are decisions, and a refused one is a block too', () => {
  assert.deepEqual(told({ type: 'order.submitted', at, order: requestOf({ strategy: 'pulse' }) }), [
    `trade.decision | pulse | buy 1000 (entry) | ${euro} | submitted 'o1' | test`,
  ]);
  const denied = `limits | sell 500 | ${euro} | denied: PRICE_COLLAR | too far`;
  assert.deepEqual(
    told({ type: 'order.denied', at, instrument: euro, code: 'PRICE_COLLAR', reason: 'too far', signedQuantity: -500 }),
    [`trade.decision | ${denied}`, `risk.block | ${denied}`],
  );
  assert.deepEqual(told({ type: 'order.cancelRequested', at, clientOrderId: 'o1', reason: 'old' }), [
    "trade.decision | desk | cancel | order 'o1' | requested | old",
  ]);
  assert.deepEqual(told({ type: 'order.rejected', at, clientOrderId: 'o1', code: 'MARGIN', reason: 'none left' }), [
    "trade.decision | venue | reject | order 'o1' | rejected: MARGIN | none left",
  ]);
});

test('fills and round trips are told in prices and money', () => {
  assert.deepEqual(told(fillOf(at, { realizedPnl: -2_500_000 })), [
    `trade.executed | venue | buy 1000 | ${euro} | filled at 1.10000, profit -2.500000 | order 'o1'`,
  ]);
});

test('what an active gate or risk module holds back is a block, and nothing else is', () => {
  assert.deepEqual(told(decided()), [
    'risk.block | spread-gate | block in gate | USDJPY.OANDA | changed | USDJPY.OANDA spread-wide',
  ]);
  assert.deepEqual(told(decided({ mode: 'SHADOW' })), []);
  assert.deepEqual(told(decided({ slot: 'signal' })), []);
  assert.deepEqual(told(decided({ entries: [{ subject: euro, code: 'pass', value: null }] })), []);
  assert.deepEqual(told(decided({ outcome: 'failed', entries: [], reason: 'no bars' })), [
    'risk.block | spread-gate | block in gate | * | failed | no bars',
  ]);
});

test('a block names twenty subjects and counts the rest', () => {
  const entries = Array.from({ length: 23 }, (_, index) => ({ subject: `S${index}`, code: 'closed', value: null }));
  const [fact] = auditFactsOf(state, decided({ entries }));
  assert.match(fact?.target ?? '', /^S0, .*S19 and 3 more$/);
});

test('directives block, operators override, trigger and recover', () => {
  const said = { at, actor: 'ann', reason: 'news' };
  const rows: readonly (readonly [Event, string])[] = [
    [
      { type: 'directive.issued', at, module: 'm', action: 'holdEntries', instrument: null, expiresAt: 5, reason: 'r' },
      'risk.block',
    ],
    [{ type: 'reduction.requested', instrument: euro, quantity: 5, ...said }, 'risk.override'],
    [{ type: 'kill.engaged', ...said }, 'emergency.triggered'],
    [{ type: 'flatten.requested', ...said }, 'emergency.triggered'],
    [{ type: 'account.closedOut', at, reason: 'margin' }, 'emergency.triggered'],
    [{ type: 'kill.released', ...said }, 'emergency.recovered'],
  ];
  for (const [event, kind] of rows) assert.equal(auditFactsOf(state, event)[0]?.kind, kind, event.type);
  assert.deepEqual(told({ type: 'kill.engaged', ...said }), [
    'emergency.triggered | ann | engage kill switch | desk | engaged | news',
  ]);
});

test('policies, configuration and changes of state are told', () => {
  const change = { at, key: 'limits/fx', actor: 'ann', reason: 'wider' };
  assert.deepEqual(told({ type: 'policy.changed', ...change, version: 3, schemaVersion: 1, document: {} }), [
    'policy.changed | ann | change | limits/fx | version 3 | wider',
  ]);
  assert.deepEqual(told({ type: 'policy.refused', ...change }), [
    'policy.changed | ann | change | limits/fx | refused | wider',
  ]);
  const started = { runId: 'run-1', kind: 'paper', desk: 'fx', seed: 1, startBalance: 1, recordsFacts: true } as const;
  assert.deepEqual(told({ type: 'run.started', at, ...started, configHash: 'c', dataHash: 'd', codeVersion: 'v' }), [
    "system.state_change | run | start | fx | run 'run-1' | paper run",
    'config.updated | run | load | configuration | hash c | code v',
  ]);
  for (const event of [
    { type: 'warmup.completed', at, bars: 9 },
    { type: 'feed.stalled', at, instrument: euro, reason: 'r' },
    { type: 'module.overran', at, module: 'm', reason: 'r' },
    { type: 'alert.raised', at, name: 'few', reason: 'r' },
    { type: 'alert.cleared', at, name: 'few' },
    { type: 'venue.reconciled', at, balance: 0, positions: [], openOrderIds: [], differences: ['one'] },
  ] as const) {
    assert.deepEqual(
      auditFactsOf(state, event).map(({ kind }) => kind),
      ['system.state_change'],
      event.type,
    );
  }
});

test('slow work is told with who asked for it and how it ended', () => {
  const named = { at, jobId: 'j1', kind: 'retrain' };
  assert.deepEqual(told({ type: 'job.requested', ...named, input: {}, requestedBy: 'nightly' }), [
    'system.state_change | nightly | job retrain | j1 | requested | ',
  ]);
  assert.deepEqual(told({ type: 'job.failed', ...named, reason: 'no data', attempts: 3 }), [
    'system.state_change | jobs | job retrain | j1 | failed | no data',
  ]);
});

test('market data and figures are not audited', () => {
  assert.deepEqual(told({ type: 'time.ticked', at }), []);
  assert.deepEqual(told({ type: 'quote.updated', at, instrument: euro, bidPrice: 1, askPrice: 2 }), []);
});
