import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { entryIdAfter, parseEntryId } from './entry-id.ts';
import { idOf } from './file-stream-entries.ts';
import type { GroupReport, StreamEntry } from './stream-driver.ts';

/** A group of consumers on one stream. */
export interface FileGroup {
  readonly id: number;
  readonly streamId: number;
  /** Name of the stream. */
  readonly stream: string;
  /** The id of the last entry that was handed to one of its consumers. */
  readonly lastMs: number;
  readonly lastCount: number;
}

/** Who asks, when, and how much for. */
export interface Asking {
  readonly consumer: string;
  /** Ms UTC. */
  readonly now: number;
  readonly count: number;
}

/** A sign of a consumer is written down again after this span only, so that one that waits for something writes nothing. */
const seenEveryMs = 10_000;
/** A consumer that gave no sign for this long and holds nothing is forgotten when another joins. */
const consumerLifeMs = 30 * 86_400_000;

const delivered = `SELECT p.ms, p.count, p.deliveries, e.text, e.onlyFor FROM pending p JOIN entry e ON e.id = p.entryId
  WHERE p.groupId = ?`;
const inOrder = 'ORDER BY p.ms, p.count LIMIT ?';

/** The groups of the file: how far each has come in a stream, and what its consumers hold. */
export class FileStreamGroups {
  readonly #make: StatementSync;
  readonly #find: StatementSync;
  readonly #fresh: StatementSync;
  readonly #hold: StatementSync;
  readonly #move: StatementSync;
  readonly #own: StatementSync;
  readonly #idle: StatementSync;
  readonly #take: StatementSync;
  readonly #heldBefore: StatementSync;
  readonly #touch: StatementSync;
  readonly #acknowledge: StatementSync;
  readonly #seen: StatementSync;
  readonly #isNoted: StatementSync;
  readonly #forgetSilent: StatementSync;
  readonly #ofStream: StatementSync;
  readonly #pending: StatementSync;
  readonly #consumers: StatementSync;

