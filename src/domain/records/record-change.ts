import type { RecordTableName } from './record-tables.ts';

/** A value of a row: text, a figure, a truth value or nothing. Larger values are JSON text. */
export type RecordValue = string | number | boolean | null;

/** One row written: a new one, or the one with the same key replaced whole. Rows are never deleted but by retention. */
export interface RecordChange {
  readonly table: RecordTableName;
  readonly row: Readonly<Record<string, RecordValue>>;
}
