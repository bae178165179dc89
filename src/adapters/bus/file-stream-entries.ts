import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { type EntryIdParts, firstEntryId, nextEntryId, parseEntryId } from './entry-id.ts';

/** A stream of the file. */
export interface FileStream {
  readonly id: number;
  /** The id of the last entry it was given. */
  readonly lastMs: number;
  readonly lastCount: number;
}

/** An entry that is to be appended, under one id to all of its streams. */
export interface AppendedEntry {
  readonly streams: readonly string[];
  readonly text: string;
  /** The only group it is meant for; null for all. */
  readonly onlyFor: string | null;
}

export interface ListedEntry {
  readonly id: string;
  readonly text: string;
}

/** The streams of the file and what lies in them. Ids come from one clock, so that they order all streams together. */
export class FileStreamEntries {
  readonly #find: StatementSync;
  readonly #make: StatementSync;
  readonly #moveLast: StatementSync;
  readonly #names: StatementSync;
  readonly #clock: StatementSync;
  readonly #moveClock: StatementSync;
  readonly #append: StatementSync;
  readonly #after: StatementSync;
  readonly #length: StatementSync;
  readonly #countBefore: StatementSync;
  readonly #idAt: StatementSync;
  readonly #remove: StatementSync;
  readonly #forgetPending: StatementSync;
  readonly #dropBefore: StatementSync;
  readonly #wipe: readonly StatementSync[];

  constructor(database: DatabaseSync) {
    const prepare = (sql: string): StatementSync => database.prepare(sql);
    this.#find = prepare('SELECT id, lastMs, lastCount FROM stream WHERE name = ?');
    this.#make = prepare('INSERT INTO stream (name, holdsLetters, lastMs, lastCount) VALUES (?, ?, 0, 0)');
    this.#moveLast = prepare('UPDATE stream SET lastMs = ?, lastCount = ? WHERE id = ?');
    // A stream that was made for a group only was never written.
    this.#names = prepare(
      'SELECT name FROM stream WHERE holdsLetters = ? AND (lastMs, lastCount) > (0, 0) ORDER BY name',
    );
    this.#clock = prepare('SELECT ms, count FROM clock');
    this.#moveClock = prepare('UPDATE clock SET ms = ?, count = ?');
    this.#append = prepare('INSERT INTO entry (streamId, ms, count, text, onlyFor) VALUES (?, ?, ?, ?, ?)');
    this.#after = prepare(
      'SELECT ms, count, text FROM entry WHERE streamId = ? AND (ms, count) > (?, ?) ORDER BY ms, count LIMIT ?',
    );
    this.#length = prepare('SELECT count(*) AS count FROM entry WHERE streamId = ?');
    this.#countBefore = prepare('SELECT count(*) AS count FROM entry WHERE streamId = ? AND (ms, count) < (?, ?)');
    this.#idAt = prepare('SELECT ms, count FROM entry WHERE streamId = ? ORDER BY ms, count LIMIT 1 OFFSET ?');
    this.#remove = prepare('DELETE FROM entry WHERE streamId = ? AND ms = ? AND count = ?');
    this.#forgetPending = prepare(
      'DELETE FROM pending WHERE groupId IN (SELECT id FROM consumerGroup WHERE streamId = ?) AND (ms, count) < (?, ?)',
    );
    this.#dropBefore = prepare('DELETE FROM entry WHERE streamId = ? AND (ms, count) < (?, ?)');
    this.#wipe = [
      'DELETE FROM pending',
      'DELETE FROM consumer',
      'DELETE FROM consumerGroup',
      'DELETE FROM entry WHERE streamId IN (SELECT id FROM stream WHERE holdsLetters = 0)',
      'DELETE FROM stream WHERE holdsLetters = 0',
    ].map(prepare);
  }

  find(name: string): FileStream | undefined {
    return this.#find.get(name) as FileStream | undefined;
  }

  make(name: string, holdsLetters = false): FileStream {
    const found = this.find(name);
    if (found !== undefined) return found;
    const { lastInsertRowid } = this.#make.run(name, Number(holdsLetters));
    return { id: Number(lastInsertRowid), lastMs: 0, lastCount: 0 };
  }

  /** The streams that were written, sorted; those of dead letters or all others. */
  names(holdLetters: boolean): string[] {
    return this.#names.all(Number(holdLetters)).map(({ name }) => String(name));
  }

  /** Appends entries under the next ids at an instant, and makes the streams that are absent. */
  append(entries: readonly AppendedEntry[], now: number, holdsLetters = false): void {
    if (entries.length === 0) return;
    const streamIds = new Map<string, number>();
    const lastByStream = new Map<number, EntryIdParts>();
    let id = idOf(this.#clock.get());
    for (const { streams, text, onlyFor } of entries) {
      id = nextEntryId(id, Math.floor(now));
      const parts = parseEntryId(id);
      for (const name of streams) {
        const streamId = streamIds.get(name) ?? this.make(name, holdsLetters).id;
        streamIds.set(name, streamId);
        this.#append.run(streamId, parts.ms, parts.count, text, onlyFor);
        lastByStream.set(streamId, parts);
      }
    }
    for (const [streamId, { ms, count }] of lastByStream) this.#moveLast.run(ms, count, streamId);
    const { ms, count } = parseEntryId(id);
    this.#moveClock.run(ms, count);
  }

  /** Entries behind an id, in their order. */
  after(streamId: number, id: string, limit: number): ListedEntry[] {
    const { ms, count } = parseEntryId(id);
    return this.#after.all(streamId, ms, count, limit).map((row) => ({ id: idOf(row), text: String(row['text']) }));
  }

  length(streamId: number): number {
    return Number(this.#length.get(streamId)?.['count']);
  }

  countBefore(streamId: number, id: string): number {
    const { ms, count } = parseEntryId(id);
    return Number(this.#countBefore.get(streamId, ms, count)?.['count']);
  }

  idAt(streamId: number, offset: number): string | undefined {
    const row = this.#idAt.get(streamId, offset);
    return row === undefined ? undefined : idOf(row);
  }

  /** True where it was there. */
  remove(streamId: number, id: string): boolean {
    const { ms, count } = parseEntryId(id);
    return Number(this.#remove.run(streamId, ms, count).changes) > 0;
  }

  /** Removes what comes before an id, and the deliveries of it, which nobody could take up any more; tells how many entries went. */
  dropBefore(streamId: number, id: string): number {
    const { ms, count } = parseEntryId(id);
    this.#forgetPending.run(streamId, ms, count);
    return Number(this.#dropBefore.run(streamId, ms, count).changes);
  }

  /** Removes every stream but those of dead letters, groups and all. The clock goes on. */
  wipe(): void {
    for (const statement of this.#wipe) statement.run();
  }
}

/** The entry id of a row. */
export function idOf(row: Readonly<Record<string, unknown>> | undefined): string {
  return row === undefined ? firstEntryId : `${Number(row['ms'])}-${Number(row['count'])}`;
}
