import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sealFrame } from '#adapters/journal/frame.ts';
import { JournalRefusedError } from '#adapters/journal/journal-errors.ts';
import { encodeSegmentHeader, SEGMENT_HEADER_BYTES } from '#adapters/journal/segment-header.ts';
import { nextFrame, type SegmentWalk, startWalk, walkedHash } from '#adapters/journal/segment-scan.ts';
import { createEncoder, encodeValue } from '#base/value-codec.ts';

/** A segment of frames with the given counts of entries, and the offsets where they begin. */
function segmentOf(counts: readonly number[]): { bytes: Uint8Array; offsets: number[] } {
  const encoder = createEncoder();
  let bytes = encodeSegmentHeader('test', 1, new Uint8Array(32));
  let sequence = 1;
  const offsets: number[] = [];
  for (const count of counts) {
    offsets.push(bytes.length);
    for (let index = 0; index < count; index++) encodeValue(encoder, sequence + index);
    bytes = sealFrame(bytes, encoder, count, sequence).bytes;
    sequence += count;
  }
  return { bytes, offsets };
}

function walkOf(bytes: Uint8Array, options: { verify?: boolean; mayBeTorn?: boolean } = {}): SegmentWalk {
  const walk = startWalk('test', bytes, 1, { verify: true, mayBeTorn: true, ...options });
  while (nextFrame(walk) !== undefined);
  return walk;
}

test('a walk ends at the last frame with its hash and number', () => {
  const { bytes } = segmentOf([2, 1, 3]);
  const walk = walkOf(bytes);
  assert.deepEqual([walk.end, walk.lastSequence, walk.tornReason], [bytes.length, 6, undefined]);
  assert.deepEqual(walkedHash(walk), Uint8Array.from(bytes.subarray(-32)));
});

test('a segment without frames ends at its header', () => {
  assert.equal(walkOf(segmentOf([]).bytes).end, SEGMENT_HEADER_BYTES);
});

test('every cut leaves the whole frames before it', () => {
  const { bytes, offsets } = segmentOf([2, 1, 3]);
  for (let size = SEGMENT_HEADER_BYTES; size < bytes.length; size++) {
    const walk = walkOf(bytes.slice(0, size));
    const end = Math.max(...offsets.filter((offset) => offset <= size));
    assert.equal(walk.end, end, `cut at ${size}`);
    assert.equal(walk.tornReason === undefined, end === size);
  }
});

test('every flipped bit cuts the last frame or is refused', () => {
  const { bytes, offsets } = segmentOf([2, 1, 3]);
  const last = offsets[2] ?? 0;
  for (let place = SEGMENT_HEADER_BYTES; place < bytes.length; place++) {
    const damaged = Uint8Array.from(bytes);
    damaged[place] = (damaged[place] ?? 0) ^ 0x04;
    if (place >= last) assert.equal(walkOf(damaged).end, last);
    else assert.throws(() => walkOf(damaged), JournalRefusedError, `byte ${place}`);
  }
});

test('nothing is torn in a segment that another follows', () => {
  const { bytes } = segmentOf([2, 1]);
  assert.throws(() => walkOf(bytes.subarray(0, -1), { mayBeTorn: false }), { code: 'frame' });
});

test('a broken chain names segment, offset and both hashes', () => {
  const { bytes, offsets } = segmentOf([2, 1]);
  const damaged = Uint8Array.from(bytes);
  damaged[(offsets[0] ?? 0) + 16] = 0x51;
  damaged[(offsets[0] ?? 0) + 17] = 0x50;
  assert.throws(
    () => walkOf(damaged),
    (error) => {
      assert.ok(error instanceof JournalRefusedError);
      assert.equal(error.place.offset, SEGMENT_HEADER_BYTES);
      assert.match(
        error.message,
        /segment 'test' is refused at byte 152: .*expected hash '[0-9a-f]{64}', found '[0-9a-f]{64}'/,
      );
      return true;
    },
  );
});

test('a walk on trust checks the numbers but not the hashes', () => {
  const { bytes, offsets } = segmentOf([2, 1]);
  const damaged = Uint8Array.from(bytes);
  damaged[(offsets[0] ?? 0) + 16] = 0x55;
  assert.equal(walkOf(damaged, { verify: false }).lastSequence, 3);
  damaged[(offsets[1] ?? 0) + 8] = 9;
  assert.throws(() => walkOf(damaged, { verify: false, mayBeTorn: false }), { code: 'frame' });
});
