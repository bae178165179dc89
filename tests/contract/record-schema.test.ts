import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { migrateTo } from '#adapters/records/migrate.ts';
import { migrationList } from '#adapters/records/migration-list.ts';
import type { RecordDatabase } from '#adapters/records/record-database.ts';
import { openRecordStore } from '#adapters/records/record-store.ts';
import { recordTable, recordTableNames } from '#domain/records/record-tables.ts';
import { beside, openFor, places, sql } from '../support/record-places.ts';

for (const place of places) {
  describe(`schema of records in ${place.name}`, { skip: place.skip }, () => {
    test('all migrations up, down and up again leave the same schema, and nothing is left below', async (t) => {
      const database = beside(t, await place.empty(t));
      const steps: string[] = [];
      for (let number = 0; number <= migrationList.length; number += 1) {
        await migrateTo(database, number);
        steps.push(await schemaText(database));
      }
      assert.equal(new Set(steps).size, migrationList.length + 1);
      const applied = await sql(database, 'select number, name from schema_migrations order by number');
      assert.deepEqual(
        applied,
        migrationList.map(({ number, name }) => ({ number, name })),
      );
      for (let number = migrationList.length; number >= 0; number -= 1) {
        await migrateTo(database, number);
        assert.equal(await schemaText(database), steps[number], `after a step down to ${number}`);
      }
      await migrateTo(database);
      assert.equal(await schemaText(database), steps.at(-1));
    });

    test('the schema has the tables and columns that are described, and no others', async (t) => {
      const database = beside(t, await place.empty(t));
      await migrateTo(database);
      const found = await database.queries.introspection.getTables();
      const columns = Object.fromEntries(found.map((table) => [table.name, table.columns.map(({ name }) => name)]));
      const described = recordTableNames.map((name) => [name, ['run_id', ...Object.keys(recordTable(name).columns)]]);
      const own = {
        schema_migrations: ['number', 'name'],
        projection_positions: ['run_id', 'name', 'version', 'sequence', 'at', 'state'],
      };
      assert.deepEqual(columns, { ...Object.fromEntries(described), ...own });
    });

    test('a migration that fails leaves the one before', async (t) => {
      const database = beside(t, await place.empty(t));
      const broken = {
        number: migrationList.length + 1,
        name: 'broken',
        up: ['create table half (a integer)', 'create table half (a integer)'],
        down: ['drop table half'],
      };
      await migrateTo(database);
      const schema = await schemaText(database);
      const more = [...migrationList, broken];
      await assert.rejects(migrateTo(database, more.length, more), { name: 'RecordError', code: 'failed' });
      assert.equal(await schemaText(database), schema);
    });

    test('many who open an empty database at once all find it ready', async (t) => {
      const url = await place.empty(t);
      const stores = await Promise.all(Array.from({ length: 5 }, () => openFor(t, url)));
      for (const store of stores) assert.equal(await store.count('orders'), 0);
    });

    test('a database of a newer version is refused and not touched', async (t) => {
      const url = await place.empty(t);
      await (await openFor(t, url)).close();
      const database = beside(t, url);
      await sql(database, "insert into schema_migrations (number, name) values (99, 'later')");
      const schema = await schemaText(database);
      await assert.rejects(openRecordStore({ url, runId: 'run-a' }), (error: Error) => {
        assert.equal(Reflect.get(error, 'code'), 'newer');
        assert.match(error.message, /migration number '99', expected at most '3'/);
        return true;
      });
      assert.equal(await schemaText(database), schema);
    });
  });
}

/** Everything that makes the schema, as text. */
async function schemaText(database: RecordDatabase): Promise<string> {
  if (database.address.type === 'sqlite')
    return JSON.stringify(await sql(database, 'select name, sql from sqlite_master order by name'));
  const columns = await sql(
    database,
    `select table_name, column_name, data_type, is_nullable, collation_name from information_schema.columns
      where table_schema = 'public' order by table_name, ordinal_position`,
  );
  const indexes = await sql(database, "select indexdef from pg_indexes where schemaname = 'public' order by indexdef");
  return JSON.stringify([columns, indexes]);
}
