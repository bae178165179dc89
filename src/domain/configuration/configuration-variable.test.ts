import assert from 'node:assert/strict';
import { test } from 'node:test';
import { configurationVariable } from './configuration-variable.ts';

test('a row without a word about its kind is a policy read by the module of its first field', () => {
  const row = configurationVariable({
    name: 'X',
    type: 'integer',
    feeds: ['spread-gate.maximumSpreadBps', 'freshness.signalAgeSeconds'],
    meaning: 'X.',
  });
  assert.deepEqual(row, {
    name: 'X',
    type: 'integer',
    meaning: 'X.',
    aliases: [],
    kind: 'policy',
    default: '',
    origin: 'specification',
    targets: [
      { domain: 'spread-gate', field: 'maximumSpreadBps' },
      { domain: 'freshness', field: 'signalAgeSeconds' },
    ],
    readAt: 'modules/spread-gate',
  });
});

test('a planned row is read nowhere yet', () => {
  assert.equal(configurationVariable({ name: 'X', kind: 'planned', type: 'text', meaning: 'X.' }).readAt, 'planned');
});

test('a policy without a field, or a field without a policy, is our mistake', () => {
  assert.throws(() => configurationVariable({ name: 'X', type: 'text', meaning: 'X.' }), /'X' feeds a policy/);
  const row = { name: 'X', kind: 'process', type: 'text', feeds: ['a.b'], readAt: 'cli', meaning: 'X.' } as const;
  assert.throws(() => configurationVariable(row), /'X' feeds a policy/);
});

test('a field of the house says where it is read', () => {
  const row = { name: 'X', type: 'flag', feeds: ['strategy.bracketEnabled'], meaning: 'X.' } as const;
  assert.throws(() => configurationVariable(row), /'X' says where it is read/);
  assert.throws(() => configurationVariable({ ...row, feeds: ['bracketEnabled'] }), /'domain.field'/);
});
