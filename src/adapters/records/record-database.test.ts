import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { CompiledQuery } from 'kysely';
import { parseDatabaseAddress } from './database-address.ts';
import {
  attemptsMax,
  busyAttemptsMax,
  connectRecords,
  inTransaction,
  type RecordDatabase,
  withRetries,
} from './record-database.ts';

function fileFor(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'record-database-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  return `sqlite:${join(folder, 'a.sqlite')}`;
}

function connect(t: TestContext, url: string): RecordDatabase {
  const database = connectRecords(parseDatabaseAddress(url));
  t.after(() => database.queries.destroy());
  return database;
}

async function run(database: RecordDatabase, sql: string): Promise<void> {
  await database.queries.executeQuery(CompiledQuery.raw(sql));
}

test('work that is given up is tried again, up to a bound', async (t) => {
  const database = connect(t, fileFor(t));
  let tries = 0;
  const giveUp = (until: number) => async (): Promise<number> => {
    tries += 1;
    if (tries < until) throw Object.assign(new Error('serialization'), { code: '40001' });
    return tries;
  };
  assert.equal(await withRetries(database, 'a test', giveUp(3)), 3);
  tries = 0;
  await assert.rejects(withRetries(database, 'a test', giveUp(Infinity)), { name: 'RecordError', code: 'failed' });
  assert.equal(tries, attemptsMax);
});

test('a file in use for too long is unreachable', async (t) => {
  const database = connect(t, fileFor(t));
  let tries = 0;
  const busy = async (): Promise<never> => {
    tries += 1;
    throw Object.assign(new Error('database is locked'), { errcode: 5 });
  };
  await assert.rejects(withRetries(database, 'a test', busy), { name: 'RecordError', code: 'unreachable' });
  assert.equal(tries, busyAttemptsMax);
});

test('work that fails for good is not tried again, and a mistake of ours passes as it is', async (t) => {
  const database = connect(t, fileFor(t));
  let tries = 0;
  const mistake = Object.assign(new Error('x'), { name: 'AssertionError' });
  const failing = (error: Error) => async (): Promise<never> => {
    tries += 1;
    throw error;
  };
  await assert.rejects(withRetries(database, 'a test', failing(new Error('x'))), {
    name: 'RecordError',
    code: 'failed',
  });
  await assert.rejects(withRetries(database, 'a test', failing(mistake)), mistake);
  assert.equal(tries, 2);
});

test('two writers of one file in one process both come through', async (t) => {
  const url = fileFor(t);
  const [first, second] = [connect(t, url), connect(t, url)];
  await run(first, 'create table t (a integer)');
  const write = (database: RecordDatabase): Promise<void> =>
    inTransaction(database, 'a test', async (queries) => {
      for (let a = 0; a < 50; a += 1) {
        await queries.insertInto('t').values({ a }).execute();
        await new Promise((done) => setImmediate(done));
      }
    });
  await Promise.all([write(first), write(second)]);
  const counted = await first.queries
    .selectFrom('t')
    .select(({ fn }) => fn.countAll<number>().as('rows'))
    .execute();
  assert.equal(counted[0]?.rows, 100);
});

test('what a transaction wrote before it failed is gone', async (t) => {
  const database = connect(t, fileFor(t));
  await run(database, 'create table t (a integer)');
  const half = inTransaction(database, 'a test', async (queries) => {
    await queries.insertInto('t').values({ a: 1 }).execute();
    throw new Error('half way');
  });
  await assert.rejects(half, { code: 'failed' });
  assert.deepEqual(await database.queries.selectFrom('t').select('a').execute(), []);
});

test('a server that does not answer is unreachable', async (t) => {
  const database = connect(t, 'postgres://u@127.0.0.1:1/x');
  await assert.rejects(
    inTransaction(database, 'a test', async () => 1),
    { name: 'RecordError', code: 'unreachable' },
  );
});
