import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { type ReadRow, rowsMax } from '#adapters/records/read-rows.ts';
import { openRecordStore } from '#adapters/records/record-store.ts';
import type { ProjectionPosition } from '#domain/projection-position.ts';
import type { RecordChange } from '#domain/records/record-change.ts';
import { recordOf, recordTableNames } from '#domain/records/record-tables.ts';
import { livelyRun } from '../support/lively-events.ts';
import { missingDatabase } from '../support/postgres-process.ts';
import { entriesOf, RecordFold } from '../support/record-fold.ts';
import { alertOf, allRows, emptyRow, openFor, places, positionAt, serverUrl } from '../support/record-places.ts';

const dayMs = 86_400_000;

for (const place of places) {
  describe(`records in ${place.name}`, { skip: place.skip }, () => {
    test('an empty database has no position and no rows', async (t) => {
      const store = await openFor(t, await place.empty(t));
      assert.equal(await store.position('records'), undefined);
      for (const table of recordTableNames) assert.equal(await store.count(table), 0);
    });

    test('rows and position are written together and read again after a reopening', async (t) => {
      const url = await place.empty(t);
      const first = await openFor(t, url);
      const position = positionAt(7, { state: '{"text":"\\u0000ü\\ud800","big":9007199254740991}' });
      await first.apply('records', [alertOf(1), alertOf(2)], undefined, position);
      await first.close();
      const second = await openFor(t, url);
      assert.deepEqual(await second.position('records'), position);
      assert.deepEqual(await allRows(second, 'alerts'), [alertOf(1).row, alertOf(2).row]);
    });

    test('a row with the key of another replaces it whole, and the last one of a batch counts', async (t) => {
      const store = await openFor(t, await place.empty(t));
      await store.apply('records', [alertOf(1, { reason: 'one' })], undefined, positionAt(1));
      const changes = [
        alertOf(2),
        alertOf(1, { reason: 'two' }),
        { table: 'alerts', row: { sequence: 1, name: 'x' } } as const,
      ];
      await store.apply('records', changes, positionAt(1), positionAt(2));
      const replaced = { sequence: 1, name: 'x', reason: null, raised_at: null, cleared_at: null, trace_id: null };
      assert.deepEqual(await allRows(store, 'alerts'), [replaced, alertOf(2).row]);
    });

    test('twenty thousand rows in one batch arrive, in the order of their keys', async (t) => {
      const store = await openFor(t, await place.empty(t));
      const changes = Array.from({ length: 20_000 }, (_, index) => alertOf(20_000 - index));
      await store.apply('records', changes, undefined, positionAt(1));
      assert.equal(await store.count('alerts'), 20_000);
      const sequences = (await allRows(store, 'alerts')).map((row) => row['sequence']);
      assert.deepEqual(
        sequences,
        Array.from({ length: 20_000 }, (_, index) => index + 1),
      );
    });

    test('a batch without rows moves the position alone', async (t) => {
      const store = await openFor(t, await place.empty(t));
      await store.apply('records', [], undefined, positionAt(5));
      assert.deepEqual(await store.position('records'), positionAt(5));
    });

    test('a stale writer is refused and writes nothing', async (t) => {
      const url = await place.empty(t);
      const [first, second] = [await openFor(t, url), await openFor(t, url)];
      const stale = { name: 'StaleWriterError', code: 'stale' };
      await assert.rejects(first.apply('records', [alertOf(1)], positionAt(1), positionAt(2)), stale);
      await first.apply('records', [alertOf(1)], undefined, positionAt(1));
      await assert.rejects(second.apply('records', [alertOf(2)], undefined, positionAt(2)), stale);
      await second.apply('records', [alertOf(3)], positionAt(1), positionAt(3));
      await assert.rejects(first.apply('records', [alertOf(4)], positionAt(1), positionAt(4)), stale);
      const other = positionAt(3, { version: 2 });
      await assert.rejects(first.apply('records', [alertOf(5)], other, positionAt(5)), stale);
      assert.deepEqual(await allRows(second, 'alerts'), [alertOf(1).row, alertOf(3).row]);
      assert.deepEqual(await first.position('records'), positionAt(3));
    });

    test('of many writers at once exactly one goes on', async (t) => {
      const url = await place.empty(t);
      const stores = await Promise.all(Array.from({ length: 4 }, () => openFor(t, url)));
      const tries = stores.map((store, index) =>
        store.apply('records', [alertOf(index)], undefined, positionAt(index + 1)),
      );
      const results = await Promise.allSettled(tries);
      assert.equal(results.filter(({ status }) => status === 'fulfilled').length, 1);
      for (const result of results) if (result.status === 'rejected') assert.equal(result.reason.code, 'stale');
      assert.equal(await stores[0]?.count('alerts'), 1);
    });

    test('positions of several projections are kept apart', async (t) => {
      const store = await openFor(t, await place.empty(t));
      await store.apply('records', [], undefined, positionAt(5));
      await store.apply('others', [], undefined, positionAt(9));
      assert.equal((await store.position('records'))?.sequence, 5);
      assert.equal((await store.position('others'))?.sequence, 9);
    });

    test('wiping removes one run and one projection only', async (t) => {
      const url = await place.empty(t);
      const [store, other] = [await openFor(t, url), await openFor(t, url, 'run-b')];
      const job = recordOf('health_events', { ...emptyRow('health_events'), event_id: 'job' });
      for (const [each, runId] of [
        [store, 'run-a'],
        [other, 'run-b'],
      ] as const) {
        await each.apply('records', [alertOf(1)], undefined, positionAt(1, { runId }));
        await each.apply('others', [], undefined, positionAt(1, { runId }));
        await each.write([job]);
      }
      const digest = await other.digest('records');
      await store.wipe('records');
      assert.equal(await store.position('records'), undefined);
      assert.equal(await store.count('alerts'), 0);
      assert.equal(await store.count('health_events'), 1);
      assert.deepEqual(await store.position('others'), positionAt(1));
      assert.deepEqual(await other.position('records'), positionAt(1, { runId: 'run-b' }));
      assert.equal(await other.digest('records'), digest);
      await store.apply('records', [alertOf(1)], undefined, positionAt(1));
      assert.equal(await store.digest('records'), digest);
    });

    test('whatever is written comes back as it was', async (t) => {
      const store = await openFor(t, await place.empty(t));
      await fc.assert(
        fc.asyncProperty(fc.array(modelRow, { minLength: 1, maxLength: 20 }), async (rows) => {
          await store.write(rows.map((row) => ({ table: 'models', row })));
          const expected = new Map(rows.map((row) => [row['model_id'], row]));
          for (const [id, row] of expected) {
            assert.deepEqual(await store.rows('models', { where: { model_id: id ?? null } }), [row]);
          }
        }),
        { numRuns: 40 },
      );
    });

    test('truth values, figures and times come back exact', async (t) => {
      const store = await openFor(t, await place.empty(t));
      const fill = {
        ...emptyRow('fills'),
        instrument: 'EURUSD.OANDA',
        fill_id: '1',
        is_pessimistic: true,
        price: 1.10234,
        fee: 5e-324,
        balance: 1.7976931348623157e308,
        realized_pnl: 0.1 + 0.2,
        at: Number.MAX_SAFE_INTEGER,
        venue_at: -1,
      };
      await store.write([recordOf('fills', fill), recordOf('fills', { ...fill, fill_id: '2', is_pessimistic: false })]);
      assert.deepEqual(await allRows(store, 'fills'), [fill, { ...fill, fill_id: '2', is_pessimistic: false }]);
    });

    test('characters and figures no database keeps are settled alike', async (t) => {
      const store = await openFor(t, await place.empty(t));
      const odd = { name: 'a\0b', reason: 'c\ud800d', raised_at: -0 };
      await store.write([alertOf(1, odd)]);
      await store.write([
        recordOf('evaluations', { ...emptyRow('evaluations'), sequence: 1, calmar: Infinity, win_rate: -0 }),
      ]);
      assert.deepEqual(await allRows(store, 'alerts'), [
        alertOf(1, { name: 'a\ufffdb', reason: 'c\ufffdd', raised_at: 0 }).row,
      ]);
      const [evaluation] = await allRows(store, 'evaluations');
      assert.equal(evaluation?.['calmar'], null);
      assert.ok(Object.is(evaluation?.['win_rate'], 0));
    });

    test('a row of another shape is our own mistake and writes nothing', async (t) => {
      const store = await openFor(t, await place.empty(t));
      const wrong = [{ sequence: 1.5 }, { sequence: 1, colour: 'red' }, { name: 'a' }, { sequence: 1, name: 4 }];
      for (const row of wrong) {
        const changes: RecordChange[] = [alertOf(9), { table: 'alerts', row }];
        await assert.rejects(store.apply('records', changes, undefined, positionAt(1)), { name: 'AssertionError' });
      }
      assert.equal(await store.count('alerts'), 0);
    });

    test('pages by key and by date hold every row once, in both directions', async (t) => {
      const store = await openFor(t, await place.empty(t));
      const alerts = Array.from({ length: 25 }, (_, index) => alertOf(index, { raised_at: 100 - (index % 5) }));
      await store.write(alerts);
      for (const sortBy of ['key', 'date'] as const) {
        const pages: unknown[][] = [];
        for (const order of ['ascending', 'descending'] as const) {
          const seen: number[] = [];
          let page = await store.rows('alerts', { limit: 7, sortBy, order });
          while (page.length > 0) {
            seen.push(...page.map((row) => Number(row['sequence'])));
            const last = page.at(-1);
            page = last === undefined ? [] : await store.rows('alerts', { limit: 7, sortBy, order, after: last });
          }
          assert.equal(new Set(seen).size, 25);
          pages.push(seen);
        }
        assert.deepEqual(pages[0], pages[1]?.toReversed());
      }
      const newest = await store.rows('alerts', { limit: 2, sortBy: 'date', order: 'descending' });
      assert.deepEqual(newest, [alertOf(20, { raised_at: 100 }).row, alertOf(15, { raised_at: 100 }).row]);
    });

    test('rows are found by the values of their columns, and none are read without a bound', async (t) => {
      const store = await openFor(t, await place.empty(t));
      await store.write([alertOf(1), alertOf(2, { name: 'other', cleared_at: 5 }), alertOf(3)]);
      assert.deepEqual(await store.rows('alerts', { where: { name: 'other' } }), [
        alertOf(2, { name: 'other', cleared_at: 5 }).row,
      ]);
      assert.deepEqual(await store.rows('alerts', { where: { cleared_at: null }, limit: 1 }), [alertOf(1).row]);
      for (const limit of [0, rowsMax + 1])
        await assert.rejects(store.rows('alerts', { limit }), { name: 'AssertionError' });
    });

    test('rows older than their table keeps them are deleted, those of other runs and tables are not', async (t) => {
      const url = await place.empty(t);
      const [store, other] = [await openFor(t, url), await openFor(t, url, 'run-b')];
      const nowAt = 1_000 * dayMs;
      const dated = (sequence: number, age: number): RecordChange =>
        alertOf(sequence, { raised_at: nowAt - age * dayMs });
      const old = { ...emptyRow('orders'), client_order_id: 'o', changed_at: 1 };
      for (const each of [store, other])
        await each.write([dated(1, 366), dated(2, 365), dated(3, 1), recordOf('orders', old)]);
      assert.deepEqual(await store.prune({}, nowAt), { alerts: 1 });
      assert.equal(await store.count('alerts'), 2);
      assert.deepEqual(await store.prune({ alerts: 2, orders: 10 }, nowAt), { alerts: 1, orders: 1 });
      assert.deepEqual(await store.prune({ alerts: null }, nowAt + 10_000 * dayMs), {});
      assert.deepEqual(await allRows(store, 'alerts'), [dated(3, 1).row]);
      assert.equal(await other.count('alerts'), 3);
    });

    test('more old rows than one transaction deletes are all deleted', async (t) => {
      const store = await openFor(t, await place.empty(t));
      await store.write(Array.from({ length: 12_000 }, (_, index) => alertOf(index, { raised_at: 0 })));
      assert.deepEqual(await store.prune({}, 1_000 * dayMs), { alerts: 12_000 });
    });
  });
}

