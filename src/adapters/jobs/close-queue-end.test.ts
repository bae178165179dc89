import assert from 'node:assert/strict';
import { test } from 'node:test';
import { closeQueueEnd } from './close-queue-end.ts';

test('an end is closed, and one that cannot close is left', async () => {
  const done: string[] = [];
  await closeQueueEnd({ close: async () => void done.push('closed') }, 60_000);
  assert.deepEqual(done, ['closed']);
  await closeQueueEnd({ close: () => Promise.reject(new Error('gone')) }, 60_000);
});

test('an end whose store says nothing is waited for so long', async () => {
  await closeQueueEnd({ close: () => new Promise(() => undefined) }, 1);
});
