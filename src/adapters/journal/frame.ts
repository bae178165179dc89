import {
  HASH_BYTES,
  type LinkLayout,
  readCount,
  sealLink,
  viewOf,
  writeCount,
} from '#adapters/journal/chained-bytes.ts';
import { takeBytesInto } from '#base/value-codec.ts';
import type { ValueEncoder } from '#base/value-writer.ts';

/** The bytes before a frame's payload: payload length, count of entries, first sequence number. */
export const FRAME_HEAD_BYTES = 16;

/** What a frame's head says. */
export type FrameHead = { length: number; entryCount: number; firstSequence: number };

/** A frame ready to be written: the prefix it was sealed with, then the frame. */
export type SealedFrame = { bytes: Uint8Array; hash: Uint8Array };

/**
 * Takes the encoder's bytes and makes them a frame behind the prefix, whose last bytes must be the previous hash of the chain: either
 * that hash alone, or the header of a new segment.
 */
export function sealFrame(
  prefix: Uint8Array,
  encoder: ValueEncoder,
  entryCount: number,
  firstSequence: number,
): SealedFrame {
  const start = prefix.length;
  const hashOffset = start + FRAME_HEAD_BYTES + encoder.length;
  const bytes = Buffer.allocUnsafe(hashOffset + HASH_BYTES);
  const view = viewOf(bytes);
  bytes.set(prefix);
  view.setUint32(start, encoder.length, true);
  view.setUint32(start + 4, entryCount, true);
  writeCount(view, start + 8, firstSequence);
  takeBytesInto(encoder, bytes, start + FRAME_HEAD_BYTES);
  sealLink(bytes, start - HASH_BYTES, hashOffset);
  return { bytes, hash: bytes.subarray(hashOffset) };
}

/** Reads the numbers of a frame's head. */
export function readFrameHead(view: DataView, offset: number): FrameHead {
  return {
    length: view.getUint32(offset, true),
    entryCount: view.getUint32(offset + 4, true),
    firstSequence: readCount(view, offset + 8),
  };
}

/**
 * The layout of the frames that may follow the given last good entry. An entry takes at least one byte, which bounds the counts and,
 * `from` the end of the last good frame on, the sequence numbers.
 */
export function frameLayout(lastSequence: number, from: number): LinkLayout {
  return {
    headBytes: FRAME_HEAD_BYTES,
    bodyLength: (view, offset) => {
      const { length, entryCount, firstSequence } = readFrameHead(view, offset);
      const isCounted = entryCount > 0 && entryCount <= length;
      const isPlaced = firstSequence > lastSequence && firstSequence <= lastSequence + 1 + Math.max(0, offset - from);
      return isCounted && isPlaced ? length : -1;
    },
  };
}
