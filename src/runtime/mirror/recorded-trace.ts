import type { ReadRow } from '#adapters/records/read-rows.ts';
import type { RecordStore } from '#adapters/records/record-store.ts';
import type { Event } from '#domain/events.ts';
import { type RecordTableName, recordTable, recordTableNames } from '#domain/records/record-tables.ts';
import { parseTraceparent } from '#domain/trace.ts';
import type { PolicyDomains } from '#engine/policy-view.ts';
import { type PolicyHistoryEntry, policyHistoryFold } from '../policies/policy-history.ts';

/** What is read of the records of a run. */
export type RecordRows = Pick<RecordStore, 'rows'>;

/** Everything that the records hold of one trace, by table. */
export interface RecordedTrace {
  readonly traceId: string;
  readonly records: Readonly<Partial<Record<RecordTableName, readonly ReadRow[]>>>;
}

/** Tables of the journal's projection whose rows name the trace they were written in. */
const tracedTables = recordTableNames.filter((name) => {
  const { columns, projection } = recordTable(name);
  return projection === 'records' && 'trace_id' in columns;
});
const rowsMax = 1_000;
const changesMax = 10_000;

/** What the records hold of one trace, named by its id, by a traceparent or by a client order id; undefined where they hold nothing. */
export async function recordedTrace(records: RecordRows, id: string): Promise<RecordedTrace | undefined> {
  const traceId = await traceIdFor(records, id.trim());
  if (traceId === undefined) return undefined;
  const tables: Partial<Record<RecordTableName, readonly ReadRow[]>> = {};
  for (const table of tracedTables) {
    const rows = await records.rows(table, { limit: rowsMax, where: { trace_id: traceId } });
    if (rows.length > 0) tables[table] = rows;
  }
  return Object.keys(tables).length === 0 ? undefined : { traceId, records: tables };
}

async function traceIdFor(records: RecordRows, id: string): Promise<string | undefined> {
  if (/^[0-9a-f]{32}$/.test(id)) return id;
  const asked = parseTraceparent(id);
  if (asked !== undefined) return asked.traceId;
  const [order] = await records.rows('orders', { limit: 1, where: { client_order_id: id } });
  const traceId = order?.['trace_id'];
  return typeof traceId === 'string' ? traceId : undefined;
}

/** The newest changes of policies that the records hold, the oldest first, as the journal's own history tells them. */
export async function recordedHistory(
  records: RecordRows,
  domains: PolicyDomains,
  key: string | undefined,
): Promise<readonly PolicyHistoryEntry[]> {
  const where = key === undefined ? {} : { where: { key } };
  const rows = await records.rows('policy_history', { limit: changesMax, order: 'descending', ...where });
  const fold = policyHistoryFold(domains, key);
  for (const row of rows.reverse())
    for (const event of eventsOf(row)) fold.see({ sequence: Number(row['sequence']), event });
  return fold.entries();
}

/** The events that the row was written from. */
function eventsOf(row: ReadRow): Event[] {
  const at = Number(row['at']);
  const [key, actor, reason] = [String(row['key']), String(row['actor']), String(row['reason'])];
  const document = JSON.parse(String(row['document'])) as Record<string, unknown>;
  const [version, schemaVersion] = [Number(row['version']), Number(row['schema_version'])];
  const changed: Event = { type: 'policy.changed', at, key, version, schemaVersion, document, actor, reason };
  if (row['outcome'] !== 'refused') return [changed];
  return [changed, { type: 'policy.refused', at, key, actor, reason: String(row['refusal']) }];
}
