import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { CompiledQuery, Kysely } from 'kysely';
import { nodeSqliteDialect, statementsMax } from './node-sqlite-dialect.ts';

type Schema = Record<string, Record<string, number | string | null>>;

function open(t: TestContext, path: string): Kysely<Schema> {
  const queries = new Kysely<Schema>({ dialect: nodeSqliteDialect(path) });
  t.after(() => queries.destroy());
  return queries;
}

function fileFor(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'dialect-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  return join(folder, 'a.sqlite');
}

async function run(queries: Kysely<Schema>, sql: string): Promise<unknown[]> {
  const { rows } = await queries.executeQuery<Record<string, unknown>>(CompiledQuery.raw(sql));
  return rows.map((row) => Object.values(row)[0]);
}

test('a file is kept with a write-ahead log that is flushed at checkpoints', async (t) => {
  const queries = open(t, fileFor(t));
  assert.deepEqual(await run(queries, 'pragma journal_mode'), ['wal']);
  assert.deepEqual(await run(queries, 'pragma synchronous'), [1]);
});

test('rows are written, counted and read through the query builder', async (t) => {
  const queries = open(t, fileFor(t));
  await queries.schema.createTable('t').addColumn('a', 'integer').addColumn('b', 'text').execute();
  const inserted = await queries
    .insertInto('t')
    .values([
      { a: 1, b: 'x' },
      { a: 2, b: null },
    ])
    .executeTakeFirst();
  assert.equal(inserted.numInsertedOrUpdatedRows, 2n);
  assert.equal((await queries.updateTable('t').set({ b: 'y' }).executeTakeFirst()).numUpdatedRows, 2n);
  const rows = await queries.selectFrom('t').select(['a', 'b']).where('a', '>', 1).execute();
  assert.deepEqual(
    rows.map((row) => ({ ...row })),
    [{ a: 2, b: 'y' }],
  );
  assert.deepEqual(
    (await queries.introspection.getTables()).map(({ name }) => name),
    ['t'],
  );
});

test('a transaction that fails is rolled back, and the next one begins anew', async (t) => {
  const queries = open(t, fileFor(t));
  await run(queries, 'create table t (a integer unique)');
  const failing = queries.transaction().execute(async (transaction) => {
    await transaction.insertInto('t').values({ a: 1 }).execute();
    await transaction.insertInto('t').values({ a: 1 }).execute();
  });
  await assert.rejects(failing, /UNIQUE constraint failed/);
  const rolledBack = queries.transaction().execute(async (transaction) => {
    await transaction.insertInto('t').values({ a: 1 }).execute();
    await transaction.executeQuery(CompiledQuery.raw('rollback'));
    throw new Error('afterwards');
  });
  await assert.rejects(rolledBack, /afterwards/);
  await queries.transaction().execute((transaction) => transaction.insertInto('t').values({ a: 2 }).execute());
  assert.deepEqual(await run(queries, 'select a from t'), [2]);
});

test('what others ask for meanwhile waits for the end of the transaction', async (t) => {
  const queries = open(t, fileFor(t));
  await run(queries, 'create table t (a integer)');
  const writing = queries.transaction().execute(async (transaction) => {
    await transaction.insertInto('t').values({ a: 1 }).execute();
    await transaction.insertInto('t').values({ a: 2 }).execute();
  });
  const counted = run(queries, 'select count(*) from t');
  await writing;
  assert.deepEqual(await counted, [2]);
});

test('a second writer of the file is refused at once, and reading goes on', async (t) => {
  const path = fileFor(t);
  const [first, second] = [open(t, path), open(t, path)];
  await run(first, 'create table t (a integer)');
  await first.transaction().execute(async (transaction) => {
    await transaction.insertInto('t').values({ a: 1 }).execute();
    const writing = second.transaction().execute((other) => other.insertInto('t').values({ a: 2 }).execute());
    await assert.rejects(writing, { errcode: 5 });
    assert.deepEqual(await run(second, 'select count(*) from t'), [0]);
  });
  assert.deepEqual(await run(second, 'select a from t'), [1]);
});

test('more statements than are kept can be asked for', async (t) => {
  const queries = open(t, fileFor(t));
  for (let number = 0; number <= statementsMax + 1; number += 1)
    assert.deepEqual(await run(queries, `select ${number}`), [number]);
  assert.deepEqual(await run(queries, 'select 0'), [0]);
});

test('a stream of rows is refused', async (t) => {
  const queries = open(t, fileFor(t));
  const stream = queries.selectFrom('sqlite_master').select('name').stream();
  await assert.rejects(stream.next(), /read in pages/);
});

test('a file that is no database is told and let go of', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'dialect-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  await assert.rejects(run(open(t, folder), 'select 1'), /unable to open database file/);
});
