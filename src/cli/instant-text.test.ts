import assert from 'node:assert/strict';
import { test } from 'node:test';
import { instantText } from './instant-text.ts';

test('an instant is told to the millisecond', () => {
  assert.equal(instantText(Date.parse('2025-01-06T08:00:30.250Z')), '2025-01-06 08:00:30.250');
  assert.equal(instantText(0), '1970-01-01 00:00:00.000');
});
