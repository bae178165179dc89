import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { gunzipSync } from 'node:zlib';
import { assert } from '#base/assert.ts';
import { keyElementsMax, keyPageMax, keyTextBytesMax } from '#domain/keys/key-limits.ts';
import { literalPrefix, matchesKeyPattern } from '#domain/keys/key-pattern.ts';
import { KeyStoreError } from '#domain/keys/key-store-error.ts';
import type { KeyPage, KeyValue, ScoredMember, ScoreRange } from '#domain/keys/key-value.ts';
import type { Entry, KeyEntries } from './key-entries.ts';

/** Reads keys from the tables as they are at a time, in ms UTC. */
export class KeyReader {
  readonly #entries: KeyEntries;
  readonly #value: StatementSync;
  readonly #members: StatementSync;
  readonly #items: StatementSync;
  readonly #fields: StatementSync;
  readonly #names: StatementSync;
  readonly #oldest: StatementSync;
  readonly #newest: StatementSync;
  readonly #count: StatementSync;

  constructor(database: DatabaseSync, entries: KeyEntries) {
    this.#entries = entries;
    this.#value = database.prepare('SELECT value FROM entry WHERE id = ?');
    this.#members = database.prepare(
      'SELECT score, member FROM member WHERE entryId = ? ORDER BY score, member LIMIT ?',
    );
    this.#items = database.prepare('SELECT value FROM item WHERE entryId = ? ORDER BY place LIMIT ?');
    this.#fields = database.prepare('SELECT name, value FROM field WHERE entryId = ? ORDER BY name LIMIT ?');
    this.#names = database.prepare(
      'SELECT key FROM entry WHERE key >= ? AND key > ? AND (expiresAt IS NULL OR expiresAt > ?) ORDER BY key',
    );
    const within = 'SELECT score, member FROM member WHERE entryId = ? AND score BETWEEN ? AND ?';
    this.#oldest = database.prepare(`${within} ORDER BY score, member LIMIT ?`);
    this.#newest = database.prepare(`${within} ORDER BY score DESC, member DESC LIMIT ?`);
    this.#count = database.prepare('SELECT count(*) AS count FROM entry');
  }

  get(key: string, now: number): KeyValue | undefined {
    const entry = this.#entries.findLiving(key, now);
    return entry === undefined ? undefined : this.#valueOf(key, entry, now);
  }

  list(pattern: string, { limit, cursor, now }: { limit: number; cursor: string | undefined; now: number }): KeyPage {
    assert(limit >= 1 && limit <= keyPageMax, `a page has 1 to ${keyPageMax} keys, found '${limit}'`);
    const prefix = literalPrefix(pattern);
    const keys: string[] = [];
    for (const row of this.#names.iterate(prefix, cursor ?? '', now)) {
      const key = String(row['key']);
      if (!key.startsWith(prefix)) break;
      if (!matchesKeyPattern(key, pattern)) continue;
      if (keys.length === limit) return { keys, cursor: keys.at(-1) };
      keys.push(key);
    }
    return { keys, cursor: undefined };
  }

  range(key: string, { from, to, limit, newestFirst = false }: ScoreRange, now: number): ScoredMember[] {
    assert(limit >= 1 && limit <= keyElementsMax, `a range has 1 to ${keyElementsMax} members, found '${limit}'`);
    const entry = this.#entries.findLiving(key, now);
    if (entry === undefined) return [];
    if (entry.type !== 'sortedSet') {
      throw new KeyStoreError('wrongType', `expected 'sortedSet' at '${key}', found '${entry.type}'`);
    }
    return membersOf((newestFirst ? this.#newest : this.#oldest).all(entry.id, from, to, limit));
  }

  /** Those whose life is over and that are not removed yet are counted too, as a server does. */
  count(): number {
    return Number(this.#count.get()?.['count']);
  }

  #valueOf(key: string, entry: Entry, now: number): KeyValue {
    const ttlMs = entry.expiresAt === null ? null : entry.expiresAt - now;
    const { id, type } = entry;
    switch (type) {
      case 'text':
        return { type, value: String(this.#value.get(id)?.['value']), ttlMs };
      case 'compressed':
        return { type, value: unpacked(key, this.#value.get(id)?.['value']), ttlMs };
      case 'sortedSet':
        return { type, members: membersOf(bounded(key, this.#members.all(id, keyElementsMax + 1))), ttlMs };
      case 'list':
        return {
          type,
          values: bounded(key, this.#items.all(id, keyElementsMax + 1)).map((row) => String(row['value'])),
          ttlMs,
        };
      case 'hash': {
        const fields = bounded(key, this.#fields.all(id, keyElementsMax + 1)).map((row) => [row['name'], row['value']]);
        return { type, fields: Object.fromEntries(fields), ttlMs };
      }
    }
  }
}

type Row = Record<string, unknown>;

function bounded<R extends Row>(key: string, rows: R[]): R[] {
  if (rows.length <= keyElementsMax) return rows;
  throw new KeyStoreError('tooMany', `'${key}' holds more than the ${keyElementsMax} elements that are read at most`);
}

function membersOf(rows: readonly Row[]): ScoredMember[] {
  return rows.map((row) => ({ score: Number(row['score']), member: String(row['member']) }));
}

function unpacked(key: string, value: unknown): string {
  assert(value instanceof Uint8Array, `the compressed text of '${key}' is kept as bytes`);
  try {
    return gunzipSync(value, { maxOutputLength: keyTextBytesMax }).toString();
  } catch (error) {
    throw new KeyStoreError('failed', `'${key}' cannot be unpacked: ${String(error)}`);
  }
}
