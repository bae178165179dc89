import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { ProjectionPosition } from '#domain/projection-position.ts';

/** How far each projection has come, kept beside what it wrote. */
export class KeyPositions {
  readonly #find: StatementSync;
  readonly #put: StatementSync;
  readonly #remove: StatementSync;

  constructor(database: DatabaseSync) {
    this.#find = database.prepare('SELECT runId, version, sequence, at, state FROM position WHERE name = ?');
    this.#put = database.prepare(
      'INSERT OR REPLACE INTO position (name, runId, version, sequence, at, state) VALUES (?, ?, ?, ?, ?, ?)',
    );
    this.#remove = database.prepare('DELETE FROM position WHERE name = ?');
  }

  find(name: string): ProjectionPosition | undefined {
    const row = this.#find.get(name);
    return row === undefined ? undefined : ({ ...row } as unknown as ProjectionPosition);
  }

  put(name: string, { runId, version, sequence, at, state }: ProjectionPosition): void {
    this.#put.run(name, runId, version, sequence, at, state);
  }

  remove(name: string): void {
    this.#remove.run(name);
  }
}
