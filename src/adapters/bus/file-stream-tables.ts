import { DatabaseSync } from 'node:sqlite';
import { BusError, messageOf } from './bus-error.ts';

/** Raised with every change of the tables below. */
const tablesVersion = 1;
/** How long another process that writes is waited for. Nothing else goes on in this one meanwhile, and whoever asked asks again. */
const busyTimeoutMs = 250;
const advice = 'without the file the bus is filled anew, and groups act again on what they have handled';

/**
 * An entry id is kept in its two parts, so that the file compares ids as we do. An entry belongs to one stream, since the streams of a
 * type and of its domain are trimmed apart. Deliveries belong to a group on one stream; what a group has handled, to the group at large.
 */
const tables = `
CREATE TABLE stream (
  id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, holdsLetters INTEGER NOT NULL, lastMs INTEGER NOT NULL, lastCount INTEGER NOT NULL
) STRICT;
CREATE TABLE entry (
  id INTEGER PRIMARY KEY, streamId INTEGER NOT NULL, ms INTEGER NOT NULL, count INTEGER NOT NULL, text TEXT NOT NULL, onlyFor TEXT
) STRICT;
CREATE UNIQUE INDEX entryPlace ON entry (streamId, ms, count);
CREATE TABLE consumerGroup (
  id INTEGER PRIMARY KEY, streamId INTEGER NOT NULL, name TEXT NOT NULL, lastMs INTEGER NOT NULL, lastCount INTEGER NOT NULL,
  UNIQUE (streamId, name)
) STRICT;
CREATE TABLE consumer (
  groupId INTEGER NOT NULL, name TEXT NOT NULL, seenAt REAL NOT NULL, PRIMARY KEY (groupId, name)
) STRICT, WITHOUT ROWID;
CREATE TABLE pending (
  groupId INTEGER NOT NULL, ms INTEGER NOT NULL, count INTEGER NOT NULL, entryId INTEGER NOT NULL, consumer TEXT NOT NULL,
  deliveredAt REAL NOT NULL, deliveries INTEGER NOT NULL, PRIMARY KEY (groupId, ms, count)
) STRICT, WITHOUT ROWID;
CREATE TABLE handled (
  groupName TEXT NOT NULL, envelopeId TEXT NOT NULL, at REAL NOT NULL, PRIMARY KEY (groupName, envelopeId)
) STRICT, WITHOUT ROWID;
CREATE INDEX handledAt ON handled (groupName, at);
CREATE TABLE patterns (groupName TEXT PRIMARY KEY, patterns TEXT NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE dropped (id INTEGER PRIMARY KEY, record TEXT NOT NULL) STRICT;
CREATE TABLE clock (id INTEGER PRIMARY KEY CHECK (id = 1), ms INTEGER NOT NULL, count INTEGER NOT NULL) STRICT;
INSERT INTO clock VALUES (1, 0, 0);
CREATE TABLE position (
  name TEXT PRIMARY KEY, runId TEXT NOT NULL, version INTEGER NOT NULL, sequence INTEGER NOT NULL, at INTEGER NOT NULL,
  state TEXT NOT NULL
) STRICT, WITHOUT ROWID;
PRAGMA user_version = ${tablesVersion};
`;

/**
 * Opens the file of the streams and makes its tables where there are none. The log of writes ahead lets others read while one writes. What
 * is done outlives a killed process; a power cut may take the last transactions, each of them whole. Throws a `BusError` of code
 * `unreachable` where the file cannot be opened, and of code `failed` where it is none of ours or of another version: unlike a mirror it
 * holds what nobody can make again, so that it is never emptied.
 */
export function openStreamTables(path: string, readOnly: boolean): DatabaseSync {
  const database = openDatabase(path, readOnly);
  try {
    if (!readOnly) database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL');
    if (!readOnly && versionOf(database) === 0) makeTables(database);
    const found = versionOf(database);
    if (found === tablesVersion) return database;
    throw new BusError('failed', `'${path}' has streams of version '${found}', expected '${tablesVersion}'; ${advice}`);
  } catch (error) {
    database.close();
    if (error instanceof BusError) throw error;
    if (isBusy(error)) throw new BusError('unreachable', `'${path}' is held by another process: ${messageOf(error)}`);
    throw new BusError('failed', `'${path}' is no file of streams: ${messageOf(error)}; ${advice}`);
  }
}

function openDatabase(path: string, readOnly: boolean): DatabaseSync {
  try {
    return new DatabaseSync(path, { readOnly, timeout: busyTimeoutMs });
  } catch (error) {
    throw new BusError('unreachable', `the streams '${path}' cannot be opened: ${messageOf(error)}`);
  }
}

function versionOf(database: DatabaseSync): number {
  return Number(database.prepare('PRAGMA user_version').get()?.['user_version']);
}

function makeTables(database: DatabaseSync): void {
  database.exec('BEGIN IMMEDIATE');
  // Another process may have made them while this one waited.
  if (versionOf(database) === 0) database.exec(tables);
  database.exec('COMMIT');
}

/** The lowest byte of SQLite's result code where another process has held the file for too long: SQLITE_BUSY. */
const busyCode = 5;

/** True for an error that passes by itself, once another process is done with the file. */
export function isBusy(error: unknown): boolean {
  if (!(error instanceof Error && 'errcode' in error && typeof error.errcode === 'number')) return false;
  return (error.errcode & 0xff) === busyCode;
}
