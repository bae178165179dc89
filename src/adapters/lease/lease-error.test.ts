import assert from 'node:assert/strict';
import { test } from 'node:test';
import { LeaseStoreError, leaseFailure } from './lease-error.ts';

test('a failure says what was asked and what went wrong', () => {
  const failure = leaseFailure("renewing 'paper'", new Error('the connection is closed'));
  assert.ok(failure instanceof LeaseStoreError);
  assert.equal(failure.message, "renewing 'paper': the connection is closed");
  assert.equal(leaseFailure('x', 'y').message, 'x: y');
});
