import assert from 'node:assert/strict';
import { test } from 'node:test';
import { AssertionError } from '#base/assert.ts';
import { KeyStoreError } from '#domain/keys/key-store-error.ts';
import { KeyEntries } from './key-entries.ts';
import { KeyReader } from './key-reader.ts';
import { openKeyTables } from './key-tables.ts';

function open() {
  const database = openKeyTables(':memory:', false);
  return { database, reader: new KeyReader(database, new KeyEntries(database)) };
}

test('more elements than are read at once are told', () => {
  const { database, reader } = open();
  database.exec("INSERT INTO entry VALUES (1, 'list', 'list', 'mirror', NULL, 200001, 0, NULL)");
  database.exec(
    'WITH RECURSIVE place (n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM place WHERE n < 200000) ' +
      "INSERT INTO item SELECT 1, n, 'v' FROM place",
  );
  assert.throws(
    () => reader.get('list', 0),
    (error) => error instanceof KeyStoreError && error.code === 'tooMany' && /'list'.*200000/.test(error.message),
  );
  database.exec('DELETE FROM item WHERE place = 0');
  assert.equal(reader.get('list', 0)?.type, 'list');
  database.close();
});

test('a compressed text that is damaged is told', () => {
  const { database, reader } = open();
  database.exec("INSERT INTO entry VALUES (1, 'k', 'compressed', 'mirror', NULL, 0, 0, x'1f8b0800')");
  assert.throws(
    () => reader.get('k', 0),
    (error) =>
      error instanceof KeyStoreError && error.code === 'failed' && /'k' cannot be unpacked/.test(error.message),
  );
  database.close();
});

test('a page and a range have their bounds', () => {
  const { database, reader } = open();
  for (const limit of [0, 10_001, Number.NaN]) {
    assert.throws(() => reader.list('*', { limit, cursor: undefined, now: 0 }), AssertionError);
  }
  for (const limit of [0, 200_001]) {
    assert.throws(() => reader.range('k', { from: 0, to: 1, limit }, 0), AssertionError);
  }
  database.close();
});
