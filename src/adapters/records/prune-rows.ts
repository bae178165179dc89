import { type Kysely, sql } from 'kysely';
import { type RecordTableName, recordTable } from '#domain/records/record-tables.ts';
import type { RecordSchema } from './record-database.ts';

/** Rows deleted in one transaction at most, so that nobody waits long for it. */
export const pruneRowsMax = 5_000;

/** Days each table's rows are kept; null keeps them for good. What is not named keeps to the table's own. */
export type Retention = Readonly<Partial<Record<RecordTableName, number | null>>>;

const dayMs = 86_400_000;

/** The time before which rows of a table are too old; undefined where none ever is. */
export function oldestKeptAt(table: RecordTableName, retention: Retention, nowAt: number): number | undefined {
  const own = retention[table];
  const days = own === undefined ? recordTable(table).retentionDays : own;
  return days === null ? undefined : nowAt - days * dayMs;
}

/** Deletes some of the rows that are too old, and tells how many; less than the bound means that none is left. */
export async function pruneSome(
  queries: Kysely<RecordSchema>,
  runId: string,
  table: RecordTableName,
  beforeAt: number,
): Promise<number> {
  const { key, datedBy } = recordTable(table);
  const columns = sql.join(['run_id', ...key].map((column) => sql.ref(column)));
  const deleted = await sql`delete from ${sql.table(table)} where (${columns}) in (
    select ${columns} from ${sql.table(table)}
    where run_id = ${runId} and ${sql.ref(datedBy)} < ${beforeAt} limit ${pruneRowsMax})`.execute(queries);
  return Number(deleted.numAffectedRows ?? 0n);
}
