import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import type { ProjectionPosition } from '#domain/projection-position.ts';
import { parseDatabaseAddress } from './database-address.ts';
import { migrateTo } from './migrate.ts';
import { connectRecords, type RecordDatabase } from './record-database.ts';
import { movePosition, readPosition } from './stored-position.ts';

async function memory(t: TestContext): Promise<RecordDatabase> {
  const database = connectRecords(parseDatabaseAddress('sqlite::memory:'));
  t.after(() => database.queries.destroy());
  await migrateTo(database);
  return database;
}

function positionAt(sequence: number, version = 1): ProjectionPosition {
  return { runId: 'r', version, sequence, at: 5, state: '{}' };
}

test('a position moves on from the one that is stored, and each run has its own', async (t) => {
  const { queries } = await memory(t);
  assert.equal(await readPosition(queries, 'r', 'a'), undefined);
  await movePosition(queries, 'a', undefined, positionAt(1));
  await movePosition(queries, 'a', positionAt(1), positionAt(4, 2));
  assert.deepEqual(await readPosition(queries, 'r', 'a'), positionAt(4, 2));
  assert.equal(await readPosition(queries, 'other', 'a'), undefined);
});

test('a position that is not the stored one is refused with both of them', async (t) => {
  const { queries } = await memory(t);
  await assert.rejects(movePosition(queries, 'a', positionAt(1), positionAt(2)), {
    code: 'stale',
    message: "'a' has another writer: expected sequence '1' of run 'r', found no position",
  });
  await movePosition(queries, 'a', undefined, positionAt(1));
  await assert.rejects(movePosition(queries, 'a', undefined, positionAt(2)), {
    message: "'a' has another writer: expected no position, found sequence '1' of run 'r'",
  });
  await assert.rejects(movePosition(queries, 'a', positionAt(1, 2), positionAt(2)), { code: 'stale' });
  assert.deepEqual(await readPosition(queries, 'r', 'a'), positionAt(1));
});
