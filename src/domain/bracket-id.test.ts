import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bracketOrderId, PARENT_ID_MAX } from './bracket-id.ts';

test("a stop's and a target's id is their entry's with one letter", () => {
  assert.equal(bracketOrderId('tw-1', 'stop'), 'tw-1-s');
  assert.equal(bracketOrderId('tw-1', 'limit'), 'tw-1-t');
});

test('the ids of the longest entry with a bracket fit into 36 characters', () => {
  const parent = 'p'.repeat(PARENT_ID_MAX);
  assert.equal(bracketOrderId(parent, 'stop').length, 36);
  assert.equal(bracketOrderId(parent, 'limit').length, 36);
});