  constructor(database: DatabaseSync) {
    const prepare = (sql: string): StatementSync => database.prepare(sql);
    this.#make = prepare('INSERT OR IGNORE INTO consumerGroup (streamId, name, lastMs, lastCount) VALUES (?, ?, 0, 0)');
    this.#find = prepare(
      `SELECT g.id, g.streamId, s.name AS stream, g.lastMs, g.lastCount FROM stream s JOIN consumerGroup g ON g.streamId = s.id
       WHERE s.name = ? AND g.name = ?`,
    );
    this.#fresh = prepare(
      `SELECT id, ms, count, text, onlyFor FROM entry WHERE streamId = ? AND (ms, count) > (?, ?) ORDER BY ms, count LIMIT ?`,
    );
    this.#hold = prepare('INSERT INTO pending VALUES (?, ?, ?, ?, ?, ?, 1)');
    this.#move = prepare('UPDATE consumerGroup SET lastMs = ?, lastCount = ? WHERE id = ?');
    this.#own = prepare(`${delivered} AND p.consumer = ? AND (p.ms, p.count) > (?, ?) ${inOrder}`);
    this.#idle = prepare(`${delivered} AND p.deliveredAt <= ? ${inOrder}`);
    this.#take = prepare(
      `UPDATE pending SET consumer = ?, deliveredAt = ?, deliveries = deliveries + 1 WHERE groupId = ? AND ms = ? AND count = ?`,
    );
    this.#heldBefore = prepare(`${delivered} AND (p.consumer <> ? OR ?) AND (p.ms, p.count) < (?, ?) ${inOrder}`);
    this.#touch = prepare(
      'UPDATE pending SET deliveredAt = ? WHERE groupId = ? AND ms = ? AND count = ? AND consumer = ?',
    );
    this.#acknowledge = prepare('DELETE FROM pending WHERE groupId = ? AND ms = ? AND count = ?');
    this.#seen = prepare('INSERT OR REPLACE INTO consumer (groupId, name, seenAt) VALUES (?, ?, ?)');
    this.#isNoted = prepare('SELECT seenAt FROM consumer WHERE groupId = ? AND name = ?');
    this.#forgetSilent = prepare(
      `DELETE FROM consumer WHERE groupId = ? AND seenAt < ?
       AND name NOT IN (SELECT consumer FROM pending WHERE groupId = consumer.groupId)`,
    );
    this.#ofStream = prepare('SELECT id, name, lastMs, lastCount FROM consumerGroup WHERE streamId = ? ORDER BY name');
    this.#pending = prepare(
      `SELECT ms, count, (SELECT count(*) FROM pending WHERE groupId = first.groupId) AS pending FROM pending first
       WHERE groupId = ? ORDER BY ms, count LIMIT 1`,
    );
    this.#consumers = prepare('SELECT count(*) AS count, max(seenAt) AS seenAt FROM consumer WHERE groupId = ?');
  }

  /** Makes a group from the first entry on; one that exists stays as it is. */
  make(streamId: number, name: string): void {
    this.#make.run(streamId, name);
  }

  find(stream: string, name: string): FileGroup | undefined {
    return this.#find.get(stream, name) as FileGroup | undefined;
  }

  /** Hands entries to a consumer that none was given yet. */
  deliver({ id: groupId, streamId, stream, lastMs, lastCount }: FileGroup, asking: Asking): StreamEntry[] {
    const { consumer, now, count } = asking;
    this.#noteSeen(groupId, consumer, now);
    const rows = this.#fresh.all(streamId, lastMs, lastCount, count);
    const last = rows.at(-1);
    if (last === undefined) return [];
    for (const row of rows) {
      this.#hold.run(groupId, Number(row['ms']), Number(row['count']), Number(row['id']), consumer, now);
    }
    this.#move.run(Number(last['ms']), Number(last['count']), groupId);
    return rows.map((row) => deliveredEntry(stream, row, 1));
  }

  /** Hands a consumer again what it holds, after an id. */
  deliverOwn(group: FileGroup, afterId: string, asking: Asking): StreamEntry[] {
    const { ms, count } = parseEntryId(afterId);
    return this.#taken(group, asking, this.#own.all(group.id, asking.consumer, ms, count, asking.count));
  }

  /** Hands a consumer what was delivered to anybody at or before an instant and not touched since. */
  deliverIdle(group: FileGroup, idleSinceAt: number, asking: Asking): StreamEntry[] {
    return this.#taken(group, asking, this.#idle.all(group.id, idleSinceAt, asking.count));
  }

  /** What lies before an id in the hands of other consumers, or of this one too. */
  heldBefore(group: FileGroup, id: string, asking: Omit<Asking, 'now'>, includesOwn: boolean): StreamEntry[] {
    const { ms, count } = parseEntryId(id);
    const rows = this.#heldBefore.all(group.id, asking.consumer, Number(includesOwn), ms, count, asking.count);
    return rows.map((row) => deliveredEntry(group.stream, row, Number(row['deliveries'])));
  }

  /** Keeps a delivery from being idle, as long as it is the consumer's. */
  touch({ id: groupId }: FileGroup, id: string, { consumer, now }: Omit<Asking, 'count'>): void {
    const { ms, count } = parseEntryId(id);
    this.#touch.run(now, groupId, ms, count, consumer);
  }

  acknowledge({ id: groupId }: FileGroup, id: string): void {
    const { ms, count } = parseEntryId(id);
    this.#acknowledge.run(groupId, ms, count);
  }

  /** How the groups of a stream stand. Idle times are told up to ten seconds too long. */
  reports(streamId: number, now: number): GroupReport[] {
    return this.#ofStream.all(streamId).map((group) => {
      const groupId = Number(group['id']);
      const first = this.#pending.get(groupId);
      const signs = this.#consumers.get(groupId);
      const seenAt = signs?.['seenAt'] ?? null;
      return {
        name: String(group['name']),
        floorId:
          first === undefined ? entryIdAfter(`${Number(group['lastMs'])}-${Number(group['lastCount'])}`) : idOf(first),
        pending: Number(first?.['pending'] ?? 0),
        consumers: Number(signs?.['count']),
        idleMs: seenAt === null ? null : Math.max(0, now - Number(seenAt)),
      };
    });
  }

  #taken(
    { id: groupId, stream }: FileGroup,
    { consumer, now }: Asking,
    rows: readonly Readonly<Record<string, unknown>>[],
  ): StreamEntry[] {
    this.#noteSeen(groupId, consumer, now);
    for (const row of rows) this.#take.run(consumer, now, groupId, Number(row['ms']), Number(row['count']));
    return rows.map((row) => deliveredEntry(stream, row, Number(row['deliveries']) + 1));
  }

  #noteSeen(groupId: number, consumer: string, now: number): void {
    const seenAt = this.#isNoted.get(groupId, consumer)?.['seenAt'];
    // A clock that was set back counts as a sign as well.
    if (seenAt !== undefined && Math.abs(now - Number(seenAt)) < seenEveryMs) return;
    if (seenAt === undefined) this.#forgetSilent.run(groupId, now - consumerLifeMs);
    this.#seen.run(groupId, consumer, now);
  }
}

function deliveredEntry(stream: string, row: Readonly<Record<string, unknown>>, deliveries: number): StreamEntry {
  const onlyFor = row['onlyFor'];
  return {
    stream,
    id: idOf(row),
    text: String(row['text']),
    onlyFor: typeof onlyFor === 'string' ? onlyFor : null,
    deliveries,
  };
}
