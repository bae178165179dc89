import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { CompiledQuery } from 'kysely';
import { parseDatabaseAddress } from './database-address.ts';
import { migrateTo } from './migrate.ts';
import type { Migration } from './migration.ts';
import { connectRecords, type RecordDatabase } from './record-database.ts';

const migrations: readonly Migration[] = [
  { number: 1, name: 'one', up: ['create table one (a boolean, b json, c real)'], down: ['drop table one'] },
  { number: 2, name: 'two', up: ['create index two on one (a)'], down: ['drop index two'] },
];

function memory(t: TestContext): RecordDatabase {
  const database = connectRecords(parseDatabaseAddress('sqlite::memory:'));
  t.after(() => database.queries.destroy());
  return database;
}

async function namesIn(database: RecordDatabase): Promise<unknown[]> {
  const sql = "select name from sqlite_master where name not like 'sqlite_%' order by name";
  const { rows } = await database.queries.executeQuery<Record<string, unknown>>(CompiledQuery.raw(sql));
  return rows.map(({ name }) => name);
}

test('migrations are applied in order, and taken back from the last', async (t) => {
  const database = memory(t);
  await migrateTo(database, 2, migrations);
  assert.deepEqual(await namesIn(database), ['one', 'schema_migrations', 'two']);
  await migrateTo(database, 2, migrations);
  await migrateTo(database, 1, migrations);
  assert.deepEqual(await namesIn(database), ['one', 'schema_migrations']);
  await migrateTo(database, 0, migrations);
  assert.deepEqual(await namesIn(database), ['schema_migrations']);
});

test('types are spelled as the database has them', async (t) => {
  const database = memory(t);
  await migrateTo(database, 1, migrations);
  const sql = "select sql from sqlite_master where name = 'one'";
  const { rows } = await database.queries.executeQuery<{ sql: string }>(CompiledQuery.raw(sql));
  assert.equal(rows[0]?.sql.toLowerCase(), 'create table one (a integer, b text, c real)');
});

test('a database that is ahead is refused in either direction', async (t) => {
  const database = memory(t);
  await migrateTo(database, 2, migrations);
  for (const target of [0, 1])
    await assert.rejects(migrateTo(database, target, migrations.slice(0, 1)), {
      code: 'newer',
      message: "the database has migration number '2', expected at most '1': a newer Tradewind wrote it",
    });
});

test('a target that is no migration is our own mistake', async (t) => {
  await assert.rejects(migrateTo(memory(t), 3, migrations), { name: 'AssertionError' });
});
