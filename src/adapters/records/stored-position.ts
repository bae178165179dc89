import type { Kysely } from 'kysely';
import type { ProjectionPosition } from '#domain/projection-position.ts';
import { StaleWriterError } from '#domain/stale-writer-error.ts';
import type { RecordSchema } from './record-database.ts';

const table = 'projection_positions';

export async function readPosition(
  queries: Kysely<RecordSchema>,
  runId: string,
  name: string,
): Promise<ProjectionPosition | undefined> {
  const columns = ['version', 'sequence', 'at', 'state'];
  const found = queries.selectFrom(table).select(columns).where('run_id', '=', runId).where('name', '=', name);
  const [row] = await found.execute();
  if (row === undefined) return undefined;
  const { version, sequence, at, state } = row;
  return { runId, version: Number(version), sequence: Number(sequence), at: Number(at), state: String(state) };
}

/**
 * Moves a position on, first of all in its transaction: another writer waits here until this one is done, and then finds that the
 * position is no longer the one it went on from. Throws a `StaleWriterError` where it is not.
 */
export async function movePosition(
  queries: Kysely<RecordSchema>,
  name: string,
  from: ProjectionPosition | undefined,
  to: ProjectionPosition,
): Promise<void> {
  const { runId, version, sequence, at, state } = to;
  const written = { version, sequence, at, state };
  const moved =
    from === undefined
      ? await queries
          .insertInto(table)
          .values({ run_id: runId, name, ...written })
          .onConflict((conflict) => conflict.columns(['run_id', 'name']).doNothing())
          .executeTakeFirst()
          .then((result) => result.numInsertedOrUpdatedRows)
      : await queries
          .updateTable(table)
          .set(written)
          .where('run_id', '=', from.runId)
          .where('name', '=', name)
          .where('version', '=', from.version)
          .where('sequence', '=', from.sequence)
          .executeTakeFirst()
          .then((result) => result.numUpdatedRows);
  if (moved === 1n) return;
  throw new StaleWriterError(name, from, await readPosition(queries, runId, name));
}
