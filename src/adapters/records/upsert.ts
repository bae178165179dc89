import { CompiledQuery } from 'kysely';
import type { RecordValue } from '#domain/records/record-change.ts';
import type { DatabaseAddress } from './database-address.ts';
import type { RowBatch } from './row-batches.ts';

/** Rows in one statement, so that few texts are prepared: as many of the first size as fit, then of the next. */
const sqliteChunks = [64, 8, 1];
/** One parameter a column: the bound is the memory of one statement. */
export const postgresRowsMax = 5_000;

const arrayTypes: Readonly<Record<RowBatch['types'][number], string>> = {
  text: 'text[]',
  integer: 'bigint[]',
  real: 'double precision[]',
  boolean: 'boolean[]',
  json: 'json[]',
};

/** The statements that write a batch: a row of a key that is there is replaced whole. */
export function upsertQueries(type: DatabaseAddress['type'], batch: RowBatch): CompiledQuery[] {
  switch (type) {
    case 'sqlite':
      return sqliteQueries(batch);
    case 'postgres':
      return postgresQueries(batch);
  }
}

/** Many rows of values in one statement: a statement costs more than a row. */
function sqliteQueries(batch: RowBatch): CompiledQuery[] {
  const queries: CompiledQuery[] = [];
  const texts = new Map<number, string>();
  let from = 0;
  for (const size of sqliteChunks) {
    for (; batch.rows.length - from >= size; from += size) {
      const text = texts.get(size) ?? sqliteText(batch, size);
      texts.set(size, text);
      queries.push(
        CompiledQuery.raw(
          text,
          batch.rows
            .slice(from, from + size)
            .flat()
            .map(sqliteValue),
        ),
      );
    }
  }
  return queries;
}

function sqliteText(batch: RowBatch, size: number): string {
  const row = `(${batch.columns.map(() => '?').join(', ')})`;
  return `${insertText(batch)} values ${Array.from({ length: size }, () => row).join(', ')} ${conflictText(batch)}`;
}

function sqliteValue(value: RecordValue): RecordValue {
  return typeof value === 'boolean' ? Number(value) : value;
}

/** Columns travel as arrays: the text stays the same for any number of rows, and there is no limit of parameters to meet. */
function postgresQueries(batch: RowBatch): CompiledQuery[] {
  const arrays = batch.types.map((type, index) => `$${index + 1}::${arrayTypes[type]}`).join(', ');
  const text = `${insertText(batch)} select * from unnest(${arrays}) ${conflictText(batch)}`;
  const queries: CompiledQuery[] = [];
  for (let from = 0; from < batch.rows.length; from += postgresRowsMax) {
    const rows = batch.rows.slice(from, from + postgresRowsMax);
    queries.push(
      CompiledQuery.raw(
        text,
        batch.columns.map((_, index) => rows.map((row) => row[index] ?? null)),
      ),
    );
  }
  return queries;
}

function insertText({ table, columns }: RowBatch): string {
  return `insert into ${table} (${columns.join(', ')})`;
}

function conflictText({ columns, key }: RowBatch): string {
  const kept = columns.filter((column) => !key.includes(column)).map((column) => `${column} = excluded.${column}`);
  return `on conflict (${key.join(', ')}) do update set ${kept.join(', ')}`;
}
