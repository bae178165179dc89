import { assert } from '#base/assert.ts';
import { readValue, type ValueDecoder } from '#base/value-reader.ts';
import { shapeNode, type ValueEncoder, writeValue } from '#base/value-writer.ts';

/** Starts a stream with an empty dictionary. */
export function createEncoder(): ValueEncoder {
  return { bytes: new Uint8Array(4_096), length: 0, stringIds: new Map(), shapeRoot: shapeNode(), shapes: [] };
}

/**
 * Appends one plain value: null, boolean, number, string, array or plain object. Keys whose value is undefined are left out. Safe
 * integers are zigzag varints, all other numbers (minus zero too) eight exact bytes. Stops with an `AssertionError` on
 * anything else, on nesting deeper than the limit and on a cycle; the encoder is then as it was before the call.
 */
export function encodeValue(encoder: ValueEncoder, value: unknown): void {
  const { length } = encoder;
  const strings = encoder.stringIds.size;
  const shapes = encoder.shapes.length;
  try {
    writeValue(encoder, value, 0);
  } catch (error) {
    encoder.length = length;
    forgetDictionary(encoder, strings, shapes);
    throw error;
  }
}

/** Hands out a copy of the bytes encoded since the last call; the dictionary stays, so the stream goes on. */
export function takeBytes(encoder: ValueEncoder): Uint8Array<ArrayBuffer> {
  const taken = encoder.bytes.slice(0, encoder.length);
  encoder.length = 0;
  return taken;
}

/** Like `takeBytes`, but copies into the target from the offset on, which must have room. Returns the count of bytes. */
export function takeBytesInto(encoder: ValueEncoder, target: Uint8Array, offset: number): number {
  const { length } = encoder;
  target.set(encoder.bytes.subarray(0, length), offset);
  encoder.length = 0;
  return length;
}

/** Forgets all strings and shapes: what follows is a new stream for a new decoder. All bytes must have been taken. */
export function resetDictionary(encoder: ValueEncoder): void {
  assert(encoder.length === 0, 'the bytes of a stream are taken before its dictionary is reset');
  encoder.stringIds.clear();
  encoder.shapeRoot = shapeNode();
  encoder.shapes = [];
}

/** Starts reading a stream from its first byte. */
export function createDecoder(): ValueDecoder {
  return { bytes: new Uint8Array(0), position: 0, strings: [], shapes: [] };
}

/**
 * Reads the value that starts at the offset. The values of a stream must be read in the order they were written. Memory used is at most in
 * proportion to the bytes given. Throws a `ValueDecodeError` on bytes that are cut off or were not written by an encoder.
 */
export function decodeValue(
  decoder: ValueDecoder,
  bytes: Uint8Array,
  offset: number,
): { value: unknown; nextOffset: number } {
  decoder.bytes = bytes;
  decoder.position = offset;
  const value = readValue(decoder, 0);
  return { value, nextOffset: decoder.position };
}

function forgetDictionary(encoder: ValueEncoder, strings: number, shapes: number): void {
  for (const [text, id] of [...encoder.stringIds]) if (id >= strings) encoder.stringIds.delete(text);
  for (const node of encoder.shapes.splice(shapes)) node.shapeId = -1;
}
