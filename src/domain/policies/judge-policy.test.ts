import assert from 'node:assert/strict';
import { test } from 'node:test';
import { housePolicies } from '../policies.ts';
import { cryptoPolicies } from './crypto-policies.ts';
import { judgePolicy, type PolicyLaw, type PolicyWriting } from './judge-policy.ts';

const law: PolicyLaw = { domains: { ...housePolicies, ...cryptoPolicies }, desk: 'fx', kind: 'paper', heldVersion: 1 };

function codeOf(writing: Partial<PolicyWriting>, changes: Partial<PolicyLaw> = {}): string {
  const judgement = judgePolicy(
    { ...law, ...changes },
    { key: 'risk/crypto', version: 2, schemaVersion: 2, document: {}, ...writing },
  );
  return 'problem' in judgement ? judgement.code : 'accepted';
}

test('each reason for a refusal has its code', () => {
  assert.equal(codeOf({}), 'accepted');
  assert.equal(codeOf({ key: 'magic/fx' }), 'unknown-domain');
  assert.equal(codeOf({ key: 'constructor/fx' }), 'unknown-domain');
  assert.equal(codeOf({ key: 'risk' }), 'unknown-domain');
  assert.equal(codeOf({ key: 'risk/crypto/BTCUSDT' }), 'wrong-desk');
  assert.equal(codeOf({ key: 'limits/crypto' }), 'wrong-desk');
  assert.equal(codeOf({ key: 'risk/other' }), 'wrong-desk');
  assert.equal(codeOf({ version: 1 }), 'stale-version');
  assert.equal(codeOf({ version: 3 }), 'stale-version');
  assert.equal(codeOf({ document: { speed: 1 } }), 'invalid');
  assert.equal(codeOf({ schemaVersion: 3 }), 'invalid');
  assert.equal(codeOf({ document: { max_daily_dd: 0.09 } }), 'guard-rail');
});

test('a run of the crypto desk, and one that has not begun, take the same keys', () => {
  assert.equal(codeOf({}, { desk: 'crypto' }), 'accepted');
  assert.equal(codeOf({ key: 'risk/fx' }), 'accepted');
  assert.equal(codeOf({ key: 'risk/other' }, { desk: '' }), 'accepted');
});

test('what is accepted is whole and of the schema of today', () => {
  const judgement = judgePolicy(law, {
    key: 'risk/crypto',
    version: 2,
    schemaVersion: 1,
    document: { active_mode: 'DEFENSIVE' },
  });
  assert.ok('document' in judgement);
  assert.deepEqual(judgement.key, { domain: 'risk', desk: 'crypto', symbol: undefined });
  assert.deepEqual([judgement.document['active_mode'], judgement.document['max_corr']], ['SAFE', 0.7]);
});
