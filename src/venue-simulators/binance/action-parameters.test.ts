import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ActionError, isActionName, readAction } from './action-parameters.ts';

test('parameters that are left out have their usual values', () => {
  assert.deepEqual(readAction('rejectNextTrigger', {}), { count: 1, reason: 'Margin is insufficient.' });
});

test('a parameter that does not fit is named', () => {
  assert.throws(() => readAction('banAddress', { ms: -1 }), /'banAddress' does not fit: 'ms'/);
  assert.throws(() => readAction('hedgeMode', { of: true }), ActionError);
});

test('names are those of the table alone', () => {
  assert.equal(isActionName('liquidate'), true);
  assert.equal(isActionName('toString'), false);
});
