import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { RowBatch } from './row-batches.ts';
import { postgresRowsMax, upsertQueries } from './upsert.ts';

function batchOf(count: number): RowBatch {
  const rows = Array.from({ length: count }, (_, index) => ['r', index, index % 2 === 0]);
  return {
    table: 't',
    columns: ['run_id', 'a', 'b'],
    key: ['run_id', 'a'],
    types: ['text', 'integer', 'boolean'],
    rows,
  };
}

test('a file gets rows of values in statements of three sizes', () => {
  const queries = upsertQueries('sqlite', batchOf(64 + 8 + 8 + 2));
  assert.deepEqual(
    queries.map(({ parameters }) => parameters.length / 3),
    [64, 8, 8, 1, 1],
  );
  const last = queries.at(-1);
  assert.equal(
    last?.sql,
    'insert into t (run_id, a, b) values (?, ?, ?) on conflict (run_id, a) do update set b = excluded.b',
  );
  assert.deepEqual(last?.parameters, ['r', 81, 0]);
  assert.equal(new Set(queries.map(({ sql }) => sql)).size, 3);
});

test('a server gets one array a column, and never more rows at once than the bound', () => {
  const queries = upsertQueries('postgres', batchOf(postgresRowsMax + 2));
  assert.equal(queries.length, 2);
  assert.equal(
    queries[0]?.sql,
    'insert into t (run_id, a, b) select * from unnest($1::text[], $2::bigint[], $3::boolean[]) on conflict (run_id, a) do update set b = excluded.b',
  );
  assert.deepEqual(queries[1]?.parameters, [
    ['r', 'r'],
    [postgresRowsMax, postgresRowsMax + 1],
    [true, false],
  ]);
});
