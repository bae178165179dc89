import { journalRecordTables } from './journal-record-tables.ts';
import { plannedRecordTables } from './planned-record-tables.ts';
import type { RecordChange } from './record-change.ts';
import type { RecordTable } from './record-table.ts';
import { workRecordTables } from './work-record-tables.ts';

const recordTables = { ...journalRecordTables, ...workRecordTables };

type RecordTables = typeof recordTables;

/** Name of a table that is there. */
export type RecordTableName = keyof RecordTables;

interface ValueByType {
  text: string;
  integer: number;
  real: number;
  boolean: boolean;
  json: string;
}

/** A whole row of a table; a value that is not known is null. */
export type RecordRow<T extends RecordTableName> = {
  readonly [C in keyof RecordTables[T]['columns']]: RecordTables[T]['columns'][C] extends keyof ValueByType
    ? ValueByType[RecordTables[T]['columns'][C]] | null
    : never;
};

/** The tables that are there, as data. */
export const recordTableNames: readonly RecordTableName[] = Object.keys(recordTables) as RecordTableName[];

export function recordTable(name: RecordTableName): RecordTable {
  return recordTables[name];
}

/** A change that writes a whole row, checked by its types against the table. */
export function recordOf<T extends RecordTableName>(table: T, row: RecordRow<T>): RecordChange {
  return { table, row };
}

/** Every table of the plan, there or not yet. */
export const allRecordTables: Readonly<Record<string, RecordTable>> = { ...recordTables, ...plannedRecordTables };
