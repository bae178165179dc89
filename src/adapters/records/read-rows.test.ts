import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openRecordStore } from './record-store.ts';

test('rows without a date are read by key and are not among those by date', async (t) => {
  const store = await openRecordStore({ url: 'sqlite::memory:', runId: 'r' });
  t.after(() => store.close());
  await store.write(
    [1, 2].map((sequence) => ({ table: 'alerts', row: { sequence, raised_at: sequence === 1 ? 5 : null } })),
  );
  const sequences = async (sortBy: 'key' | 'date'): Promise<unknown[]> =>
    (await store.rows('alerts', { sortBy })).map((row) => row['sequence']);
  assert.deepEqual(await sequences('key'), [1, 2]);
  assert.deepEqual(await sequences('date'), [1]);
});

test('truth values are asked for as they are read', async (t) => {
  const store = await openRecordStore({ url: 'sqlite::memory:', runId: 'r' });
  t.after(() => store.close());
  await store.write([
    { table: 'kill_switch', row: { sequence: 1, is_engaged: true } },
    { table: 'kill_switch', row: { sequence: 2, is_engaged: false } },
  ]);
  const [row, ...others] = await store.rows('kill_switch', { where: { is_engaged: true } });
  assert.equal(row?.['sequence'], 1);
  assert.equal(row?.['is_engaged'], true);
  assert.deepEqual(others, []);
});

test('a column that the table does not have, or a page after a row without its key, is our own mistake', async (t) => {
  const store = await openRecordStore({ url: 'sqlite::memory:', runId: 'r' });
  t.after(() => store.close());
  await assert.rejects(store.rows('alerts', { where: { side: 'buy' } }), { name: 'AssertionError' });
  await assert.rejects(store.rows('alerts', { after: {} }), { name: 'AssertionError' });
});
