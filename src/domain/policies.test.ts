import assert from 'node:assert/strict';
import { test } from 'node:test';
import { z } from 'zod';
import { housePolicies, type PolicyDomain, parsePolicy, parsePolicyKey } from './policies.ts';

const renamed: PolicyDomain = {
  schema: z.strictObject({ topK: z.int() }),
  version: 2,
  upgrades: [(document) => ({ topK: document['count'] })],
};

test('an older document is lifted through the chain', () => {
  assert.deepEqual(parsePolicy(renamed, { count: 3 }, 1, false), { document: { topK: 3 } });
  assert.deepEqual(parsePolicy(renamed, { topK: 4 }, 2, false), { document: { topK: 4 } });
});

test('a document of a later version is refused', () => {
  assert.deepEqual(parsePolicy(renamed, { topK: 4 }, 3, false), { problem: 'schema version 3 is not 1 to 2' });
});

test('a wrong field is named', () => {
  const result = parsePolicy(housePolicies.limits, { maximumPositions: -1 }, 1, true);
  assert.ok('problem' in result && result.problem.startsWith("'maximumPositions'"));
});

test('an unknown field is refused, never ignored', () => {
  assert.ok('problem' in parsePolicy(housePolicies.strategy, { minimumCoherense: 0.5 }, 1, true));
});

test('a document of one instrument holds only what differs', () => {
  assert.deepEqual(parsePolicy(housePolicies.strategy, { directionLookback: 24 }, 1, true), {
    document: { directionLookback: 24 },
  });
  assert.ok('problem' in parsePolicy(housePolicies.strategy, { directionLookback: 24 }, 1, false));
});

test('keys name domain, desk and sometimes an instrument', () => {
  assert.deepEqual(parsePolicyKey('strategy/fx/USD_CHF'), { domain: 'strategy', desk: 'fx', symbol: 'USD_CHF' });
  assert.deepEqual(parsePolicyKey('allocator-lite/fx'), { domain: 'allocator-lite', desk: 'fx', symbol: undefined });
  assert.equal(parsePolicyKey('strategy'), undefined);
});

test('a document of one instrument takes over no default of the schema', () => {
  const withDefaults: PolicyDomain = {
    schema: z.strictObject({ low: z.number().default(1), high: z.number().default(2) }),
    version: 1,
    upgrades: [],
  };
  assert.deepEqual(parsePolicy(withDefaults, { high: 5 }, 1, true), { document: { high: 5 } });
  assert.deepEqual(parsePolicy(withDefaults, { high: 5 }, 1, false), { document: { low: 1, high: 5 } });
});
