import assert from 'node:assert/strict';
import { hash } from 'node:crypto';
import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { openJournal } from '#adapters/journal/file-journal.ts';
import { readJournal, readSegments } from '#adapters/journal/read-journal.ts';
import { encodeSegmentHeader, SEGMENT_HEADER_BYTES, segmentName } from '#adapters/journal/segment-header.ts';

/** Ten entries in segments of two. */
async function filled(t: TestContext): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'tradewind-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const journal = openJournal(folder, { runId: 'run', segmentBytes: 1, reserveBytes: 0 });
  for (let index = 1; index <= 10; index++) {
    journal.append({ index, name: `entry ${index}` });
    if (index % 2 === 0) await journal.flush();
  }
  await journal.close();
  return folder;
}

function sequences(folder: string, fromSequence: number, options: { verify?: boolean } = {}): number[] {
  return Array.from(readJournal(folder, fromSequence, options), ({ sequence }) => sequence);
}

test('reading begins at any entry and ends at the last', async (t) => {
  const folder = await filled(t);
  for (let from = 1; from <= 12; from++) {
    const expected = Array.from({ length: Math.max(0, 11 - from) }, (_, index) => from + index);
    assert.deepEqual(sequences(folder, from), expected);
  }
  assert.deepEqual([...readJournal(folder, 10)], [{ sequence: 10, value: { index: 10, name: 'entry 10' } }]);
});

test('segments that end before the first entry asked for are not read', async (t) => {
  const folder = await filled(t);
  writeFileSync(join(folder, segmentName(1)), 'not a segment');
  assert.deepEqual(sequences(folder, 4), [4, 5, 6, 7, 8, 9, 10]);
  assert.throws(() => sequences(folder, 2), { code: 'header' });
});

test('a folder without a journal has no entries', () => {
  assert.deepEqual(sequences(join(tmpdir(), 'tradewind-nowhere'), 1), []);
});

test('entries that were removed are not passed over in silence', async (t) => {
  const folder = await filled(t);
  rmSync(join(folder, segmentName(1)));
  assert.throws(() => sequences(folder, 1), {
    code: 'missing',
    message: /expected entries from 1 on, but the journal begins with 3/,
  });
  rmSync(join(folder, segmentName(5)));
  assert.throws(() => sequences(folder, 3), { code: 'missing', message: /begin with 5, found 7/ });
});

test('a torn tail ends the reading and stays on the disk', async (t) => {
  const folder = await filled(t);
  appendFileSync(join(folder, segmentName(9)), 'torn');
  const size = readFileSync(join(folder, segmentName(9))).length;
  assert.equal(sequences(folder, 1).length, 10);
  assert.equal(readFileSync(join(folder, segmentName(9))).length, size);
});

test('a newest segment that never got its header ends the reading', async (t) => {
  const folder = await filled(t);
  writeFileSync(join(folder, segmentName(11)), '');
  assert.equal(sequences(folder, 1).length, 10);
});

test('damage in the chain is found, and on trust only what does not decode', async (t) => {
  const folder = await filled(t);
  const path = join(folder, segmentName(3));
  const bytes = readFileSync(path);
  bytes[bytes.length - 34] = 0x60;
  writeFileSync(path, bytes);
  assert.throws(() => sequences(folder, 1), { code: 'chain' });
  assert.equal(sequences(folder, 1, { verify: false }).length, 10);
  bytes[SEGMENT_HEADER_BYTES + 16] = 0x3f;
  writeFileSync(path, bytes);
  assert.throws(() => sequences(folder, 1, { verify: false }), { code: 'payload', message: /unknown tag 63/ });
});

test('a segment of another run or chain is refused', async (t) => {
  const folder = await filled(t);
  const previous = readFileSync(join(folder, segmentName(7))).subarray(-32);
  writeFileSync(join(folder, segmentName(9)), encodeSegmentHeader('other', 9, previous));
  assert.throws(() => sequences(folder, 1), { code: 'run' });
  writeFileSync(join(folder, segmentName(9)), encodeSegmentHeader('run', 9, hash('sha256', 'x', 'buffer')));
  assert.throws(() => sequences(folder, 1), { code: 'chain' });
});

test('segments are handed out with their headers', async (t) => {
  const folder = await filled(t);
  const headers: string[] = [];
  for (const { header, walk } of readSegments(folder, 9, true)) {
    headers.push(header.runId);
    assert.equal(walk.lastSequence, 8);
  }
  assert.deepEqual(headers, ['run']);
});
