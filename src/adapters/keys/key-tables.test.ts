import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { test } from 'node:test';
import { KeyStoreError } from '#domain/keys/key-store-error.ts';
import { openKeyTables } from './key-tables.ts';

test('a file gets its tables once, and loses what another version has written', (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'tradewind-keys-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const path = join(folder, 'keys.sqlite');
  const countOf = (database: DatabaseSync): unknown =>
    database.prepare('SELECT count(*) AS count FROM position').get()?.['count'];

  const first = openKeyTables(path, false);
  assert.equal(first.prepare('PRAGMA journal_mode').get()?.['journal_mode'], 'wal');
  assert.equal(first.prepare('PRAGMA synchronous').get()?.['synchronous'], 1);
  first.exec("INSERT INTO position VALUES ('mirror', 'run', 1, 1, 1, '{}')");
  first.close();

  const second = openKeyTables(path, false);
  assert.equal(countOf(second), 1);
  second.exec('PRAGMA user_version = 99');
  second.close();

  assert.throws(
    () => openKeyTables(path, true),
    (error) =>
      error instanceof KeyStoreError && error.code === 'failed' && /version '99', expected '1'/.test(error.message),
  );
  const third = openKeyTables(path, false);
  assert.equal(countOf(third), 0);
  third.close();
});

test('a database of somebody else keeps its other tables', (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'tradewind-keys-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const path = join(folder, 'keys.sqlite');
  const foreign = new DatabaseSync(path);
  foreign.exec('CREATE TABLE theirs (a INTEGER)');
  foreign.close();
  const ours = openKeyTables(path, false);
  assert.deepEqual(ours.prepare('SELECT * FROM theirs').all(), []);
  ours.close();
});
