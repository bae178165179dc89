import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openRecordStore } from './record-store.ts';

test('a position of another run is our own mistake', async (t) => {
  const store = await openRecordStore({ url: 'sqlite::memory:', runId: 'r' });
  t.after(() => store.close());
  const to = { runId: 'other', version: 1, sequence: 1, at: 1, state: '{}' };
  await assert.rejects(store.apply('records', [], undefined, to), { name: 'AssertionError' });
});

test('a digest tells rows apart, and tables of no projection are not in it', async (t) => {
  const store = await openRecordStore({ url: 'sqlite::memory:', runId: 'r' });
  t.after(() => store.close());
  const digests = [await store.digest('records')];
  await store.write([{ table: 'health_events', row: { event_id: 'a' } }]);
  assert.equal(await store.digest('records'), digests[0]);
  for (const name of ['a', 'b']) {
    await store.write([{ table: 'alerts', row: { sequence: 1, name } }]);
    digests.push(await store.digest('records'));
  }
  assert.equal(new Set(digests).size, 3);
});

test('every row is read once, in more pages than one', async (t) => {
  const store = await openRecordStore({ url: 'sqlite::memory:', runId: 'r' });
  t.after(() => store.close());
  const rows = Array.from({ length: 2_000 }, (_, sequence) => ({ table: 'alerts', row: { sequence } }) as const);
  await store.write(rows);
  const seen: unknown[] = [];
  for await (const row of store.everyRow('alerts')) seen.push(row['sequence']);
  assert.deepEqual(
    seen,
    rows.map(({ row }) => row.sequence),
  );
});

test('a closed store writes no more', async () => {
  const store = await openRecordStore({ url: 'sqlite::memory:', runId: 'r' });
  await store.close();
  await store.close();
  await assert.rejects(store.count('alerts'), { name: 'RecordError', code: 'failed' });
});
