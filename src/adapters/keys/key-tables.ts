import { DatabaseSync } from 'node:sqlite';
import { KeyStoreError } from '#domain/keys/key-store-error.ts';

/** Raised with every change of the tables below; a file of another version is emptied, since it can be filled anew. */
const tablesVersion = 1;
/** How long another process that writes is waited for. */
const busyTimeoutMs = 1_000;

/**
 * A key is one entry; what it holds stands in the entry itself or, by the entry's number, in a table of its type. Sorted sets are found
 * by score and by member.
 */
const tables = `
CREATE TABLE entry (
  id INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE, type TEXT NOT NULL, owner TEXT NOT NULL, expiresAt INTEGER,
  size INTEGER NOT NULL, head INTEGER NOT NULL, value ANY
) STRICT;
CREATE INDEX entryExpiry ON entry (expiresAt) WHERE expiresAt IS NOT NULL;
CREATE TABLE member (
  entryId INTEGER NOT NULL, score REAL NOT NULL, member TEXT NOT NULL, PRIMARY KEY (entryId, score, member)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX memberName ON member (entryId, member);
CREATE TABLE item (
  entryId INTEGER NOT NULL, place INTEGER NOT NULL, value TEXT NOT NULL, PRIMARY KEY (entryId, place)
) STRICT, WITHOUT ROWID;
CREATE TABLE field (
  entryId INTEGER NOT NULL, name TEXT NOT NULL, value TEXT NOT NULL, PRIMARY KEY (entryId, name)
) STRICT, WITHOUT ROWID;
CREATE TABLE position (
  name TEXT PRIMARY KEY, runId TEXT NOT NULL, version INTEGER NOT NULL, sequence INTEGER NOT NULL, at INTEGER NOT NULL,
  state TEXT NOT NULL
) STRICT, WITHOUT ROWID;
PRAGMA user_version = ${tablesVersion};
`;

/**
 * Opens the file of the embedded key store and makes its tables where they are absent. The log of writes ahead lets others read while
 * one writes; a power cut may take the last transactions, each of them whole, and the projection then goes on from the older position.
 * Throws a `KeyStoreError` of code `unreachable` where there is no such file to read, and of code `failed` where it is none of ours.
 */
export function openKeyTables(path: string, readOnly: boolean): DatabaseSync {
  const database = openDatabase(path, readOnly);
  try {
    if (!readOnly) database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL');
    const found = versionOf(database);
    if (found === tablesVersion) return database;
    if (readOnly) {
      throw new KeyStoreError('failed', `'${path}' has tables of version '${found}', expected '${tablesVersion}'`);
    }
    makeTables(database);
    return database;
  } catch (error) {
    database.close();
    if (error instanceof KeyStoreError) throw error;
    throw new KeyStoreError('failed', `'${path}' is no key store: ${messageOf(error)}; without it, it is filled anew`);
  }
}

function openDatabase(path: string, readOnly: boolean): DatabaseSync {
  try {
    return new DatabaseSync(path, { readOnly, timeout: busyTimeoutMs });
  } catch (error) {
    throw new KeyStoreError('unreachable', `the key store '${path}' cannot be opened: ${messageOf(error)}`);
  }
}

function versionOf(database: DatabaseSync): unknown {
  return database.prepare('PRAGMA user_version').get()?.['user_version'];
}

function makeTables(database: DatabaseSync): void {
  database.exec('BEGIN IMMEDIATE');
  // Another process may have made them while this one waited.
  if (versionOf(database) !== tablesVersion) {
    for (const name of ['entry', 'member', 'item', 'field', 'position']) {
      database.exec(`DROP TABLE IF EXISTS ${name}`);
    }
    database.exec(tables);
  }
  database.exec('COMMIT');
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
