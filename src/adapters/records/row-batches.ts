import { assert, present } from '#base/assert.ts';
import type { RecordChange, RecordValue } from '#domain/records/record-change.ts';
import type { RecordTable } from '#domain/records/record-table.ts';
import { type RecordTableName, recordTable, recordTableNames } from '#domain/records/record-tables.ts';
import { storedValue } from './column-value.ts';

/** The rows of one table that are written together: no two with the same key. */
export interface RowBatch {
  readonly table: string;
  /** The run's id first, then the table's own. */
  readonly columns: readonly string[];
  readonly key: readonly string[];
  readonly types: readonly RecordTable['columns'][string][];
  /** Values in the order of the columns. */
  readonly rows: readonly (readonly RecordValue[])[];
}

/** Changes grouped by table, tables in one fixed order. Of several rows with the same key the last one counts. */
export function rowBatches(runId: string, changes: readonly RecordChange[]): RowBatch[] {
  const rowsByTable = new Map<RecordTableName, Map<string, readonly RecordValue[]>>();
  for (const { table, row } of changes) {
    const rows = rowsByTable.get(table) ?? new Map<string, readonly RecordValue[]>();
    rowsByTable.set(table, rows);
    const values = valuesOf(table, row);
    rows.set(keyText(table, row), [runId, ...values]);
  }
  return recordTableNames.flatMap((table) => {
    const rows = rowsByTable.get(table);
    return rows === undefined ? [] : [batchOf(table, [...rows.values()])];
  });
}

function batchOf(name: RecordTableName, rows: readonly (readonly RecordValue[])[]): RowBatch {
  const { columns, key } = recordTable(name);
  return {
    table: name,
    columns: ['run_id', ...Object.keys(columns)],
    key: ['run_id', ...key],
    types: ['text', ...Object.values(columns)],
    rows,
  };
}

/** A column that a row leaves out is empty; one that the table does not have is our own mistake. */
function valuesOf(table: RecordTableName, row: RecordChange['row']): RecordValue[] {
  const { columns } = recordTable(table);
  for (const column of Object.keys(row)) assert(Object.hasOwn(columns, column), `'${table}' has no column '${column}'`);
  return Object.entries(columns).map(([column, type]) => storedValue(type, row[column] ?? null));
}

function keyText(table: RecordTableName, row: RecordChange['row']): string {
  return JSON.stringify(recordTable(table).key.map((column) => present(row[column], `${table}.${column}`)));
}
