import assert from 'node:assert/strict';
import { test } from 'node:test';
import { linkAt, viewOf } from '#adapters/journal/chained-bytes.ts';
import { FRAME_HEAD_BYTES, frameLayout, readFrameHead, sealFrame } from '#adapters/journal/frame.ts';
import { createEncoder, encodeValue } from '#base/value-codec.ts';

test('a sealed frame carries its numbers, empties the encoder and chains from its prefix', () => {
  const encoder = createEncoder();
  encodeValue(encoder, 'a');
  encodeValue(encoder, 5);
  const prefix = new Uint8Array(40).fill(9);
  const { bytes, hash } = sealFrame(prefix, encoder, 2, 7_000_000_000);
  assert.equal(encoder.length, 0);
  assert.deepEqual(readFrameHead(viewOf(bytes), 40), { length: 4, entryCount: 2, firstSequence: 7_000_000_000 });
  assert.equal(bytes.length, 40 + FRAME_HEAD_BYTES + 4 + 32);
  assert.deepEqual(Uint8Array.from(hash), Uint8Array.from(bytes.subarray(-32)));
  assert.equal(linkAt(bytes, 40, frameLayout(6_999_999_999, 40))?.isWhole, true);
});

test('a frame far from where its numbers can be is no candidate', () => {
  const encoder = createEncoder();
  encodeValue(encoder, 5);
  const { bytes } = sealFrame(new Uint8Array(40), encoder, 1, 10);
  assert.equal(linkAt(bytes, 40, frameLayout(10, 40)), undefined);
  assert.equal(linkAt(bytes, 40, frameLayout(8, 40)), undefined);
  assert.notEqual(linkAt(bytes, 40, frameLayout(8, 39)), undefined);
});
