import assert from 'node:assert/strict';
import { test } from 'node:test';
import { NetworkError } from './network-error.ts';

test('a network error says whether the request may have arrived', () => {
  const error = new NetworkError('no answer in 10000 ms', true);
  assert.ok(error instanceof Error);
  assert.deepEqual([error.name, error.message, error.mayHaveArrived], ['NetworkError', 'no answer in 10000 ms', true]);
  assert.equal(new NetworkError('refused', false).mayHaveArrived, false);
});
