import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { KeyChange } from '#domain/keys/key-change.ts';

type Add = Extract<KeyChange, { readonly type: 'add' }>;

/** A sorted set while a batch is written. */
export interface SortedSet {
  readonly entryId: number;
  /** Members in the table. */
  size: number;
  /** No member has a higher score. */
  scoreMax: number;
  /** Members to be kept of those in the table, a trim put off; null where none is. */
  trimTo: number | null;
}

/**
 * Writes sorted sets as the rows of a table. A member with a score above all others, the usual case of market data, costs one row: nothing
 * can share its score, and the trim is put off until another change comes or the batch ends, since the members it takes are the same.
 */
export class SortedSetWriter {
  readonly #highest: StatementSync;
  readonly #insert: StatementSync;
  readonly #move: StatementSync;
  readonly #removeScore: StatementSync;
  readonly #removeBelow: StatementSync;
  readonly #removeLowest: StatementSync;

  constructor(database: DatabaseSync) {
    this.#highest = database.prepare('SELECT max(score) AS score FROM member WHERE entryId = ?');
    this.#insert = database.prepare('INSERT OR IGNORE INTO member (entryId, score, member) VALUES (?, ?, ?)');
    this.#move = database.prepare('UPDATE member SET score = ? WHERE entryId = ? AND member = ?');
    this.#removeScore = database.prepare('DELETE FROM member WHERE entryId = ? AND score = ?');
    this.#removeBelow = database.prepare('DELETE FROM member WHERE entryId = ? AND score <= ?');
    this.#removeLowest = database.prepare(
      'DELETE FROM member WHERE (entryId, score, member) IN ' +
        '(SELECT entryId, score, member FROM member WHERE entryId = ? ORDER BY score, member LIMIT ?)',
    );
  }

  open(entryId: number, size: number): SortedSet {
    const highest = size === 0 ? null : this.#highest.get(entryId)?.['score'];
    return { entryId, size, scoreMax: typeof highest === 'number' ? highest : Number.NEGATIVE_INFINITY, trimTo: null };
  }

  add(set: SortedSet, change: Add): void {
    const isHighest = change.score > set.scoreMax;
    if (!isHighest || (set.trimTo !== null && set.trimTo !== change.keep)) this.trim(set);
    if (!isHighest && change.replacesScore)
      set.size -= Number(this.#removeScore.run(set.entryId, change.score).changes);
    this.#put(set, change);
    set.scoreMax = Math.max(set.scoreMax, change.score);
    set.trimTo = change.keep;
    if (!isHighest) this.trim(set);
  }

  /** Removes the members up to and including a score. */
  drop(set: SortedSet, score: number): void {
    this.trim(set);
    set.size -= Number(this.#removeBelow.run(set.entryId, score).changes);
  }

  /** Does the trim that was put off. */
  trim(set: SortedSet): void {
    const excess = set.trimTo === null ? 0 : set.size - set.trimTo;
    set.trimTo = null;
    if (excess > 0) set.size -= Number(this.#removeLowest.run(set.entryId, excess).changes);
  }

  #put(set: SortedSet, { score, member }: Add): void {
    if (this.#isInserted(set, score, member)) return;
    // A member that is there already may be one that the trim takes.
    this.trim(set);
    if (this.#isInserted(set, score, member)) return;
    this.#move.run(score, set.entryId, member);
  }

  #isInserted(set: SortedSet, score: number, member: string): boolean {
    const isInserted = this.#insert.run(set.entryId, score, member).changes === 1;
    if (isInserted) set.size += 1;
    return isInserted;
  }
}
