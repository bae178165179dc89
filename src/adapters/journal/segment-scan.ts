import { chainGoesOn, HASH_BYTES, hexOf, linkAt, viewOf } from '#adapters/journal/chained-bytes.ts';
import { FRAME_HEAD_BYTES, frameLayout, readFrameHead } from '#adapters/journal/frame.ts';
import { JournalRefusedError } from '#adapters/journal/journal-errors.ts';
import { SEGMENT_HEADER_BYTES } from '#adapters/journal/segment-header.ts';

/** One frame of a segment; `bytes` is its payload, `end` the offset after it. */
export type Frame = { firstSequence: number; entryCount: number; bytes: Uint8Array; end: number };

/** A walk over the frames of one segment. After the last one `end` and `lastSequence` tell where the good bytes end. */
export type SegmentWalk = {
  readonly segment: string;
  readonly bytes: Uint8Array;
  /** Whether the hash of each frame is computed and compared. */
  readonly verify: boolean;
  /** Whether a bad frame at the end counts as a torn write, as it does in the newest segment only. */
  readonly mayBeTorn: boolean;
  end: number;
  lastSequence: number;
  /** Why the bytes after `end` are not a frame; undefined while none are left. */
  tornReason: string | undefined;
};

/** Starts a walk behind the segment's header, which must have been checked. */
export function startWalk(
  segment: string,
  bytes: Uint8Array,
  firstSequence: number,
  options: { verify: boolean; mayBeTorn: boolean },
): SegmentWalk {
  return {
    segment,
    bytes,
    ...options,
    end: SEGMENT_HEADER_BYTES,
    lastSequence: firstSequence - 1,
    tornReason: undefined,
  };
}

/**
 * Moves to the next frame. Returns undefined behind the last one. Throws a `JournalRefusedError` on a bad frame, unless it is a torn write:
 * bad, in the newest segment, and followed by nothing that continues the chain.
 */
export function nextFrame(walk: SegmentWalk): Frame | undefined {
  const { bytes, end: offset } = walk;
  if (offset === bytes.length) return undefined;
  const problem = problemAt(walk, offset);
  if (problem !== undefined) {
    const layout = frameLayout(walk.lastSequence, offset);
    if (!walk.mayBeTorn || chainGoesOn(bytes, offset, layout)) throw problem;
    walk.tornReason = problem.message;
    return undefined;
  }
  const { length, entryCount, firstSequence } = readFrameHead(viewOf(bytes), offset);
  const payloadEnd = offset + FRAME_HEAD_BYTES + length;
  walk.end = payloadEnd + HASH_BYTES;
  walk.lastSequence = firstSequence + entryCount - 1;
  return { firstSequence, entryCount, bytes: bytes.subarray(offset + FRAME_HEAD_BYTES, payloadEnd), end: walk.end };
}

/** Returns the chain's hash at the end of the walk so far. */
export function walkedHash(walk: SegmentWalk): Uint8Array {
  return new Uint8Array(walk.bytes.subarray(walk.end - HASH_BYTES, walk.end));
}

function problemAt(walk: SegmentWalk, offset: number): JournalRefusedError | undefined {
  const { segment, bytes, lastSequence } = walk;
  const left = bytes.length - offset;
  if (left < FRAME_HEAD_BYTES + HASH_BYTES) {
    return new JournalRefusedError('frame', { segment, offset }, `expected a frame, found only ${left} bytes`);
  }
  const { length, entryCount, firstSequence } = readFrameHead(viewOf(bytes), offset);
  const size = FRAME_HEAD_BYTES + length + HASH_BYTES;
  if (size > left)
    return new JournalRefusedError(
      'frame',
      { segment, offset },
      `expected a frame of ${size} bytes, found only ${left}`,
    );
  if (firstSequence !== lastSequence + 1 || entryCount === 0 || entryCount > length) {
    const found = `${entryCount} entries from ${firstSequence} in ${length} bytes`;
    return new JournalRefusedError(
      'frame',
      { segment, offset },
      `expected entries from ${lastSequence + 1}, found ${found}`,
    );
  }
  if (!walk.verify) return undefined;
  const link = linkAt(bytes, offset, frameLayout(lastSequence, offset));
  if (link?.isWhole === true) return undefined;
  const hashes = {
    expectedHash: link?.expectedHash ?? '',
    foundHash: link?.foundHash ?? hexOf(bytes.subarray(offset + size - HASH_BYTES, offset + size)),
  };
  return new JournalRefusedError('chain', { segment, offset, ...hashes }, 'a frame does not continue the hash chain');
}
