import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { openRecordStore } from '#adapters/records/record-store.ts';
import { temporaryFolder } from '../../tests/support/csv-bars.ts';
import { alertOf } from '../../tests/support/record-places.ts';
import { openRunRecords } from './run-records.ts';

test('the records are those of the run that is traded just now', async (t) => {
  const url = `sqlite:${join(temporaryFolder(t), 'records.sqlite')}`;
  for (const [runId, count] of [
    ['run-a', 1],
    ['run-b', 2],
  ] as const) {
    const store = await openRecordStore({ url, runId });
    for (let sequence = 1; sequence <= count; sequence += 1) await store.write([alertOf(sequence)]);
    await store.close();
  }
  let runId = 'run-a';
  const records = openRunRecords(url, () => runId);
  t.after(() => records.close());
  const alerts = (): Promise<number> => records.use((store) => store.count('alerts'));
  assert.deepEqual(await Promise.all([alerts(), alerts()]), [1, 1]);
  runId = 'run-b';
  assert.equal(await alerts(), 2);
  await records.close();
  assert.equal(await alerts(), 2);
});

test('a database that is away is tried again each time', async () => {
  let isThere = false;
  const records = openRunRecords('postgres://nobody:hush-hush@127.0.0.1:1/records', () => 'run-a');
  await assert.rejects(
    records.use(async () => {
      isThere = true;
    }),
    { name: 'RecordError', code: 'unreachable' },
  );
  await assert.rejects(
    records.use((store) => store.count('alerts')),
    { name: 'RecordError' },
  );
  assert.equal(isThere, false);
  await records.close();
});
