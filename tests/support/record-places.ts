import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, type TestContext } from 'node:test';
import { CompiledQuery } from 'kysely';
import { parseDatabaseAddress } from '#adapters/records/database-address.ts';
import type { ReadRow } from '#adapters/records/read-rows.ts';
import { connectRecords, type RecordDatabase } from '#adapters/records/record-database.ts';
import { openRecordStore, type RecordStore } from '#adapters/records/record-store.ts';
import type { ProjectionPosition } from '#domain/projection-position.ts';
import type { RecordChange, RecordValue } from '#domain/records/record-change.ts';
import { type RecordRow, type RecordTableName, recordTable } from '#domain/records/record-tables.ts';
import { type DatabaseProcess, missingDatabase, startDatabase } from './postgres-process.ts';

/** A kind of database, and how a test gets an empty one of its own. */
export interface Place {
  readonly name: string;
  readonly skip: string | false;
  empty(t: TestContext): Promise<string>;
}

/** The server of this test file. */
let server: DatabaseProcess | undefined;
let databases = 0;

before(async () => {
  if (missingDatabase === false) server = await startDatabase();
});
after(async () => server?.stop());

export const places: readonly Place[] = [
  {
    name: 'SQLite',
    skip: false,
    empty: async (t) => {
      const folder = mkdtempSync(join(tmpdir(), 'record-store-'));
      t.after(() => rmSync(folder, { recursive: true, force: true }));
      return `sqlite:${join(folder, 'records.sqlite')}`;
    },
  },
  { name: 'PostgreSQL', skip: missingDatabase, empty: async () => emptyDatabase() },
];

/** The address of the server itself, while it runs. */
export function serverUrl(): string {
  assert.ok(server !== undefined);
  return server.url;
}

/** An empty database of the server. */
export async function emptyDatabase(): Promise<string> {
  databases += 1;
  const name = `records_${databases}`;
  const database = connectRecords(parseDatabaseAddress(serverUrl()));
  await sql(database, `create database ${name}`);
  await database.queries.destroy();
  return serverUrl().replace(/postgres$/, name);
}

export async function sql(database: RecordDatabase, text: string): Promise<Record<string, unknown>[]> {
  const { rows } = await database.queries.executeQuery<Record<string, unknown>>(CompiledQuery.raw(text));
  return rows.map((row) => ({ ...row }));
}

/** The database beside the store, as somebody else would open it. */
export function beside(t: TestContext, url: string): RecordDatabase {
  const database = connectRecords(parseDatabaseAddress(url));
  t.after(() => database.queries.destroy());
  return database;
}

export async function openFor(t: TestContext, url: string, runId = 'run-a'): Promise<RecordStore> {
  const store = await openRecordStore({ url, runId });
  t.after(() => store.close());
  return store;
}

export function positionAt(sequence: number, changes: Partial<ProjectionPosition> = {}): ProjectionPosition {
  return { runId: 'run-a', version: 1, sequence, at: 1_700_000_000_000 + sequence, state: '{"a":1}', ...changes };
}

export function alertOf(sequence: number, changes: Readonly<Record<string, RecordValue>> = {}): RecordChange {
  const row = { sequence, name: 'drawdown', reason: 'deep', raised_at: sequence, cleared_at: null, trace_id: null };
  return { table: 'alerts', row: { ...row, ...changes } };
}

export function auditOf(sequence: number, changes: Readonly<Record<string, RecordValue>> = {}): RecordChange {
  return { table: 'audit', row: { sequence, ordinal: 0, action: 'a', ...changes } };
}

/** A row that knows nothing. */
export function emptyRow<T extends RecordTableName>(table: T): RecordRow<T> {
  return Object.fromEntries(Object.keys(recordTable(table).columns).map((column) => [column, null])) as RecordRow<T>;
}

export async function allRows(store: RecordStore, table: RecordTableName): Promise<ReadRow[]> {
  const rows: ReadRow[] = [];
  for await (const row of store.everyRow(table)) rows.push(row);
  return rows;
}
