import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Event } from '#domain/events.ts';
import { foldOf, setUp } from '../../../tests/support/record-fold.ts';

function rowAfter(table: 'decisions' | 'evaluations', event: Event) {
  const [row] = foldOf([...setUp, event]).rows(table);
  const { trace_id, ...rest } = row ?? {};
  assert.match(String(trace_id), /^[0-9a-f]{32}$/);
  return rest;
}

const none = { slot: null, mode: null, instrument: null, signed_quantity: null, expires_at: null, entries: null };

test('a decision of a module tells slot, mode, outcome and what it said of each subject', () => {
  const entries = [{ subject: 'EURUSD.OANDA', code: 'coherence', value: 0.25 }];
  const said = { module: 'manifold-guards', slot: 'gate', mode: 'ACTIVE', outcome: 'changed', reason: 'why' } as const;
  assert.deepEqual(rowAfter('decisions', { type: 'module.decided', at: 2_000, ...said, entries }), {
    ...none,
    ...said,
    kind: 'module',
    sequence: 5,
    at: 2_000,
    entries: '[{"subject":"EURUSD.OANDA","code":"coherence","value":0.25}]',
  });
});

test('a directive tells what holds for what and until when', () => {
  const said = { module: 'freshness', instrument: 'EURUSD.OANDA', reason: 'old' };
  const row = rowAfter('decisions', {
    type: 'directive.issued',
    at: 2_000,
    ...said,
    action: 'holdEntries',
    expiresAt: 9_000,
  });
  const place = { kind: 'directive', sequence: 5, at: 2_000 };
  assert.deepEqual(row, { ...none, ...said, ...place, outcome: 'holdEntries', expires_at: 9_000 });
});

test('an order that the limits denied is a decision with its quantity', () => {
  const said = { instrument: 'EURUSD.OANDA', reason: 'too much' };
  const row = rowAfter('decisions', {
    type: 'order.denied',
    at: 2_000,
    ...said,
    code: 'leverage',
    signedQuantity: -300,
  });
  const place = { kind: 'denial', module: 'limits', sequence: 5, at: 2_000 };
  assert.deepEqual(row, { ...none, ...said, ...place, outcome: 'leverage', signed_quantity: -300 });
});

test('an evaluation has its figures and the floors it was held against', () => {
  const row = rowAfter('evaluations', {
    type: 'evaluation.completed',
    at: 2_000,
    instrument: 'EURUSD.OANDA',
    parameterKey: 'cp70:l12:t2.0:ec60:xc60',
    days: 30,
    summary: { trades: 12, winRate: 0.5, pnlTotal: 3.25, maxDrawdown: 1.5, calmar: 2.1 },
    floors: { minimumTrades: 5, calmarMinimum: 1, pnlMinimum: 0 },
    isEligible: true,
  });
  assert.deepEqual(row, {
    sequence: 5,
    at: 2_000,
    instrument: 'EURUSD.OANDA',
    parameter_key: 'cp70:l12:t2.0:ec60:xc60',
    days: 30,
    trades: 12,
    win_rate: 0.5,
    pnl_total: 3.25,
    maximum_drawdown: 1.5,
    calmar: 2.1,
    floors: '{"minimumTrades":5,"calmarMinimum":1,"pnlMinimum":0}',
    is_eligible: true,
  });
});
