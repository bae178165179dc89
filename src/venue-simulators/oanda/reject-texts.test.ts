import assert from 'node:assert/strict';
import { test } from 'node:test';
import { rejectText, rejectTexts } from './reject-texts.ts';

test('the reason that was recorded has the words that were recorded', () => {
  // jiji2#507
  const words = 'The price specified contains more precision than is allowed for the instrument';
  assert.equal(rejectText('PRICE_PRECISION_EXCEEDED'), words);
  assert.ok('UNITS_MIMIMUM_NOT_MET' in rejectTexts);
});

test('a reason that a script makes up has words too', () => {
  assert.equal(rejectText('SOMETHING_LATER'), 'The request was refused: SOMETHING_LATER');
});
