import assert from 'node:assert/strict';
import { test } from 'node:test';
import { planKeyChanges } from '#domain/keys/key-batch.ts';
import type { KeyChange } from '#domain/keys/key-change.ts';
import { KeyStoreError } from '#domain/keys/key-store-error.ts';
import { KeyEntries } from './key-entries.ts';
import { openKeyTables } from './key-tables.ts';
import { KeyWriter } from './key-writer.ts';

function open() {
  const database = openKeyTables(':memory:', false);
  const writer = new KeyWriter(database, new KeyEntries(database));
  const write = (owner: string, now: number, ...changes: KeyChange[]): void =>
    writer.write(planKeyChanges(changes), { owner, now, compressed: new Map() });
  const rows = (query: string): unknown[] =>
    database
      .prepare(query)
      .all()
      .map((row) => Object.values(row));
  return { database, write, rows };
}

const push = (value: string, ttlMs: number | null): KeyChange => ({ type: 'push', key: 'list', value, keep: 2, ttlMs });

test('a list is written before its head and cut behind its keep', () => {
  const { database, write, rows } = open();
  write('mirror', 100, push('a', null), push('b', null), push('c', 50));
  assert.deepEqual(rows('SELECT place, value FROM item ORDER BY place'), [
    [-3, 'c'],
    [-2, 'b'],
  ]);
  assert.deepEqual(rows('SELECT owner, expiresAt, size, head FROM entry'), [['mirror', 150, 2, -3]]);
  database.close();
});

test('a key whose life is over begins anew', () => {
  const { database, write, rows } = open();
  write('mirror', 100, push('a', 50));
  write('mirror', 150, push('b', null));
  assert.deepEqual(rows('SELECT value FROM item'), [['b']]);
  assert.deepEqual(rows('SELECT expiresAt, size FROM entry'), [[null, 1]]);
  database.close();
});

test('a text leaves nothing of what stood there', () => {
  const { database, write, rows } = open();
  write('mirror', 1, { type: 'hash', key: 'k', fields: { a: '1' }, ttlMs: null });
  write('other', 1, { type: 'set', key: 'k', value: 'v', ttlMs: 9 });
  assert.deepEqual(rows('SELECT * FROM field'), []);
  assert.deepEqual(rows('SELECT type, owner, expiresAt, value FROM entry'), [['text', 'other', 10, 'v']]);
  database.close();
});

test('an emptied key is removed, and dropping members is no writing', () => {
  const { database, write, rows } = open();
  const add = (score: number): KeyChange => {
    return { type: 'add', key: 'k', score, member: `m${score}`, replacesScore: false, keep: null, ttlMs: 5 };
  };
  write('mirror', 1, add(1), add(2));
  write('other', 2, { type: 'dropBelow', key: 'k', score: 1 });
  assert.deepEqual(rows('SELECT owner, expiresAt, size FROM entry'), [['mirror', 6, 1]]);
  write('mirror', 2, { type: 'dropBelow', key: 'k', score: 2 });
  assert.deepEqual(rows('SELECT * FROM entry'), []);
  database.close();
});

test('a key of another type is told before anything is written to it', () => {
  const { database, write, rows } = open();
  write('mirror', 1, { type: 'set', key: 'list', value: 'v', ttlMs: null });
  assert.throws(
    () => write('mirror', 1, push('a', null)),
    (error) => error instanceof KeyStoreError && error.message === "expected 'list' at 'list', found 'text'",
  );
  assert.deepEqual(rows('SELECT * FROM item'), []);
  database.close();
});
