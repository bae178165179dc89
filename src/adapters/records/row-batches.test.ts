import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { RecordChange } from '#domain/records/record-change.ts';
import { rowBatches } from './row-batches.ts';

function alertOf(sequence: number, name: string): RecordChange {
  return { table: 'alerts', row: { sequence, name } };
}

test('changes are grouped by table in one order, and the run stands first in every row', () => {
  const run: RecordChange = { table: 'runs', row: { kind: 'paper' } };
  const batches = rowBatches('r', [alertOf(2, 'b'), run, alertOf(1, 'a')]);
  assert.deepEqual(
    batches.map(({ table }) => table),
    ['runs', 'alerts'],
  );
  assert.deepEqual(
    batches.map(({ key }) => key),
    [['run_id'], ['run_id', 'sequence']],
  );
  assert.deepEqual(batches[1]?.rows, [
    ['r', 2, 'b', null, null, null, null],
    ['r', 1, 'a', null, null, null, null],
  ]);
  assert.deepEqual(batches[1]?.types, ['text', 'integer', 'text', 'text', 'integer', 'integer', 'text']);
});

test('of rows with the same key the last one counts, and keys of several columns are not mixed up', () => {
  const fill = (instrument: string, fill_id: string): RecordChange => ({
    table: 'fills',
    row: { instrument, fill_id },
  });
  assert.deepEqual(
    rowBatches('r', [alertOf(1, 'a'), alertOf(1, 'b')])[0]?.rows.map((row) => row[2]),
    ['b'],
  );
  assert.equal(rowBatches('r', [fill('a', 'b,c'), fill('a,b', 'c'), fill('a', 'b,c')])[0]?.rows.length, 2);
});

test('a row without its key or with a column of another table is our own mistake', () => {
  assert.throws(() => rowBatches('r', [{ table: 'alerts', row: { name: 'a' } }]), /'alerts.sequence' is absent/);
  assert.throws(
    () => rowBatches('r', [{ table: 'alerts', row: { sequence: 1, side: 'buy' } }]),
    /'alerts' has no column 'side'/,
  );
});

test('no changes are no batches', () => {
  assert.deepEqual(rowBatches('r', []), []);
});
