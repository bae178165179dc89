import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { CompiledQuery } from 'kysely';
import { attemptsMax, type RecordDatabase } from '#adapters/records/record-database.ts';
import { recordOf } from '#domain/records/record-tables.ts';
import { missingDatabase, startDatabase } from '../support/postgres-process.ts';
import {
  alertOf,
  auditOf,
  beside,
  emptyDatabase,
  emptyRow,
  openFor,
  places,
  positionAt,
  sql,
} from '../support/record-places.ts';

for (const place of places) {
  describe(`crashes of records in ${place.name}`, { skip: place.skip }, () => {
    test('a transaction that fails half way leaves nothing', async (t) => {
      const url = await place.empty(t);
      const store = await openFor(t, url);
      await store.apply('records', [alertOf(1)], undefined, positionAt(1));
      await sql(beside(t, url), 'create unique index one_action on audit (run_id, action)');
      const audits = [0, 1].map((ordinal) => auditOf(2, { ordinal }));
      await assert.rejects(store.apply('records', [alertOf(2), ...audits], positionAt(1), positionAt(2)), {
        name: 'RecordError',
        code: 'failed',
      });
      assert.deepEqual(await store.position('records'), positionAt(1));
      assert.equal(await store.count('alerts'), 1);
      assert.equal(await store.count('audit'), 0);
      await store.apply('records', [alertOf(2)], positionAt(1), positionAt(2));
      assert.equal(await store.count('alerts'), 2);
    });

    test('a writer killed anywhere leaves exactly the rows of its position', async (t) => {
      const url = await place.empty(t);
      const database = beside(t, url);
      let reached = 0;
      for (const applied of [1, 7]) {
        await killWriterAfter(url, reached + applied);
        // One statement sees one state, though a server may still finish what it was sent last.
        const found = await sql(
          database,
          `select (select max(sequence) from projection_positions) as sequence,
            (select count(*) from alerts) as alerts, (select count(*) from audit) as audits`,
        );
        const sequence = Number(found[0]?.['sequence']);
        assert.ok(sequence >= reached + applied, `${sequence} after ${reached} and ${applied}`);
        assert.deepEqual(found, [{ sequence, alerts: sequence * 50, audits: sequence * 50 }]);
        reached = sequence;
      }
    });
  });
}

describe('records of a server', { skip: missingDatabase }, () => {
  test('a server that is killed while it writes has all of a batch or nothing, and serves again after its restart', async (t) => {
    const own = await startDatabase();
    t.after(() => own.stop());
    const store = await openFor(t, own.url);
    await store.apply('records', [alertOf(0)], undefined, positionAt(1));
    const changes = Array.from({ length: 20_000 }, (_, index) => alertOf(index + 1));
    const writing = store.apply('records', changes, positionAt(1), positionAt(2));
    const refused = assert.rejects(writing, { name: 'RecordError', code: 'unreachable' });
    await own.kill();
    await refused;
    await own.restart();
    const written = (await store.position('records'))?.sequence === 2;
    assert.equal(await store.count('alerts'), written ? 20_001 : 1);
    if (!written) await store.apply('records', changes, positionAt(1), positionAt(2));
    assert.equal(await store.count('alerts'), 20_001);
  });

  test('a connection ended by the server while it waits leaves nothing', async (t) => {
    const url = await emptyDatabase();
    const [store, other] = [await openFor(t, url), beside(t, url)];
    await other.queries.transaction().execute(async (queries) => {
      await queries.executeQuery(CompiledQuery.raw('lock table audit in access exclusive mode'));
      const writing = store.apply('records', [alertOf(1), auditOf(1)], undefined, positionAt(1));
      const refused = assert.rejects(writing, { name: 'RecordError', code: 'unreachable' });
      await endWaiting(other);
      await refused;
    });
    assert.equal(await store.position('records'), undefined);
    assert.equal(await store.count('alerts'), 0);
    await store.apply('records', [alertOf(1), auditOf(1)], undefined, positionAt(1));
    assert.equal(await store.count('audit'), 1);
  });

  test('a transaction that the server gives up on is tried again from its beginning, up to a bound', async (t) => {
    const url = await emptyDatabase();
    const [store, other] = [await openFor(t, url), beside(t, url)];
    await store.write([]);
    await sql(other, 'create sequence tries');
    await sql(
      other,
      `create function give_up() returns trigger language plpgsql as $$ begin
        if nextval('tries') < (select max(sequence) from kill_switch) then raise exception 'x' using errcode = '40001';
        end if; return new; end $$`,
    );
    await sql(other, 'create trigger give_up before insert on audit for each row execute function give_up()');
    const untilTry = async (number: number): Promise<void> => {
      await store.write([recordOf('kill_switch', { ...emptyRow('kill_switch'), sequence: number })]);
    };
    await untilTry(3);
    await store.apply('records', [alertOf(1), auditOf(1)], undefined, positionAt(1));
    assert.deepEqual(await sql(other, 'select last_value from tries'), [{ last_value: 3 }]);
    await untilTry(1_000);
    await assert.rejects(store.apply('records', [auditOf(2)], positionAt(1), positionAt(2)), { code: 'failed' });
    assert.deepEqual(await sql(other, 'select last_value from tries'), [{ last_value: 3 + attemptsMax }]);
    assert.deepEqual(await store.position('records'), positionAt(1));
  });
});

/** A process that writes one batch after the other and tells each, until it is killed. */
const writer = `
  import { openRecordStore } from '#adapters/records/record-store.ts';
  const store = await openRecordStore({ url: process.argv[1], runId: 'run-a' });
  let from = await store.position('records');
  for (let sequence = (from?.sequence ?? 0) + 1; sequence < 100_000; sequence += 1) {
    const keys = Array.from({ length: 50 }, (_, index) => sequence * 50 + index);
    const changes = keys.flatMap((key) => [
      { table: 'alerts', row: { sequence: key } },
      { table: 'audit', row: { sequence: key, ordinal: 0 } },
    ]);
    const to = { runId: 'run-a', version: 1, sequence, at: sequence, state: '{}' };
    await store.apply('records', changes, from, to);
    from = to;
    process.stdout.write(sequence + '\\n');
  }
`;

async function killWriterAfter(url: string, sequence: number): Promise<void> {
  const root = fileURLToPath(new URL('../..', import.meta.url));
  const child = spawn(process.execPath, ['--input-type=module', '-e', writer, url], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = new Promise((done) => child.once('exit', done));
  child.stdout.on('data', (piece: Buffer) => {
    if (Number(piece.toString().trim().split('\n').at(-1)) >= sequence) child.kill('SIGKILL');
  });
  await ended;
  assert.equal(child.signalCode, 'SIGKILL');
}

/** Ends the connection of ours that waits for a lock, as soon as there is one. */
async function endWaiting(database: RecordDatabase): Promise<void> {
  const deadline = Date.now() + 10_000;
  for (;;) {
    const ended = await sql(
      database,
      `select pg_terminate_backend(pid) from pg_stat_activity
        where datname = current_database() and wait_event_type = 'Lock' and query like '%audit%'`,
    );
    if (ended.length > 0) return;
    assert.ok(Date.now() < deadline, 'nobody waits for the lock');
  }
}