test('a lively day folded into either database is the same to the last figure', {
  skip: missingDatabase,
}, async (t) => {
  const entries = entriesOf(livelyRun().events);
  const digests: string[] = [];
  for (const { empty } of places) {
    const store = await openFor(t, await empty(t), 'run');
    const fold = new RecordFold();
    let from: ProjectionPosition | undefined;
    for (let index = 0; index < entries.length; index += 700) {
      const changes = fold.fold(entries.slice(index, index + 700));
      const to = positionAt(index, { runId: 'run', state: JSON.stringify(fold.state) });
      await store.apply('records', changes, from, to);
      fold.restart();
      from = to;
    }
    digests.push(await store.digest('records'));
    const orders = await allRows(store, 'orders');
    assert.deepEqual(orders, fold.rows('orders').toSorted(byOrderId));
    assert.ok(orders.length > 20, `${orders.length} orders`);
  }
  assert.equal(digests[0], digests[1]);
});

function byOrderId(a: ReadRow, b: ReadRow): number {
  return String(a['client_order_id']) < String(b['client_order_id']) ? -1 : 1;
}

test('a password is never told', { skip: missingDatabase }, async () => {
  const { port } = new URL(serverUrl());
  const secret = 's3cret%2Fword';
  const urls = [
    `postgres://tradewind:${secret}@127.0.0.1:1/records`,
    `postgres://tradewind:${secret}@127.0.0.1:${port}/s3cret%2Fword`,
    `postgres://tradewind@127.0.0.1:1/records?password=${secret}`,
  ];
  for (const url of urls) {
    await assert.rejects(openRecordStore({ url, runId: 'run-a' }), (error: Error) => {
      assert.equal(Reflect.get(error, 'code'), 'unreachable');
      assert.doesNotMatch(`${error.message}\n${error.stack}\n${JSON.stringify(error)}`, /s3cret\/word|:s3cret/);
      return true;
    });
  }
});

