import assert from 'node:assert/strict';
import { test } from 'node:test';
import { modes, slotNames } from './pipeline.ts';

test('there are eleven slots, in the order in which the flow passes them', () => {
  assert.deepEqual(slotNames, [
    'universe',
    'forecast',
    'signal',
    'gate',
    'plan',
    'allocation',
    'risk',
    'execution',
    'position',
    'protection',
    'supervision',
  ]);
});

test('the modes are a ladder from nothing to applied', () => {
  assert.deepEqual(modes, ['DISABLED', 'OBSERVATION', 'SHADOW', 'ACTIVE']);
});
