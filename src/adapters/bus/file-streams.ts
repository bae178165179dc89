import type { DatabaseSync } from 'node:sqlite';
import type { ProjectionPosition } from '#domain/projection-position.ts';
import { StaleWriterError } from '#domain/stale-writer-error.ts';
import type { TimePort } from '#engine/ports.ts';
import { BusError } from './bus-error.ts';
import { compareEntryIds, firstEntryId } from './entry-id.ts';
import { type AppendedEntry, FileStreamEntries } from './file-stream-entries.ts';
import { type FileGroup, FileStreamGroups } from './file-stream-groups.ts';
import { FileStreamNotes } from './file-stream-notes.ts';
import { isBusy, openStreamTables } from './file-stream-tables.ts';
import { Pauses } from './pauses.ts';
import type {
  ClaimOptions,
  DeadLetter,
  DroppedRecord,
  EntryPlace,
  GroupConsumer,
  OwnOptions,
  Publication,
  ReadOptions,
  Settlement,
  StoredDeadLetter,
  StreamDriver,
  StreamEntry,
  StreamReader,
  StreamReport,
} from './stream-driver.ts';

export interface FileStreamsOptions {
  /** For another process than the desk's, to look and not to touch; the file must exist, and what would write is refused. */
  readonly readOnly?: boolean;
}

const heldMax = 1_000;
/** A reader that waits is woken by what its own process appends, and looks this often for what others did. */
const lookMs = 250;

/**
 * The bus of a desk in a file of its data folder, or with ':memory:' in no file at all. Whatever is done is one transaction that takes
 * the file for itself, and nothing is remembered outside of the file: a second process that opens it for writing is safe, waits for its
 * turn, and is refused as a stale writer where it publishes from an old position; it hears of new entries within a quarter of a second.
 * Idle times are told by the clock on the wall, since a monotonic one does not outlive its process: where it is set back, deliveries are
 * claimed later.
 */
export class FileStreams implements StreamDriver {
  readonly #path: string;
  readonly #time: TimePort;
  readonly #isReadOnly: boolean;
  readonly #database: DatabaseSync;
  readonly #entries: FileStreamEntries;
  readonly #groups: FileStreamGroups;
  readonly #notes: FileStreamNotes;
  readonly #appends: Pauses;

  /** Throws a `BusError` of code `unreachable` where the file cannot be opened, of code `failed` where it is no file of streams. */
  constructor(path: string, time: TimePort, { readOnly = false }: FileStreamsOptions = {}) {
    this.#path = path;
    this.#time = time;
    this.#isReadOnly = readOnly;
    this.#database = openStreamTables(path, readOnly);
    this.#entries = new FileStreamEntries(this.#database);
    this.#groups = new FileStreamGroups(this.#database);
    this.#notes = new FileStreamNotes(this.#database);
    this.#appends = new Pauses(time);
  }

  async position(name: string): Promise<ProjectionPosition | undefined> {
    return this.#ask(`reading the position of '${name}'`, () => this.#notes.position(name));
  }

