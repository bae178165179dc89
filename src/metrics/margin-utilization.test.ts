import assert from 'node:assert/strict';
import { test } from 'node:test';
import { marginUtilization } from './margin-utilization.ts';

test('thirty of a hundred in use is a utilization of 0.3', () => {
  assert.equal(marginUtilization({ marginUsed: 30, marginAvailable: 70 }), 0.3);
});

test('nothing used of nothing is a utilization of zero, something used of nothing is one', () => {
  assert.equal(marginUtilization({ marginUsed: 0, marginAvailable: 0 }), 0);
  assert.equal(marginUtilization({ marginUsed: 5, marginAvailable: 0 }), 1);
});
