import { statSync } from 'node:fs';
import type { DatabaseSync } from 'node:sqlite';
import { checkProjectionName, type KeyBatch, planKeyChanges } from '#domain/keys/key-batch.ts';
import type { KeyChange } from '#domain/keys/key-change.ts';
import { KeyStoreError } from '#domain/keys/key-store-error.ts';
import type {
  KeyPage,
  KeyStore,
  KeyStoreInfo,
  KeyValue,
  KillSwitchReading,
  PublishedMessage,
  ScoredMember,
  ScoreRange,
} from '#domain/keys/key-value.ts';
import { killSwitchKey, killSwitchReading } from '#domain/keys/kill-switch-reading.ts';
import type { ProjectionPosition } from '#domain/projection-position.ts';
import { StaleWriterError } from '#domain/stale-writer-error.ts';
import type { TimePort } from '#engine/ports.ts';
import { compressTexts } from './compress-texts.ts';
import { KeyEntries } from './key-entries.ts';
import { KeyPositions } from './key-positions.ts';
import { KeyReader } from './key-reader.ts';
import { openKeyTables } from './key-tables.ts';
import { KeyWriter } from './key-writer.ts';

export interface KeyFileOptions {
  /** Says when the life of a key is over. */
  readonly time: TimePort;
  /** For another process than the one that writes; the file must exist. */
  readonly readOnly?: boolean;
  /** Hears what is published, once the transaction is done; nobody else does. */
  onPublish?(message: PublishedMessage): void;
}

/** Keys removed beside the writing of a batch because their life is over. */
const purgeMax = 1_000;

/**
 * Opens the embedded key store, a file in the data folder. Throws a `KeyStoreError` of code `unreachable` where a file to be read is
 * absent, and of code `failed` where the file is no key store.
 */
export function openKeyFile(path: string, options: KeyFileOptions): KeyStore {
  return new KeyFile(path, options);
}

class KeyFile implements KeyStore {
  readonly #path: string;
  readonly #options: KeyFileOptions;
  readonly #database: DatabaseSync;
  readonly #entries: KeyEntries;
  readonly #positions: KeyPositions;
  readonly #reader: KeyReader;
  readonly #writer: KeyWriter;

  constructor(path: string, options: KeyFileOptions) {
    this.#path = path;
    this.#options = options;
    this.#database = openKeyTables(path, options.readOnly ?? false);
    this.#entries = new KeyEntries(this.#database);
    this.#positions = new KeyPositions(this.#database);
    this.#reader = new KeyReader(this.#database, this.#entries);
    this.#writer = new KeyWriter(this.#database, this.#entries);
  }

  async position(name: string): Promise<ProjectionPosition | undefined> {
    return this.#ask('reading a position', () => this.#positions.find(name));
  }

  async apply(
    name: string,
    changes: readonly KeyChange[],
    from: ProjectionPosition | undefined,
    to: ProjectionPosition,
  ): Promise<void> {
    checkProjectionName(name);
    const batch = planKeyChanges(changes);
    // Packing takes longest; nobody waits for it behind a lock.
    const compressed = await compressTexts(batch.changes);
    this.#ask(`writing for '${name}'`, () => {
      this.#entries.transaction(() => {
        const now = this.#options.time.now();
        refuseStale(name, from, this.#positions.find(name));
        this.#entries.purge(now, purgeMax);
        this.#writer.write(batch, { owner: name, now, compressed });
        this.#positions.put(name, to);
      });
    });
    this.#publish(batch);
  }

  async wipe(name: string): Promise<void> {
    this.#ask(`removing what '${name}' wrote`, () => {
      this.#entries.transaction(() => {
        this.#entries.removeOwned(name);
        this.#positions.remove(name);
      });
    });
  }

  async get(key: string): Promise<KeyValue | undefined> {
    return this.#ask(`reading '${key}'`, () => this.#reader.get(key, this.#options.time.now()));
  }

  async list(pattern: string, limit: number, cursor?: string): Promise<KeyPage> {
    const now = this.#options.time.now();
    return this.#ask('listing keys', () => this.#reader.list(pattern, { limit, cursor, now }));
  }

  async range(key: string, range: ScoreRange): Promise<readonly ScoredMember[]> {
    return this.#ask(`reading '${key}'`, () => this.#reader.range(key, range, this.#options.time.now()));
  }

  async info(): Promise<KeyStoreInfo> {
    const { time } = this.#options;
    const startedAt = time.monotonic();
    try {
      const keys = this.#ask('counting keys', () => this.#reader.count());
      const version = String(this.#database.prepare('SELECT sqlite_version() AS version').get()?.['version']);
      const memoryBytes = sizeOf(this.#path) + sizeOf(`${this.#path}-wal`);
      const latencyMs = time.monotonic() - startedAt;
      return { isReachable: true, latencyMs, version: `SQLite ${version}`, memoryBytes, memoryLimitBytes: null, keys };
    } catch (error) {
      return { isReachable: false, reason: error instanceof Error ? error.message : String(error) };
    }
  }

  async readKillSwitch(): Promise<KillSwitchReading> {
    const value = await this.get(killSwitchKey);
    if (value === undefined) return 'absent';
    return value.type === 'text' ? killSwitchReading(value.value) : 'engaged';
  }

  async close(): Promise<void> {
    if (this.#database.isOpen) this.#database.close();
  }

  #publish({ changes }: KeyBatch): void {
    const { onPublish } = this.#options;
    if (onPublish === undefined) return;
    for (const change of changes) {
      if (change.type === 'publish') onPublish({ channel: change.channel, message: change.message });
    }
  }

  /** The one place where a failure of the file is caught and told in our words; our own mistakes go on as they are. */
  #ask<T>(what: string, work: () => T): T {
    if (!this.#database.isOpen) throw new KeyStoreError('unreachable', `the key store '${this.#path}' is closed`);
    try {
      return work();
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'ERR_SQLITE_ERROR')) throw error;
      throw new KeyStoreError('failed', `${what} in '${this.#path}' failed: ${error.message}`);
    }
  }
}

function refuseStale(name: string, from: ProjectionPosition | undefined, stored: ProjectionPosition | undefined): void {
  if (from?.runId === stored?.runId && from?.sequence === stored?.sequence) return;
  throw new StaleWriterError(name, from, stored);
}

function sizeOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0;
}
