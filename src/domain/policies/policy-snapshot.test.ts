import assert from 'node:assert/strict';
import { test } from 'node:test';
import { traceIdOf } from '../trace.ts';
import { cryptoPolicies } from './crypto-policies.ts';
import type { PolicyRecord } from './policy-record.ts';
import { policySnapshot, safePolicySnapshot } from './policy-snapshot.ts';

function record(version: number, sequence: number, document: Record<string, unknown>): PolicyRecord {
  const commit = { sequence, at: 10 * sequence, actor: 'ann', reason: `at ${sequence}`, traceparent: null };
  return { version, document, commit };
}

test('its version counts the changes of all documents and its newest change names it', () => {
  const snapshot = policySnapshot({ 'b/fx': record(3, 9, { x: 1 }), 'a/fx': record(2, 4, {}) }, 'run');
  assert.deepEqual(snapshot.meta, {
    ...{ version: 5, schema_version: 2, updated_by: 'ann', updated_at: 90, reason: 'at 9' },
    ...{ trace_id: traceIdOf({ runId: 'run', sequence: 9, traceparent: null }), previous_version: 4 },
  });
  assert.deepEqual(Object.keys(snapshot), ['meta', 'documents']);
  assert.deepEqual(snapshot.documents['b/fx'], { version: 3, document: { x: 1 } });
});

test('without a change it has no author, and before the first no version before it', () => {
  assert.deepEqual(policySnapshot({}, '').meta, {
    ...{ version: 0, schema_version: 2, updated_by: null, updated_at: null, reason: null },
    ...{ trace_id: null, previous_version: null },
  });
  assert.equal(policySnapshot({ 'a/fx': { version: 1, document: {} } }, '').meta.previous_version, null);
});

test('sections of the crypto desk show what the mode in force allows', () => {
  const document = cryptoPolicies.risk.schema.parse({ active_mode: 'SAFE' });
  const { risk_policy: risk, ai_policy: ai } = policySnapshot({ 'risk/crypto': record(1, 1, document) }, 'run');
  assert.equal(ai, undefined);
  assert.deepEqual(
    [risk?.['active_mode'], risk?.['max_positions'], risk?.['max_risk_per_trade'], risk?.['max_daily_dd']],
    ['SAFE', 5, 0.0075, 0.05],
  );
});

test('what stands in for a lost snapshot is SAFE and says why', () => {
  const { meta, risk_policy: risk, ...rest } = safePolicySnapshot('it is lost');
  assert.deepEqual([meta.version, meta.updated_by, meta.reason], [0, 'defaults', 'it is lost']);
  assert.equal(risk?.['active_mode'], 'SAFE');
  assert.deepEqual(Object.keys(rest.documents), ['risk/crypto', 'ai/crypto', 'execution/crypto', 'universe/crypto']);
  assert.deepEqual(rest.execution_policy, cryptoPolicies.execution.schema.parse({}));
});
