import assert from 'node:assert/strict';
import { appendFileSync, mkdtempSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { openJournal } from '#adapters/journal/file-journal.ts';
import { systemFiles } from '#adapters/journal/file-operations.ts';
import { isTornSegment, type RecoveredJournal, recoverJournal } from '#adapters/journal/journal-recovery.ts';
import { encodeSegmentHeader, SEGMENT_HEADER_BYTES, segmentName } from '#adapters/journal/segment-header.ts';

function temporaryFolder(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'tradewind-'));
  t.after(() => rmSync(folder, { recursive: true }));
  return folder;
}

/** A journal of four entries in frames of one; with `segmentBytes` 1 each frame has a segment of its own. */
async function filled(t: TestContext, segmentBytes: number): Promise<string> {
  const folder = temporaryFolder(t);
  const journal = openJournal(folder, { runId: 'run', segmentBytes, reserveBytes: 0 });
  for (let index = 1; index <= 4; index++) {
    journal.append({ index });
    await journal.flush();
  }
  await journal.close();
  return folder;
}

function recover(folder: string): RecoveredJournal {
  return recoverJournal(folder, 'run', systemFiles);
}

function overwrite(path: string, offset: number, byte: number): void {
  const bytes = readFileSync(path);
  bytes[offset] = byte;
  writeFileSync(path, bytes);
}

test('a whole journal needs no repair', async (t) => {
  for (const segmentBytes of [1, 1_000_000]) {
    const { lastSequence, emptySegment, repairs } = recover(await filled(t, segmentBytes));
    assert.deepEqual([lastSequence, emptySegment, repairs], [4, undefined, []]);
  }
});

test('a torn tail is cut off, kept beside the journal and reported', async (t) => {
  const folder = await filled(t, 1_000_000);
  const path = join(folder, segmentName(1));
  const whole = readFileSync(path);
  appendFileSync(path, 'torn bytes');
  const { lastSequence, repairs } = recover(folder);
  assert.equal(lastSequence, 4);
  assert.deepEqual(
    repairs.map((repair) => ({ ...repair, reason: undefined })),
    [
      {
        type: 'tailCut',
        segment: segmentName(1),
        offset: whole.length,
        bytes: 10,
        reason: undefined,
        savedAs: 'torn-0000000000000005.bin',
      },
    ],
  );
  assert.equal(readFileSync(join(folder, 'torn-0000000000000005.bin'), 'utf8'), 'torn bytes');
  assert.deepEqual(readFileSync(path), whole);
  assert.deepEqual(recover(folder).repairs, []);
});

test('torn bytes of an earlier repair are never overwritten', async (t) => {
  const folder = await filled(t, 1_000_000);
  for (const text of ['one', 'two', 'three']) {
    appendFileSync(join(folder, segmentName(1)), text);
    recover(folder);
  }
  const kept = readdirSync(folder)
    .filter((name) => name.startsWith('torn-'))
    .sort();
  assert.deepEqual(
    kept.map((name) => readFileSync(join(folder, name), 'utf8')),
    ['two', 'three', 'one'],
  );
});

test('damage before whole frames is refused and changes nothing', async (t) => {
  const folder = await filled(t, 1_000_000);
  const path = join(folder, segmentName(1));
  overwrite(path, SEGMENT_HEADER_BYTES + 20, 0xff);
  const damaged = readFileSync(path);
  assert.throws(() => recover(folder), {
    code: 'chain',
    message: /byte 152: .*expected hash '\w{64}', found '\w{64}'/,
  });
  assert.deepEqual(readFileSync(path), damaged);
  assert.deepEqual(readdirSync(folder), [segmentName(1)]);
});

test('a segment cut short in the middle of the journal is refused', async (t) => {
  const folder = await filled(t, 1);
  truncateSync(join(folder, segmentName(2)), SEGMENT_HEADER_BYTES);
  assert.throws(() => recover(folder), {
    code: 'chain',
    message: /does not end where 'segment-0000000000000003.twj' begins/,
  });
});

test('a missing segment is refused', async (t) => {
  const folder = await filled(t, 1);
  rmSync(join(folder, segmentName(3)));
  assert.throws(() => recover(folder), { code: 'chain' });
});

test('a newest segment that never got its header is removed and kept', async (t) => {
  for (const torn of [new Uint8Array(0), new Uint8Array(40).fill(1), new Uint8Array(900)]) {
    const folder = await filled(t, 1);
    writeFileSync(join(folder, segmentName(5)), torn);
    const { lastSequence, repairs } = recover(folder);
    assert.equal(lastSequence, 4);
    assert.deepEqual(repairs, [
      { type: 'segmentRemoved', segment: segmentName(5), bytes: torn.length, savedAs: 'torn-0000000000000005.bin' },
    ]);
    assert.equal(readFileSync(join(folder, 'torn-0000000000000005.bin')).length, torn.length);
    assert.equal(recover(folder).repairs.length, 0);
  }
});

test('a zeroed header before whole frames is damage, not a torn write', async (t) => {
  const folder = await filled(t, 1_000_000);
  const bytes = readFileSync(join(folder, segmentName(1)));
  assert.equal(isTornSegment(bytes, 1), false);
  assert.equal(isTornSegment(Buffer.from(bytes).fill(0, 0, SEGMENT_HEADER_BYTES), 1), false);
  assert.equal(
    isTornSegment(Buffer.from(bytes).fill(0, 0, SEGMENT_HEADER_BYTES).subarray(0, SEGMENT_HEADER_BYTES), 1),
    true,
  );
});

test('a newest segment with a header alone is the one to go on in', (t) => {
  const folder = temporaryFolder(t);
  writeFileSync(join(folder, segmentName(1)), encodeSegmentHeader('run', 1, new Uint8Array(32)));
  const { lastSequence, emptySegment } = recover(folder);
  assert.deepEqual([lastSequence, emptySegment?.name, emptySegment?.bytes], [0, segmentName(1), SEGMENT_HEADER_BYTES]);
});

test('a folder of another run, magic or version is refused by name', async (t) => {
  const folder = await filled(t, 1);
  assert.throws(() => recoverJournal(folder, 'other', systemFiles), {
    code: 'run',
    message: /expected the run 'other', found 'run'/,
  });
  overwrite(join(folder, segmentName(4)), 8, 2);
  assert.throws(() => recover(folder), { code: 'version' });
  overwrite(join(folder, segmentName(4)), 0, 2);
  assert.throws(() => recover(folder), { code: 'magic' });
});
