import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ProjectionPosition } from '#domain/projection-position.ts';
import { MemorySink } from '../../../tests/support/memory-sink.ts';
import { lazySink } from './lazy-sink.ts';

const position: ProjectionPosition = { runId: 'run-1', version: 1, sequence: 3, at: 5, state: '{}' };

test('a store that is away is asked for again, and opened once it is there', async () => {
  let opens = 0;
  const store = new MemorySink<string>();
  const sink = lazySink(async () => {
    opens += 1;
    if (opens < 3) throw new Error('the store is away');
    return store;
  });
  await assert.rejects(sink.position('ticks'), /away/);
  await assert.rejects(sink.apply('ticks', [], undefined, position), /away/);
  await sink.apply('ticks', ['a', 'b'], undefined, position);
  assert.deepEqual(await sink.position('ticks'), position);
  await sink.wipe('ticks');
  assert.deepEqual(store.changes, []);
  assert.equal(opens, 3);
  await sink.close();
});

test('a sink that was never needed closes without being opened', async () => {
  const sink = lazySink(() => Promise.reject(new Error('never')));
  await sink.close();
});
