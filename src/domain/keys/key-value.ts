import type { ProjectionPosition } from '../projection-position.ts';
import type { KeyChange } from './key-change.ts';

/** A member of a sorted set. Members of one score are in the order of their UTF-8 bytes. */
export interface ScoredMember {
  readonly score: number;
  readonly member: string;
}

/** What a key holds; `ttlMs` is what is left of its life, null where it never ends. */
export type KeyValue =
  | { readonly type: 'text'; readonly value: string; readonly ttlMs: number | null }
  /** A text that the store keeps as gzip; the value is the text itself. */
  | { readonly type: 'compressed'; readonly value: string; readonly ttlMs: number | null }
  /** Ascending in score. */
  | { readonly type: 'sortedSet'; readonly members: readonly ScoredMember[]; readonly ttlMs: number | null }
  /** What was pushed last stands first. */
  | { readonly type: 'list'; readonly values: readonly string[]; readonly ttlMs: number | null }
  | { readonly type: 'hash'; readonly fields: Readonly<Record<string, string>>; readonly ttlMs: number | null };

/** A page of key names in the order of their UTF-8 bytes. */
export interface KeyPage {
  readonly keys: readonly string[];
  /** Given to the next call to go on behind this page; undefined at the end. */
  readonly cursor: string | undefined;
}

/** Which members of a sorted set are wanted. */
export interface ScoreRange {
  /** Both ends belong to the range; infinity is allowed. */
  readonly from: number;
  readonly to: number;
  /** From 1 to 200 000. */
  readonly limit: number;
  /** Descending in score, and so the highest ones where the limit cuts. */
  readonly newestFirst?: boolean;
}

/** How the store is, for health. */
export type KeyStoreInfo =
  | {
      readonly isReachable: true;
      /** How long the answer took. */
      readonly latencyMs: number;
      /** Of the program that keeps the keys. */
      readonly version: string;
      /** Memory of the server, or the size of the file with its log. */
      readonly memoryBytes: number;
      /** Where the server stops taking more; null where there is no such limit. */
      readonly memoryLimitBytes: number | null;
      /** How many keys there are; a server's own count holds those of others too. */
      readonly keys: number;
    }
  | { readonly isReachable: false; readonly reason: string };

/** What the key of the kill switch says. Who asks decides what an absent key means. */
export type KillSwitchReading = 'absent' | 'engaged' | 'released';

/** A message that was published, for listeners in the same process. */
export interface PublishedMessage {
  readonly channel: string;
  readonly message: string;
}

/**
 * The store behind the seeds' keys: a file in the data folder, or Valkey. It is the sink of projections, each with its own keys, and is
 * read by everything else.
 *
 * Every method rejects with a `KeyStoreError`, whose code says what is to be done, or, where another writer was there first, with a
 * `StaleWriterError`.
 */
export interface KeyStore {
  /** Where a projection stands; undefined where it has written nothing yet. */
  position(name: string): Promise<ProjectionPosition | undefined>;
  /**
   * All changes and the new position, or nothing. Refused as stale where the stored position is not `from`, as `wrongType` where a key
   * holds something of another type. After `unknown` the position tells whether the changes were made: read it, never send them again
   * unread. Changes that a later one of the same batch makes void are left out.
   */
  apply(
    name: string,
    changes: readonly KeyChange[],
    from: ProjectionPosition | undefined,
    to: ProjectionPosition,
  ): Promise<void>;
  /** Removes the keys that a projection has written, and its position. A key is written by one projection only. */
  wipe(name: string): Promise<void>;
  /** What a key holds, whole; undefined where it is absent or its life is over. Rejects with `tooMany` above 200 000 elements. */
  get(key: string): Promise<KeyValue | undefined>;
  /** Keys that match a pattern, in which a star stands for any text and a question mark for one character. At most 10 000 a page. */
  list(pattern: string, limit: number, cursor?: string): Promise<KeyPage>;
  /** Members of a sorted set by score; none where the key is absent. */
  range(key: string, range: ScoreRange): Promise<readonly ScoredMember[]>;
  /** Never rejects. */
  info(): Promise<KeyStoreInfo>;
  /** Everything but 0, false and False counts as engaged, a key of another type too. */
  readKillSwitch(): Promise<KillSwitchReading>;
  close(): Promise<void>;
}
