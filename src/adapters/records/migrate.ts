import { CompiledQuery, type Kysely } from 'kysely';
import { assert, present } from '#base/assert.ts';
import type { DatabaseAddress } from './database-address.ts';
import type { Migration } from './migration.ts';
import { migrationList } from './migration-list.ts';
import { inTransaction, type RecordDatabase, type RecordSchema } from './record-database.ts';
import { RecordError } from './record-error.ts';

/** Held by whoever changes the schema; a number of our own among those of the whole server. */
const lockKey = 7_237_201;

const columnTypes: Readonly<Record<DatabaseAddress['type'], Readonly<Record<string, string>>>> = {
  sqlite: { text: 'text', integer: 'integer', real: 'real', boolean: 'integer', json: 'text' },
  // Text is compared by its bytes, as SQLite does; JSON is kept as it was written.
  postgres: { text: 'text collate "C"', integer: 'bigint', real: 'double precision', boolean: 'boolean', json: 'json' },
};

/**
 * Brings the schema to a migration, up or down, the newest by default; each step is a transaction of its own under a lock, so that
 * two processes may do so at once. Throws a `RecordError` of code `newer` where the database is ahead of this code.
 */
export async function migrateTo(
  database: RecordDatabase,
  target: number = migrationList.length,
  migrations: readonly Migration[] = migrationList,
): Promise<void> {
  assert(target >= 0 && target <= migrations.length, `there are ${migrations.length} migrations, found '${target}'`);
  const stepsMax = migrations.length + 1;
  for (let steps = 0; steps < stepsMax; steps += 1) {
    const isThere = await inTransaction(database, 'a migration', (queries) =>
      step(queries, database.address.type, { target, migrations }),
    );
    if (isThere) return;
  }
  throw new RecordError('failed', `somebody else changes the schema of '${database.address.shown}' back and forth`);
}

interface Way {
  readonly target: number;
  readonly migrations: readonly Migration[];
}

/** One migration up or down; true where there is none left to do. */
async function step(
  queries: Kysely<RecordSchema>,
  type: DatabaseAddress['type'],
  { target, migrations }: Way,
): Promise<boolean> {
  const run = async (sql: string): Promise<void> => void (await queries.executeQuery(CompiledQuery.raw(sql)));
  if (type === 'postgres') await run(`select pg_advisory_xact_lock(${lockKey})`);
  await run(spelled(type, 'create table if not exists schema_migrations (number integer primary key, name text)'));
  const applied = await appliedNumber(queries);
  if (applied > migrations.length) throw newerError(applied, migrations.length);
  if (applied === target) return true;
  const isUp = applied < target;
  const migration = present(migrations[isUp ? applied : applied - 1], 'migration');
  for (const sql of isUp ? migration.up : migration.down) await run(spelled(type, sql));
  const { number, name } = migration;
  if (isUp) await queries.insertInto('schema_migrations').values({ number, name }).execute();
  else await queries.deleteFrom('schema_migrations').where('number', '=', number).execute();
  return false;
}

async function appliedNumber(queries: Kysely<RecordSchema>): Promise<number> {
  const newest = await queries
    .selectFrom('schema_migrations')
    .select('number')
    .orderBy('number', 'desc')
    .limit(1)
    .execute();
  return Number(newest[0]?.['number'] ?? 0);
}

function newerError(applied: number, known: number): RecordError {
  return new RecordError(
    'newer',
    `the database has migration number '${applied}', expected at most '${known}': a newer Tradewind wrote it`,
  );
}

/** Only tables name types, and no column is called like one. */
function spelled(type: DatabaseAddress['type'], sql: string): string {
  if (!sql.startsWith('create table')) return sql;
  return sql.replace(/\b(?:text|integer|real|boolean|json)\b/g, (word) => columnTypes[type][word] ?? word);
}
