import assert from 'node:assert/strict';
import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { openJournal } from '#adapters/journal/file-journal.ts';
import { chainHashAt, journalInfo, verifyJournal } from '#adapters/journal/journal-info.ts';
import { segmentName } from '#adapters/journal/segment-header.ts';

/** Six entries: frames of two, one segment for every frame; also the durable hash after each frame. */
async function filled(t: TestContext): Promise<{ folder: string; hashes: string[] }> {
  const folder = mkdtempSync(join(tmpdir(), 'tradewind-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const journal = openJournal(folder, { runId: 'run', segmentBytes: 1, reserveBytes: 4_096 });
  const hashes: string[] = [];
  for (let index = 1; index <= 6; index++) {
    journal.append({ index });
    if (index % 2 !== 0) continue;
    await journal.flush();
    hashes.push(journal.durableHash);
  }
  await journal.close();
  return { folder, hashes };
}

test('an empty folder tells of an empty journal', () => {
  const info = journalInfo(join(tmpdir(), 'tradewind-nowhere'));
  assert.deepEqual(
    [info.runId, info.firstSequence, info.lastSequence, info.lastHash],
    [undefined, 1, 0, '0'.repeat(64)],
  );
});

test('a journal tells its run, its ends and its size', async (t) => {
  const { folder, hashes } = await filled(t);
  const info = journalInfo(folder);
  const bytes = [1, 3, 5].reduce((sum, sequence) => sum + readFileSync(join(folder, segmentName(sequence))).length, 0);
  assert.deepEqual([info.runId, info.firstSequence, info.lastSequence, info.lastHash], ['run', 1, 6, hashes[2]]);
  assert.deepEqual([info.bytes, info.tornBytes, info.isReserveInUse, info.segments.length], [bytes, 0, false, 3]);
});

test('torn bytes are counted, in the tail and in a segment without a header', async (t) => {
  const { folder } = await filled(t);
  appendFileSync(join(folder, segmentName(5)), 'torn');
  assert.deepEqual([journalInfo(folder).tornBytes, journalInfo(folder).lastSequence], [4, 6]);
  writeFileSync(join(folder, segmentName(7)), 'abc');
  assert.deepEqual([journalInfo(folder).tornBytes, journalInfo(folder).lastSequence], [7, 6]);
});

test('the hash after an entry is known where a frame ends', async (t) => {
  const { folder, hashes } = await filled(t);
  assert.deepEqual(
    [2, 4, 6].map((sequence) => chainHashAt(folder, sequence)),
    hashes,
  );
  assert.deepEqual(
    [1, 5, 7].map((sequence) => chainHashAt(folder, sequence)),
    [undefined, undefined, undefined],
  );
});

test('verifying counts all entries or names the damage', async (t) => {
  const { folder } = await filled(t);
  assert.equal(verifyJournal(folder), 6);
  const path = join(folder, segmentName(3));
  const bytes = readFileSync(path);
  bytes[bytes.length - 40] = 0;
  writeFileSync(path, bytes);
  assert.throws(() => verifyJournal(folder), { code: 'chain', message: /segment-0000000000000003/ });
});
