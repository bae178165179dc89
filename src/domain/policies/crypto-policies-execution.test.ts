import assert from 'node:assert/strict';
import { test } from 'node:test';
import { executionPolicySchema } from './crypto-policies-execution.ts';

test('a document that says nothing has the figures of the table', () => {
  assert.deepEqual(executionPolicySchema.parse({}), {
    ...{ default_leverage: 30, max_leverage: 30, default_tp: 0.06, default_sl: 0.025, trail: 0.02, partial_tp: 0.5 },
    ...{ max_slippage_bps: 15, max_spread_bps: 25, scan_interval_s: 30, cooldown_s: 300 },
    ...{ max_signals_per_cycle: 10, signal_queue_max: 20, paper: true },
  });
});

test('a default leverage above the ceiling, and an entry without a stop, are refused', () => {
  assert.equal(executionPolicySchema.safeParse({ max_leverage: 10 }).success, false);
  assert.equal(executionPolicySchema.safeParse({ max_leverage: 10, default_leverage: 10 }).success, true);
  assert.equal(executionPolicySchema.safeParse({ default_sl: 0 }).success, false);
});
