import type { ProjectionPosition } from '#domain/projection-position.ts';

/** One entry of a stream as it was delivered to a consumer. */
export interface StreamEntry {
  readonly stream: string;
  readonly id: string;
  /** An envelope as JSON, unless somebody wrote something else. */
  readonly text: string;
  /** The only group it is meant for, where it is a dead letter told again; null for all. */
  readonly onlyFor: string | null;
  /** How often it was delivered, this time included. */
  readonly deliveries: number;
}

/** An envelope on its way into the two streams it belongs to. */
export interface OutgoingEntry {
  readonly typeStream: string;
  readonly domainStream: string;
  readonly text: string;
}

export interface Publication {
  /** The projection that publishes. */
  readonly name: string;
  readonly entries: readonly OutgoingEntry[];
  /** Where the writer believes the projection to stand; undefined where nothing is stored yet. */
  readonly from: ProjectionPosition | undefined;
  readonly to: ProjectionPosition;
}

export interface EntryPlace {
  readonly stream: string;
  readonly id: string;
}

/** What a group could not take, kept for a person to look at. */
export interface DeadLetter {
  /** What the stream held. */
  readonly text: string;
  readonly error: string;
  readonly attempts: number;
  /** Who gave up: the group's consumer. */
  readonly handler: string;
  readonly group: string;
  /** Where it lay. */
  readonly stream: string;
  readonly entryId: string;
  /** When it was given up, ms UTC. */
  readonly at: number;
}

export interface StoredDeadLetter {
  readonly id: string;
  readonly letter: DeadLetter;
}

/** The end of some deliveries, written at once or not at all. */
export interface Settlement {
  readonly group: string;
  readonly acknowledged: readonly EntryPlace[];
  /** Ids of the envelopes that were handled. */
  readonly processedIds: readonly string[];
  readonly letters: readonly { readonly stream: string; readonly letter: DeadLetter }[];
  /** Now, ms UTC. */
  readonly at: number;
}

export interface GroupConsumer {
  readonly group: string;
  readonly consumer: string;
}

/** A group's view of a stream. */
export interface GroupReport {
  readonly name: string;
  /** The first entry the group has not acknowledged, or the one after the last where it has acknowledged all. */
  readonly floorId: string;
  /** Delivered and not acknowledged. */
  readonly pending: number;
  readonly consumers: number;
  /** Milliseconds since a consumer of the group last asked for something; null where there is no consumer. */
  readonly idleMs: number | null;
}

export interface StreamReport {
  readonly stream: string;
  readonly length: number;
  readonly lastId: string;
  readonly groups: readonly GroupReport[];
}

/** What was dropped before a group had taken it. */
export interface DroppedRecord {
  readonly stream: string;
  readonly group: string;
  readonly fromId: string;
  readonly toId: string;
  readonly count: number;
  readonly at: number;
}

/** Takes new entries for a consumer; it may wait for them, so it has a connection of its own. */
export interface StreamReader {
  /**
   * New entries of several streams, at most a number of each, in the order of their ids. Waits up to a span where there are none; it may
   * come back early with nothing. With a span of 0 it does not wait, and is done after all that was asked of the driver before.
   */
  read(options: ReadOptions): Promise<StreamEntry[]>;
  close(): void;
}

export interface ReadOptions extends GroupConsumer {
  readonly streams: readonly string[];
  /** From each stream. */
  readonly count: number;
  readonly blockMs: number;
}

export interface ClaimOptions extends GroupConsumer {
  readonly stream: string;
  readonly minIdleMs: number;
  readonly count: number;
}

export interface OwnOptions extends GroupConsumer {
  readonly stream: string;
  readonly afterId: string;
  readonly count: number;
}

/**
 * The few things the bus asks of a store of streams. Two drivers do them: one over a file, one over Valkey. Every call may
 * reject with a `BusError`; then nothing, or everything, was done.
 */
export interface StreamDriver {
  position(name: string): Promise<ProjectionPosition | undefined>;
  /** Appends all entries and moves the position, at once. Rejects with a `StaleWriterError` where the position is not the expected one. */
  publish(publication: Publication): Promise<void>;
  /** Removes the position and every stream, groups and all. What was handled and what is dead stays known. */
  wipe(name: string): Promise<void>;

  /** Makes the group on each stream, from the first entry on, and the stream where it is absent; one that exists stays as it is. */
  ensureGroup(group: string, streams: readonly string[]): Promise<void>;
  openReader(): StreamReader;
  /** What was delivered to the consumer and never acknowledged, after an id. */
  readOwn(options: OwnOptions): Promise<StreamEntry[]>;
  /** Takes over entries that nobody has touched for a while, whoever held them. */
  claimIdle(options: ClaimOptions): Promise<StreamEntry[]>;
  /**
   * Entries before an id that are delivered to other consumers of the group and not acknowledged, or, where asked for, to this one; at most
   * 1000 are looked at.
   */
  heldBefore(options: GroupConsumer & EntryPlace & { readonly includesOwn: boolean }): Promise<StreamEntry[]>;
  /** Says that the consumer still has these in hand, so that they do not count as idle. What it lost meanwhile stays lost. */
  touch(options: GroupConsumer & { readonly stream: string; readonly ids: readonly string[] }): Promise<void>;
  settle(settlement: Settlement): Promise<void>;
  /** Which of the envelopes the group handled at or after an instant. Asked together with what is held, it costs one journey to the store. */
  handledSince(group: string, envelopeIds: readonly string[], sinceAt: number): Promise<boolean[]>;
  /** Forgets what the group handled before an instant. */
  forgetHandled(group: string, beforeAt: number): Promise<void>;
  /** Keeps the patterns of a group and tells those that were kept before. */
  keepPatterns(group: string, patterns: string): Promise<string | undefined>;

  /** Every stream that was written, sorted. */
  streams(): Promise<string[]>;
  describe(stream: string): Promise<StreamReport>;
  /** How many entries come before an id. */
  countBefore(stream: string, id: string): Promise<number>;
  /** The id of the entry that has so many before it; undefined where there are not that many. */
  idAt(stream: string, offset: number): Promise<string | undefined>;
  /** Removes what comes before an id and keeps a record of what groups lose by it, at once; tells how many were removed. */
  dropBefore(stream: string, id: string, records: readonly DroppedRecord[]): Promise<number>;
  droppedRecords(count: number): Promise<DroppedRecord[]>;

  deadLetterStreams(): Promise<string[]>;
  deadLetters(stream: string, afterId: string, count: number): Promise<StoredDeadLetter[]>;
  /** Moves a dead letter back to the stream it came from, for its group only; false where it is gone. */
  reviveDeadLetter(stream: string, stored: StoredDeadLetter): Promise<boolean>;
  /** Tells how many were there to remove. */
  removeDeadLetters(stream: string, ids: readonly string[]): Promise<number>;

  close(): Promise<void>;
}