test('a file that cannot be opened is told by its path', async () => {
  const url = 'sqlite:/nowhere/at/all/records.sqlite';
  await assert.rejects(openRecordStore({ url, runId: 'run-a' }), (error: Error) => {
    assert.equal(Reflect.get(error, 'code'), 'unreachable');
    assert.match(error.message, /'sqlite:\/nowhere\/at\/all\/records\.sqlite' failed: unable to open database file/);
    return true;
  });
});

/** Any row of the models, in whatever words. */
const anyText = fc.option(
  fc.string({ unit: 'grapheme', maxLength: 20 }).map((text) => text.replaceAll('\0', '')),
  { nil: null },
);
const anyJson = fc.option(fc.json(), { nil: null });
const anyTime = fc.option(fc.maxSafeInteger(), { nil: null });
const modelRow = fc.record(
  {
    model_id: fc.constantFrom('a', 'b', 'c\'"\\{},', 'ü€𝄞'),
    type: anyText,
    version: anyText,
    status: anyText,
    metrics: anyJson,
    config: anyJson,
    data_from_at: anyTime,
    data_until_at: anyTime,
    feature_count: anyTime,
    file: anyText,
    size_bytes: anyTime,
    notes: anyText,
    created_at: anyTime,
    promoted_at: anyTime,
    retired_at: anyTime,
    trace_id: anyText,
  },
  { noNullPrototype: true },
);
