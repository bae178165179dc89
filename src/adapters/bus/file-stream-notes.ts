import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { ProjectionPosition } from '#domain/projection-position.ts';
import type { DroppedRecord } from './stream-driver.ts';

/** Records kept of what was dropped; beyond that the oldest go. */
const droppedRecordsMax = 10_000;

/** What the file keeps beside the streams and outlives them: positions, what was handled, what was asked for, what was lost. */
export class FileStreamNotes {
  readonly #position: StatementSync;
  readonly #putPosition: StatementSync;
  readonly #removePosition: StatementSync;
  readonly #handle: StatementSync;
  readonly #isHandled: StatementSync;
  readonly #forgetHandled: StatementSync;
  readonly #patterns: StatementSync;
  readonly #putPatterns: StatementSync;
  readonly #drop: StatementSync;
  readonly #forgetDropped: StatementSync;
  readonly #dropped: StatementSync;

  constructor(database: DatabaseSync) {
    const prepare = (sql: string): StatementSync => database.prepare(sql);
    this.#position = prepare('SELECT runId, version, sequence, at, state FROM position WHERE name = ?');
    this.#putPosition = prepare(
      'INSERT OR REPLACE INTO position (name, runId, version, sequence, at, state) VALUES (?, ?, ?, ?, ?, ?)',
    );
    this.#removePosition = prepare('DELETE FROM position WHERE name = ?');
    this.#handle = prepare('INSERT OR REPLACE INTO handled (groupName, envelopeId, at) VALUES (?, ?, ?)');
    this.#isHandled = prepare('SELECT 1 FROM handled WHERE groupName = ? AND envelopeId = ? AND at >= ?');
    this.#forgetHandled = prepare('DELETE FROM handled WHERE groupName = ? AND at < ?');
    this.#patterns = prepare('SELECT patterns FROM patterns WHERE groupName = ?');
    this.#putPatterns = prepare('INSERT OR REPLACE INTO patterns (groupName, patterns) VALUES (?, ?)');
    this.#drop = prepare('INSERT INTO dropped (record) VALUES (?)');
    this.#forgetDropped = prepare('DELETE FROM dropped WHERE id <= (SELECT max(id) FROM dropped) - ?');
    this.#dropped = prepare('SELECT record FROM dropped ORDER BY id DESC LIMIT ?');
  }

  position(name: string): ProjectionPosition | undefined {
    const row = this.#position.get(name);
    return row === undefined ? undefined : ({ ...row } as unknown as ProjectionPosition);
  }

  putPosition(name: string, { runId, version, sequence, at, state }: ProjectionPosition): void {
    this.#putPosition.run(name, runId, version, sequence, at, state);
  }

  removePosition(name: string): void {
    this.#removePosition.run(name);
  }

  /** Writes down that a group handled an envelope at an instant. */
  handle(group: string, envelopeId: string, at: number): void {
    this.#handle.run(group, envelopeId, at);
  }

  /** True where the group handled it at or after an instant. */
  isHandled(group: string, envelopeId: string, sinceAt: number): boolean {
    return this.#isHandled.get(group, envelopeId, sinceAt) !== undefined;
  }

  forgetHandled(group: string, beforeAt: number): void {
    this.#forgetHandled.run(group, beforeAt);
  }

  /** Keeps the patterns of a group and tells those that were kept before. */
  keepPatterns(group: string, patterns: string): string | undefined {
    const before = this.#patterns.get(group)?.['patterns'];
    if (before !== patterns) this.#putPatterns.run(group, patterns);
    return typeof before === 'string' ? before : undefined;
  }

  addDropped(records: readonly DroppedRecord[]): void {
    for (const record of records) this.#drop.run(JSON.stringify(record));
    if (records.length > 0) this.#forgetDropped.run(droppedRecordsMax);
  }

  /** The last records, the oldest of them first. */
  dropped(count: number): DroppedRecord[] {
    // Nobody else writes the table.
    return this.#dropped
      .all(count)
      .map(({ record }) => JSON.parse(String(record)) as DroppedRecord)
      .reverse();
  }
}
