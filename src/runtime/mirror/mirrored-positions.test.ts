import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { openRecordStore } from '#adapters/records/record-store.ts';
import type { ProjectionPosition } from '#domain/projection-position.ts';
import { recordsUrl } from './desk-stores.ts';
import { mirroredPositions } from './mirrored-positions.ts';

const position: ProjectionPosition = { runId: 'run-1', version: 2, sequence: 70, at: 5, state: '{}' };

test('positions are read where they are kept; what is another run or cannot be read lags by the whole journal', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'tradewind-mirrored-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const plan = { folder, valkeyUrl: undefined, databaseUrl: undefined };
  const records = await openRecordStore({ url: recordsUrl(plan), runId: 'run-1' });
  await records.apply('records', [], undefined, { ...position, sequence: 95 });
  await records.close();
  const told = await mirroredPositions({
    plan,
    runId: 'run-1',
    lastSequence: 100,
    now: 9,
    keys: { position: async () => ({ ...position, runId: 'run-0' }) },
    streams: { position: () => Promise.reject(new Error('the store is away')) },
  });
  assert.deepEqual(
    told.map(({ name, sequence, lag, condition, problem }) => [name, sequence, lag, condition, problem]),
    [
      ['records', 95, 5, 'following', undefined],
      ['keys', 0, 100, 'following', undefined],
      ['bus', 0, 100, 'waiting', 'the store is away'],
    ],
  );
});
