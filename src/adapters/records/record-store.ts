import { createHash } from 'node:crypto';
import type { Kysely } from 'kysely';
import { assert } from '#base/assert.ts';
import type { ProjectionPosition } from '#domain/projection-position.ts';
import type { RecordChange } from '#domain/records/record-change.ts';
import { type RecordTableName, recordTable, recordTableNames } from '#domain/records/record-tables.ts';
import { parseDatabaseAddress } from './database-address.ts';
import { migrateTo } from './migrate.ts';
import { oldestKeptAt, pruneRowsMax, pruneSome, type Retention } from './prune-rows.ts';
import { countRows, type ReadRow, type RowsQuery, readRows } from './read-rows.ts';
import {
  connectRecords,
  inTransaction,
  type RecordDatabase,
  type RecordSchema,
  withRetries,
} from './record-database.ts';
import { recordFailure } from './record-failure.ts';
import { rowBatches } from './row-batches.ts';
import { movePosition, readPosition } from './stored-position.ts';
import { upsertQueries } from './upsert.ts';

export interface RecordStoreOptions {
  /** `sqlite:/path/file.sqlite` or `postgres://user:password@host:port/database`. */
  readonly url: string;
  /** The run whose rows are written and read; those of others are never touched. */
  readonly runId: string;
}

/** Rows read at once where every row is asked for. */
const pageRows = 1_000;

/**
 * Opens the records, and brings their schema up to date. Throws a `RecordError`: `address`, `unreachable`, `failed`, or `newer` where
 * a newer version has written them.
 */
export async function openRecordStore({ url, runId }: RecordStoreOptions): Promise<RecordStore> {
  const address = parseDatabaseAddress(url);
  const database = connectRecords(address);
  try {
    await migrateTo(database);
  } catch (error) {
    await database.queries.destroy();
    throw recordFailure('opening the records', address, error);
  }
  return new RecordStore(database, runId);
}

/**
 * The records of one run: the tables that projections of the journal fill, and those written beside it. Every method throws a
 * `RecordError` where the database fails; nothing is ever written in part.
 */
export class RecordStore {
  readonly runId: string;
  readonly #database: RecordDatabase;

  constructor(database: RecordDatabase, runId: string) {
    this.#database = database;
    this.runId = runId;
  }

  /** How far a projection has come; undefined before its first write. */
  async position(name: string): Promise<ProjectionPosition | undefined> {
    return this.#read('reading a position', (queries) => readPosition(queries, this.runId, name));
  }

  /** Writes rows and moves the position on, both or nothing. Throws a `StaleWriterError` where the stored position is not `from`. */
  async apply(
    name: string,
    changes: readonly RecordChange[],
    from: ProjectionPosition | undefined,
    to: ProjectionPosition,
  ): Promise<void> {
    assert(to.runId === this.runId, `the records are those of run '${this.runId}', found '${to.runId}'`);
    const writes = this.#writes(changes);
    await inTransaction(this.#database, 'writing rows', async (queries) => {
      await movePosition(queries, name, from, to);
      for (const query of writes) await queries.executeQuery(query);
    });
  }

  /** Writes rows that no projection folds: trials, models, health, jobs. */
  async write(changes: readonly RecordChange[]): Promise<void> {
    const writes = this.#writes(changes);
    await inTransaction(this.#database, 'writing rows', async (queries) => {
      for (const query of writes) await queries.executeQuery(query);
    });
  }

  /** Removes the rows of the tables that a projection fills, and its position. */
  async wipe(name: string): Promise<void> {
    const tables = recordTableNames.filter((table) => recordTable(table).projection === name);
    await inTransaction(this.#database, 'emptying tables', async (queries) => {
      // The position first, as every writer does: whoever writes now either comes before all of this or finds no position.
      await queries
        .deleteFrom('projection_positions')
        .where('run_id', '=', this.runId)
        .where('name', '=', name)
        .execute();
      for (const table of tables) await queries.deleteFrom(table).where('run_id', '=', this.runId).execute();
    });
  }

  /** A page of a table. */
  async rows(table: RecordTableName, query: RowsQuery = {}): Promise<ReadRow[]> {
    return this.#read('reading rows', (queries) => readRows(queries, this.runId, table, query));
  }

  async count(table: RecordTableName): Promise<number> {
    return this.#read('counting rows', (queries) => countRows(queries, this.runId, table));
  }

  /** Every row of a table in the order of its key, in pages: rows written meanwhile may be among them. */
  async *everyRow(table: RecordTableName): AsyncGenerator<ReadRow, void, undefined> {
    let page = await this.rows(table, { limit: pageRows });
    while (page.length > 0) {
      yield* page;
      const after = page.at(-1);
      if (page.length < pageRows || after === undefined) return;
      page = await this.rows(table, { limit: pageRows, after });
    }
  }

  /** A digest of everything a projection has written: equal exactly where all rows are. SHA-256, hexadecimal. */
  async digest(projection: string): Promise<string> {
    const hash = createHash('sha256');
    for (const table of recordTableNames) {
      if (recordTable(table).projection !== projection) continue;
      hash.update(`${table}\n`);
      for await (const row of this.everyRow(table)) hash.update(`${JSON.stringify(row)}\n`);
    }
    return hash.digest('hex');
  }

  /** Deletes rows older than their table keeps them, and tells how many of each table that lost any. */
  async prune(retention: Retention, nowAt: number): Promise<Readonly<Partial<Record<RecordTableName, number>>>> {
    const counts: Partial<Record<RecordTableName, number>> = {};
    for (const table of recordTableNames) {
      const beforeAt = oldestKeptAt(table, retention, nowAt);
      const deleted = beforeAt === undefined ? 0 : await this.#pruneTable(table, beforeAt);
      if (deleted > 0) counts[table] = deleted;
    }
    return counts;
  }

  async close(): Promise<void> {
    await this.#database.queries.destroy();
  }

  async #pruneTable(table: RecordTableName, beforeAt: number): Promise<number> {
    let sum = 0;
    for (let some = pruneRowsMax; some === pruneRowsMax; sum += some) {
      some = await inTransaction(this.#database, 'deleting old rows', (queries) =>
        pruneSome(queries, this.runId, table, beforeAt),
      );
    }
    return sum;
  }

  #writes(changes: readonly RecordChange[]) {
    const { type } = this.#database.address;
    return rowBatches(this.runId, changes).flatMap((batch) => upsertQueries(type, batch));
  }

  #read<T>(what: string, work: (queries: Kysely<RecordSchema>) => Promise<T>): Promise<T> {
    return withRetries(this.#database, what, work);
  }
}
