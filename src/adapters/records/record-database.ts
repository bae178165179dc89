import { setTimeout as delay } from 'node:timers/promises';
import { Kysely, PostgresDialect } from 'kysely';
import pg from 'pg';
import type { RecordValue } from '#domain/records/record-change.ts';
import type { DatabaseAddress } from './database-address.ts';
import { nodeSqliteDialect } from './node-sqlite-dialect.ts';
import { isFileBusy, isGivenUp, recordFailure } from './record-failure.ts';

/** Tables by name, as the query builder sees them. */
export type RecordSchema = Record<string, Record<string, RecordValue>>;

/** An open database and how its SQL is spelled. */
export interface RecordDatabase {
  readonly address: DatabaseAddress;
  readonly queries: Kysely<RecordSchema>;
}

/** A transaction that the server gives up on is tried so often in all. */
export const attemptsMax = 5;

/** A file that somebody else writes to is tried so often in all, about three seconds long. */
export const busyAttemptsMax = 60;
const busyWaitMs = 5;
const busyWaitMsMax = 50;

const connectionsMax = 4;
const connectTimeoutMs = 5_000;
const statementTimeoutMs = 30_000;

export function connectRecords(address: DatabaseAddress): RecordDatabase {
  const dialect =
    address.type === 'sqlite'
      ? nodeSqliteDialect(address.path)
      : new PostgresDialect({ pool: connectionPool(address.url) });
  return { address, queries: new Kysely<RecordSchema>({ dialect }) };
}

/**
 * All of the work or nothing of it. Throws what `work` throws of our own; failures of the database become a `RecordError`, after the
 * tries that may help. Where the connection breaks while it commits, nobody knows whether it did: the stored position tells.
 */
export async function inTransaction<T>(
  database: RecordDatabase,
  what: string,
  work: (queries: Kysely<RecordSchema>) => Promise<T>,
): Promise<T> {
  return withRetries(database, what, (queries) => queries.transaction().execute(work));
}

/** Work that may be done again from its beginning, tried again where the database says that this may help. */
export async function withRetries<T>(
  { address, queries }: RecordDatabase,
  what: string,
  work: (queries: Kysely<RecordSchema>) => Promise<T>,
): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await work(queries);
    } catch (error) {
      const isBusy = isFileBusy(error);
      const isLast = attempt >= (isBusy ? busyAttemptsMax : attemptsMax);
      if (isLast || !(isBusy || isGivenUp(error))) throw recordFailure(what, address, error);
      // Whoever holds the file may be of this process, and goes on only while we let go of the thread.
      if (isBusy) await delay(Math.min(busyWaitMs * attempt, busyWaitMsMax));
    }
  }
}

function connectionPool(url: string): pg.Pool {
  const pool = new pg.Pool({
    connectionString: url,
    max: connectionsMax,
    connectionTimeoutMillis: connectTimeoutMs,
    statement_timeout: statementTimeoutMs,
    application_name: 'tradewind',
    types: { getTypeParser },
  });
  // A connection that breaks is told to whoever uses it, now or next, by the failure of what is asked of it.
  pool.on('error', () => undefined);
  pool.on('connect', (client) => client.on('error', () => undefined));
  return pool;
}

const int8 = 20;
const json = 114;

/** Counts and times fit a double; JSON stays the text it was. */
function getTypeParser(oid: number, format?: 'text' | 'binary'): (text: string) => unknown {
  if (oid === int8) return Number;
  if (oid === json) return (text) => text;
  return pg.types.getTypeParser(oid, format ?? 'text');
}
