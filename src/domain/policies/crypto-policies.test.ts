import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parsePolicy } from '../policies.ts';
import { cryptoPolicies, cryptoPolicyNames, cryptoSchemaVersion } from './crypto-policies.ts';

test('all four domains are of the second schema, hold for the whole desk and are kept for the crypto desk', () => {
  assert.equal(cryptoSchemaVersion, 2);
  for (const name of cryptoPolicyNames) {
    const { version, upgrades, isDeskWide, keptForDesk } = cryptoPolicies[name];
    assert.deepEqual([version, upgrades.length, isDeskWide, keptForDesk], [2, 1, true, 'crypto']);
  }
});

test('an empty document of either schema is whole, and one of the third is refused', () => {
  for (const name of cryptoPolicyNames) {
    const domain = cryptoPolicies[name];
    assert.deepEqual(parsePolicy(domain, {}, 1, false), parsePolicy(domain, {}, 2, false));
    assert.ok('document' in parsePolicy(domain, {}, 1, false));
    assert.deepEqual(parsePolicy(domain, {}, 3, false), { problem: 'schema version 3 is not 1 to 2' });
  }
});
