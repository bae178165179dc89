import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { listSegments, readSegment } from '#adapters/journal/segment-folder.ts';
import { segmentName } from '#adapters/journal/segment-header.ts';

test('segments are listed by number and other files are passed over', (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'tradewind-'));
  t.after(() => rmSync(folder, { recursive: true }));
  for (const [sequence, text] of [
    [300, 'ccc'],
    [1, 'a'],
    [20, 'bb'],
  ] as const)
    writeFileSync(join(folder, segmentName(sequence)), text);
  writeFileSync(join(folder, 'reserve.twj'), '');
  writeFileSync(join(folder, 'torn-0000000000000001.bin'), '');
  const segments = listSegments(folder);
  assert.deepEqual(
    segments.map(({ firstSequence, bytes }) => [firstSequence, bytes]),
    [
      [1, 1],
      [20, 2],
      [300, 3],
    ],
  );
  assert.equal(
    Buffer.from(readSegment(folder, segments[2] ?? { name: '', firstSequence: 0, bytes: 0 })).toString(),
    'ccc',
  );
});

test('a folder that does not exist has no segments', () => {
  assert.deepEqual(listSegments(join(tmpdir(), 'tradewind-nowhere')), []);
});

test('a file too large for a segment is refused unread', () => {
  assert.throws(() => readSegment('nowhere', { name: 's', firstSequence: 1, bytes: 2_000_000_000 }), { code: 'size' });
});
