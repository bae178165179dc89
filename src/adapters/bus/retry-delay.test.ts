import assert from 'node:assert/strict';
import { test } from 'node:test';
import { handlerBackoff, retryDelay, storeBackoff } from './retry-delay.ts';

test('a handler waits 1, 2 and 4 seconds, a fifth more or less by chance', () => {
  assert.deepEqual(
    [0, 1, 2].map((failures) => retryDelay(handlerBackoff, failures, 0.5)),
    [1_000, 2_000, 4_000],
  );
  assert.deepEqual(
    [0, 1, 2].map((failures) => retryDelay(handlerBackoff, failures, 0)),
    [800, 1_600, 3_200],
  );
  assert.ok(retryDelay(handlerBackoff, 0, 0.999) < 1_200);
});

test('waits have an end', () => {
  assert.equal(retryDelay(storeBackoff, 1_000_000, 0.5), storeBackoff.maxMs);
});