  async publish({ name, entries, from, to }: Publication): Promise<void> {
    this.#write('publishing', () => {
      const stored = this.#notes.position(name);
      if (stored?.runId !== from?.runId || stored?.sequence !== from?.sequence) {
        throw new StaleWriterError(name, from, stored);
      }
      this.#append(
        entries.map(({ typeStream, domainStream, text }) => ({
          streams: [typeStream, domainStream],
          text,
          onlyFor: null,
        })),
      );
      this.#notes.putPosition(name, to);
    });
    this.#appends.wake();
  }

  async wipe(name: string): Promise<void> {
    this.#write('emptying the streams', () => {
      this.#entries.wipe();
      this.#notes.removePosition(name);
    });
    this.#appends.wake();
  }

  async ensureGroup(group: string, streams: readonly string[]): Promise<void> {
    this.#write(`making group '${group}'`, () => {
      for (const stream of streams) this.#groups.make(this.#entries.make(stream).id, group);
    });
  }

  openReader(): StreamReader {
    let isClosed = false;
    const read = async (options: ReadOptions): Promise<StreamEntry[]> => {
      if (isClosed) return [];
      const found = this.#deliver(options);
      if (found.length > 0 || options.blockMs === 0) return found;
      await this.#appends.wait(Math.min(options.blockMs, lookMs));
      return isClosed ? [] : this.#deliver(options);
    };
    const close = (): void => {
      isClosed = true;
      this.#appends.wake();
    };
    return { read, close };
  }

  async readOwn({ stream, group, consumer, afterId, count }: OwnOptions): Promise<StreamEntry[]> {
    const asking = { consumer, count, now: this.#time.now() };
    return this.#write(`reading again from '${stream}'`, () =>
      this.#groups.deliverOwn(this.#group(stream, group), afterId, asking),
    );
  }

  async claimIdle({ stream, group, consumer, minIdleMs, count }: ClaimOptions): Promise<StreamEntry[]> {
    const now = this.#time.now();
    return this.#write(`claiming from '${stream}'`, () =>
      this.#groups.deliverIdle(this.#group(stream, group), now - minIdleMs, { consumer, count, now }),
    );
  }

  async heldBefore(options: GroupConsumer & EntryPlace & { readonly includesOwn: boolean }): Promise<StreamEntry[]> {
    const { stream, group, consumer, id, includesOwn } = options;
    return this.#ask(`asking who holds entries of '${stream}'`, () =>
      this.#groups.heldBefore(this.#group(stream, group), id, { consumer, count: heldMax }, includesOwn),
    );
  }

  async touch(options: GroupConsumer & { readonly stream: string; readonly ids: readonly string[] }): Promise<void> {
    const { stream, group, consumer, ids } = options;
    this.#write(`keeping entries of '${stream}'`, () => {
      const found = this.#group(stream, group);
      for (const id of ids) this.#groups.touch(found, id, { consumer, now: this.#time.now() });
    });
  }

  async settle({ group, acknowledged, processedIds, letters, at }: Settlement): Promise<void> {
    this.#write(`acknowledging for '${group}'`, () => {
      for (const id of processedIds) this.#notes.handle(group, id, at);
      const buried = letters.map(({ stream, letter }) => ({
        streams: [stream],
        text: JSON.stringify(letter),
        onlyFor: null,
      }));
      this.#append(buried, true);
      for (const [stream, places] of Map.groupBy(acknowledged, (place) => place.stream)) {
        const found = this.#groups.find(stream, group);
        if (found !== undefined) for (const { id } of places) this.#groups.acknowledge(found, id);
      }
    });
  }

  async handledSince(group: string, envelopeIds: readonly string[], sinceAt: number): Promise<boolean[]> {
    return this.#ask(`asking what '${group}' has handled`, () =>
      envelopeIds.map((id) => this.#notes.isHandled(group, id, sinceAt)),
    );
  }

  async forgetHandled(group: string, beforeAt: number): Promise<void> {
    this.#write(`forgetting what '${group}' has handled`, () => this.#notes.forgetHandled(group, beforeAt));
  }

  async keepPatterns(group: string, patterns: string): Promise<string | undefined> {
    return this.#write(`keeping the patterns of '${group}'`, () => this.#notes.keepPatterns(group, patterns));
  }

  async streams(): Promise<string[]> {
    return this.#ask('listing the streams', () => this.#entries.names(false));
  }

  async describe(stream: string): Promise<StreamReport> {
    return this.#ask(`describing '${stream}'`, () => {
      const found = this.#entries.find(stream);
      if (found === undefined) return { stream, length: 0, lastId: firstEntryId, groups: [] };
      // A group may go on while another process asks: its floor is then told too low, which drops nothing.
      const groups = this.#groups.reports(found.id, this.#time.now());
      const lastId = `${found.lastMs}-${found.lastCount}`;
      return { stream, length: this.#entries.length(found.id), lastId, groups };
    });
  }

  async countBefore(stream: string, id: string): Promise<number> {
    return this.#ask(`counting '${stream}'`, () => {
      const found = this.#entries.find(stream);
      return found === undefined ? 0 : this.#entries.countBefore(found.id, id);
    });
  }

  async idAt(stream: string, offset: number): Promise<string | undefined> {
    return this.#ask(`counting '${stream}'`, () => {
      const found = this.#entries.find(stream);
      return found === undefined ? undefined : this.#entries.idAt(found.id, offset);
    });
  }

  async dropBefore(stream: string, id: string, records: readonly DroppedRecord[]): Promise<number> {
    return this.#write(`trimming '${stream}'`, () => {
      this.#notes.addDropped(records);
      const found = this.#entries.find(stream);
      return found === undefined ? 0 : this.#entries.dropBefore(found.id, id);
    });
  }

  async droppedRecords(count: number): Promise<DroppedRecord[]> {
    return this.#ask('reading what was dropped', () => this.#notes.dropped(count));
  }

  async deadLetterStreams(): Promise<string[]> {
    return this.#ask('listing dead letters', () => this.#entries.names(true));
  }

  async deadLetters(stream: string, afterId: string, count: number): Promise<StoredDeadLetter[]> {
    return this.#ask(`reading '${stream}'`, () => {
      const found = this.#entries.find(stream);
      const letters = found === undefined ? [] : this.#entries.after(found.id, afterId, count);
      // Nobody else writes the stream.
      return letters.map(({ id, text }) => ({ id, letter: JSON.parse(text) as DeadLetter }));
    });
  }

  async reviveDeadLetter(stream: string, { id, letter }: StoredDeadLetter): Promise<boolean> {
    const isRevived = this.#write(`replaying '${id}' of '${stream}'`, () => {
      const found = this.#entries.find(stream);
      if (found === undefined || !this.#entries.remove(found.id, id)) return false;
      this.#append([{ streams: [letter.stream], text: letter.text, onlyFor: letter.group }]);
      return true;
    });
    if (isRevived) this.#appends.wake();
    return isRevived;
  }

  async removeDeadLetters(stream: string, ids: readonly string[]): Promise<number> {
    return this.#write(`purging '${stream}'`, () => {
      const found = this.#entries.find(stream);
      return found === undefined ? 0 : ids.filter((id) => this.#entries.remove(found.id, id)).length;
    });
  }

  async close(): Promise<void> {
    if (this.#database.isOpen) this.#database.close();
    this.#appends.end();
  }

  #append(entries: readonly AppendedEntry[], holdsLetters = false): void {
    this.#entries.append(entries, this.#time.now(), holdsLetters);
  }

  #group(stream: string, group: string): FileGroup {
    const found = this.#groups.find(stream, group);
    if (found === undefined) throw new BusError('noGroup', `stream '${stream}' has no group '${group}'`);
    return found;
  }

  #deliver({ streams, group, consumer, count }: ReadOptions): StreamEntry[] {
    const asking = { consumer, count, now: this.#time.now() };
    const delivered = this.#write(`reading for '${group}'`, () =>
      streams.flatMap((stream) => this.#groups.deliver(this.#group(stream, group), asking)),
    );
    return delivered.sort((left, right) => compareEntryIds(left.id, right.id));
  }

  /** Reading and writing in one step that is done whole or not at all. */
  #write<T>(what: string, work: () => T): T {
    if (this.#isReadOnly)
      throw new BusError('failed', `${what} is refused: '${this.#path}' was opened to be read only`);
    return this.#ask(what, () => {
      this.#database.exec('BEGIN IMMEDIATE');
      try {
        const result = work();
        this.#database.exec('COMMIT');
        return result;
      } catch (error) {
        // A failure of the disk may have ended the transaction already.
        if (this.#database.isTransaction) this.#database.exec('ROLLBACK');
        throw error;
      }
    });
  }

  /** The one place where a failure of the file is caught and told in our words; our own mistakes go on as they are. */
  #ask<T>(what: string, work: () => T): T {
    if (!this.#database.isOpen)
      throw new BusError('closed', `${what} is refused: the streams '${this.#path}' are closed`);
    try {
      return work();
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'ERR_SQLITE_ERROR')) throw error;
      throw new BusError(
        isBusy(error) ? 'unreachable' : 'failed',
        `${what} in '${this.#path}' failed: ${error.message}`,
      );
    }
  }
}
