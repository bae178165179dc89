import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createDeskFixture } from '../../../tests/support/desk-fixture.ts';
import { foldKeys, tailOf } from '../../../tests/support/key-fold.ts';
import { costPolicy, deskDocument, deskPolicy, policyNumber } from './kept-policies.ts';
import { createKeysState } from './keys-state.ts';

const { state } = foldKeys(tailOf(createDeskFixture([]).setUpEvents));

test('the documents of the desk are found by their domain', () => {
  assert.equal(deskPolicy(state)?.moneyDecimals, 6);
  assert.equal(costPolicy(state)?.latencyMs, 250);
  assert.equal(deskDocument(state, 'strategy')?.['directionLookback'], 12);
  assert.equal(deskDocument(state, 'momentum'), undefined);
});

test('a document read once is not read again', () => {
  assert.equal(deskPolicy(state), deskPolicy(state));
});

test('a field that is no number gives way to what stands in', () => {
  assert.equal(policyNumber(state, ['strategy', 'signatureLookbackMinutes'], 7), 60);
  assert.equal(policyNumber(state, ['strategy', 'guardProfile'], 7), 7);
  assert.equal(policyNumber(createKeysState(), ['strategy', 'signatureLookbackMinutes'], 7), 7);
  assert.equal(deskPolicy(createKeysState()), undefined);
});
