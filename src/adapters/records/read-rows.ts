import { type Kysely, sql } from 'kysely';
import { assert, present } from '#base/assert.ts';
import type { RecordValue } from '#domain/records/record-change.ts';
import { type RecordTableName, recordTable } from '#domain/records/record-tables.ts';
import { readValue, storedValue } from './column-value.ts';
import type { RecordSchema } from './record-database.ts';

/** A row as it was written, without its run. */
export type ReadRow = Readonly<Record<string, RecordValue>>;

export interface RowsQuery {
  /** Rows in one answer, 1 to 10 000; 100 unless told. */
  readonly limit?: number;
  /** By the table's key, or by the time that dates a row and then the key. By key unless told. */
  readonly sortBy?: 'key' | 'date';
  readonly order?: 'ascending' | 'descending';
  /** The last row of the page before; rows after it in the order asked for. */
  readonly after?: ReadRow;
  /** Columns and the values they have. */
  readonly where?: ReadRow;
}

/** Rows read at once at most. */
export const rowsMax = 10_000;
const limitUnlessTold = 100;

/** A page of one table of one run. Rows without a date come last of all and are not paged by date. */
export async function readRows(
  queries: Kysely<RecordSchema>,
  runId: string,
  table: RecordTableName,
  { limit = limitUnlessTold, sortBy = 'key', order = 'ascending', after, where = {} }: RowsQuery = {},
): Promise<ReadRow[]> {
  assert(limit >= 1 && limit <= rowsMax, `rows are read by 1 to ${rowsMax}, found '${limit}'`);
  const { columns, key, datedBy } = recordTable(table);
  const sorted = sortBy === 'key' ? key : [datedBy, ...key.filter((column) => column !== datedBy)];
  const isDescending = order === 'descending';
  let query = queries.selectFrom(table).select(Object.keys(columns)).where('run_id', '=', runId);
  for (const [column, value] of Object.entries(where)) query = query.where(conditionOn(table, column, value));
  if (sortBy === 'date') query = query.where(datedBy, 'is not', null);
  if (after !== undefined && sorted.length > 0) query = query.where(positionAfter(sorted, after, isDescending));
  for (const column of sorted) query = query.orderBy(column, isDescending ? 'desc' : 'asc');
  const rows = await query.limit(limit).execute();
  return rows.map((row) => asWritten(table, row));
}

export async function countRows(queries: Kysely<RecordSchema>, runId: string, table: RecordTableName): Promise<number> {
  const counted = await queries
    .selectFrom(table)
    .select(({ fn }) => fn.countAll<number>().as('rows'))
    .where('run_id', '=', runId)
    .executeTakeFirstOrThrow();
  return Number(counted.rows);
}

function conditionOn(table: RecordTableName, column: string, value: RecordValue) {
  const type = present(recordTable(table).columns[column], `${table}.${column}`);
  const stored = storedValue(type, value);
  return stored === null ? sql<boolean>`${sql.ref(column)} is null` : sql<boolean>`${sql.ref(column)} = ${stored}`;
}

function positionAfter(sorted: readonly string[], after: ReadRow, isDescending: boolean) {
  const columns = sql.join(sorted.map((column) => sql.ref(column)));
  const values = sql.join(sorted.map((column) => present(after[column], `the '${column}' of the row before`)));
  return sql<boolean>`(${columns}) ${sql.raw(isDescending ? '<' : '>')} (${values})`;
}

function asWritten(table: RecordTableName, row: ReadRow): ReadRow {
  const entries = Object.entries(recordTable(table).columns);
  return Object.fromEntries(entries.map(([column, type]) => [column, readValue(type, row[column] ?? null)]));
}
