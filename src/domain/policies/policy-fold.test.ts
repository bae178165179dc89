import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Event, EventByType } from '../events.ts';
import { housePolicies } from '../policies.ts';
import { cryptoPolicies } from './crypto-policies.ts';
import { createPolicyFold, foldPolicyEvent, type PolicyFold } from './policy-fold.ts';

const domains = { ...housePolicies, ...cryptoPolicies };

function write(version: number, document: Record<string, unknown>): EventByType['policy.changed'] {
  return {
    type: 'policy.changed',
    ...{ at: version, key: 'universe/crypto', version, schemaVersion: 2, document },
    ...{ actor: 'ann', reason: `version ${version}` },
  };
}

const refused: Event = { type: 'policy.refused', at: 2, key: 'universe/crypto', actor: 'ann', reason: 'no' };

function foldAll(events: readonly Event[]): { fold: PolicyFold; types: string[] } {
  const fold = createPolicyFold();
  const types = events.map((event, index) => foldPolicyEvent(fold, event, index + 1, domains).type);
  return { fold, types };
}

test('accepted changes are in force with who made them', () => {
  const { fold, types } = foldAll([write(1, {}), write(2, { max_symbols: 7 })]);
  assert.deepEqual(types, ['changed', 'changed']);
  const record = fold.policies['universe/crypto'];
  assert.equal(record?.document['max_symbols'], 7);
  assert.deepEqual(record?.commit, { sequence: 2, at: 2, actor: 'ann', reason: 'version 2', traceparent: null });
});

test('a stale change and one beyond a schema leave everything as it was', () => {
  const { fold, types } = foldAll([write(1, {}), write(1, { max_symbols: 7 }), write(2, { max_symbols: 0 })]);
  assert.deepEqual(types, ['changed', 'nothing', 'nothing']);
  assert.equal(fold.policies['universe/crypto']?.document['max_symbols'], 100);
});

test('a refusal takes back the change it follows, and no other', () => {
  const tick: Event = { type: 'time.ticked', at: 2 };
  const { fold, types } = foldAll([write(1, {}), write(2, { max_symbols: 7 }), refused, tick, refused]);
  assert.deepEqual(types, ['changed', 'changed', 'refused', 'nothing', 'refused']);
  assert.equal(fold.policies['universe/crypto']?.version, 1);
  assert.deepEqual(foldAll([write(1, {}), refused]).fold.policies, {});
});

test('it is plain data: a copy folds on as the one it was made of', () => {
  const { fold } = foldAll([write(1, {}), write(2, { max_symbols: 7 })]);
  const copy = JSON.parse(JSON.stringify(fold)) as PolicyFold;
  foldPolicyEvent(fold, refused, 3, domains);
  foldPolicyEvent(copy, refused, 3, domains);
  assert.deepEqual(copy, fold);
});
