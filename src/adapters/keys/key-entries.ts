import type { DatabaseSync, StatementSync } from 'node:sqlite';

/** What a key holds, as the file names it. */
export type EntryType = 'text' | 'compressed' | 'sortedSet' | 'list' | 'hash';

/** A key of the file, without what it holds. */
export interface Entry {
  readonly id: number;
  readonly type: EntryType;
  /** Ms UTC, null where its life never ends. */
  readonly expiresAt: number | null;
  /** Elements of a collection. */
  readonly size: number;
  /** Place of the first element of a list; those behind it follow without a gap. */
  readonly head: number;
}

const columns = 'id, type, expiresAt, size, head';
const contentTables = { sortedSet: 'member', list: 'item', hash: 'field' } as const;

/** Finds entries and removes them with what they hold. A key whose life is over is none. */
export class KeyEntries {
  readonly #database: DatabaseSync;
  readonly #find: StatementSync;
  readonly #expired: StatementSync;
  readonly #owned: StatementSync;
  readonly #remove: StatementSync;
  readonly #clear: Readonly<Record<keyof typeof contentTables, StatementSync>>;

  constructor(database: DatabaseSync) {
    this.#database = database;
    this.#find = database.prepare(`SELECT ${columns} FROM entry WHERE key = ?`);
    this.#expired = database.prepare(`SELECT ${columns} FROM entry WHERE expiresAt <= ? ORDER BY expiresAt LIMIT ?`);
    this.#owned = database.prepare(`SELECT ${columns} FROM entry WHERE owner = ?`);
    this.#remove = database.prepare('DELETE FROM entry WHERE id = ?');
    this.#clear = {
      sortedSet: database.prepare('DELETE FROM member WHERE entryId = ?'),
      list: database.prepare('DELETE FROM item WHERE entryId = ?'),
      hash: database.prepare('DELETE FROM field WHERE entryId = ?'),
    };
  }

  /** The entry of a key, whether its life is over or not. */
  find(key: string): Entry | undefined {
    return this.#find.get(key) as Entry | undefined;
  }

  findLiving(key: string, now: number): Entry | undefined {
    const entry = this.find(key);
    return entry === undefined || isOver(entry, now) ? undefined : entry;
  }

  remove(entry: Entry): void {
    this.clear(entry);
    this.#remove.run(entry.id);
  }

  /** Removes what an entry holds outside of itself. */
  clear({ id, type }: Entry): void {
    if (type === 'sortedSet' || type === 'list' || type === 'hash') this.#clear[type].run(id);
  }

  /** Removes keys whose life is over, the oldest first, `max` of them at most. */
  purge(now: number, max: number): void {
    for (const entry of this.#expired.all(now, max) as unknown as Entry[]) this.remove(entry);
  }

  removeOwned(owner: string): void {
    for (const entry of this.#owned.all(owner) as unknown as Entry[]) this.remove(entry);
  }

  /** Reading and writing in one step that is done whole or not at all. */
  transaction(work: () => void): void {
    this.#database.exec('BEGIN IMMEDIATE');
    try {
      work();
      this.#database.exec('COMMIT');
    } catch (error) {
      // A failure of the disk may have ended the transaction already.
      if (this.#database.isTransaction) this.#database.exec('ROLLBACK');
      throw error;
    }
  }
}

/** True where the life of a key is over. */
export function isOver({ expiresAt }: Pick<Entry, 'expiresAt'>, now: number): boolean {
  return expiresAt !== null && expiresAt <= now;
}
