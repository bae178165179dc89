import { assert } from '#base/assert.ts';
import { createDecoder, createEncoder, decodeValue, encodeValue, takeBytes } from '#base/value-codec.ts';
import type { RecordedEvent } from '../read-run.ts';
import type { TailPiece } from './tail-source.ts';

/** A piece of the tail as bytes of the journal's own codec, which keeps every figure to the bit. */
export function encodePiece(piece: TailPiece): Uint8Array {
  const encoder = createEncoder();
  encodeValue(encoder, piece.lastSequence);
  encodeValue(encoder, piece.entries[0]?.sequence ?? 0);
  for (const { event } of piece.entries) encodeValue(encoder, event);
  return takeBytes(encoder);
}

/** The piece that was encoded. Throws a `ValueDecodeError` on bytes that are cut off or of something else. */
export function decodePiece(bytes: Uint8Array): TailPiece {
  const decoder = createDecoder();
  const last = decodeValue(decoder, bytes, 0);
  const first = decodeValue(decoder, bytes, last.nextOffset);
  assert(typeof last.value === 'number' && typeof first.value === 'number', 'a piece begins with two sequence numbers');
  const entries: RecordedEvent[] = [];
  for (let offset = first.nextOffset; offset < bytes.length; ) {
    const { value, nextOffset } = decodeValue(decoder, bytes, offset);
    entries.push({ sequence: first.value + entries.length, event: value as RecordedEvent['event'] });
    offset = nextOffset;
  }
  return { entries, lastSequence: last.value };
}
