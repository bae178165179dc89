import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { type TestContext, test } from 'node:test';
import { openStreamTables } from './file-stream-tables.ts';

function pathOf(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'tradewind-streams-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  return join(folder, 'streams.sqlite');
}

test('a file gets its tables once and keeps what is in them', (t) => {
  const path = pathOf(t);
  const first = openStreamTables(path, false);
  assert.equal(first.prepare('PRAGMA journal_mode').get()?.['journal_mode'], 'wal');
  assert.equal(first.prepare('PRAGMA synchronous').get()?.['synchronous'], 1);
  first.exec("INSERT INTO patterns VALUES ('monitoring', 'order.*')");
  first.close();
  for (const readOnly of [false, true]) {
    const again = openStreamTables(path, readOnly);
    assert.equal(again.prepare('SELECT count(*) AS count FROM patterns').get()?.['count'], 1);
    again.close();
  }
});

test('a file of another version is refused as it is', (t) => {
  const path = pathOf(t);
  const ours = openStreamTables(path, false);
  ours.exec("INSERT INTO patterns VALUES ('monitoring', 'order.*'); PRAGMA user_version = 99");
  ours.close();
  const advice = 'without the file the bus is filled anew, and groups act again on what they have handled';
  const refusal = { code: 'failed', message: `'${path}' has streams of version '99', expected '1'; ${advice}` };
  assert.throws(() => openStreamTables(path, false), refusal);
  assert.throws(() => openStreamTables(path, true), refusal);
  const kept = new DatabaseSync(path);
  assert.equal(kept.prepare('SELECT count(*) AS count FROM patterns').get()?.['count'], 1);
  kept.close();
});

test('what is no database is refused, and what is absent cannot be read', (t) => {
  const path = pathOf(t);
  assert.throws(() => openStreamTables(path, true), { name: 'BusError', code: 'unreachable' });
  assert.throws(() => openStreamTables(join(path, 'deeper'), false), { name: 'BusError', code: 'unreachable' });
  writeFileSync(path, 'these are no streams, but it is long enough to look like a file of something else'.repeat(20));
  assert.throws(() => openStreamTables(path, false), { name: 'BusError', code: 'failed' });
});

test('a file that another process holds while it is made is unreachable meanwhile', (t) => {
  const path = pathOf(t);
  const other = new DatabaseSync(path);
  other.exec('PRAGMA journal_mode = WAL; BEGIN IMMEDIATE');
  assert.throws(() => openStreamTables(path, false), { name: 'BusError', code: 'unreachable' });
  other.exec('ROLLBACK');
  openStreamTables(path, false).close();
  other.close();
});
