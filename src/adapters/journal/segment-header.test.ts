import assert from 'node:assert/strict';
import { test } from 'node:test';
import { JournalRefusedError } from '#adapters/journal/journal-errors.ts';
import {
  decodeSegmentHeader,
  encodeSegmentHeader,
  parseSegmentName,
  SEGMENT_HEADER_BYTES,
  segmentName,
} from '#adapters/journal/segment-header.ts';
import { AssertionError } from '#base/assert.ts';

const previousHash = new Uint8Array(32).fill(7);
const name = segmentName(42);

function header(): Uint8Array {
  return encodeSegmentHeader('paper-fx', 42, previousHash);
}

test('a header comes back with its run, first number and previous hash', () => {
  const bytes = header();
  assert.equal(bytes.length, SEGMENT_HEADER_BYTES);
  const decoded = decodeSegmentHeader(bytes, name);
  assert.equal(decoded.runId, 'paper-fx');
  assert.equal(decoded.firstSequence, 42);
  assert.deepEqual(decoded.previousHash, previousHash);
  assert.deepEqual(decoded.hash, bytes.slice(-32));
});

test('every flipped bit of a header is refused', () => {
  for (let place = 0; place < SEGMENT_HEADER_BYTES; place++) {
    const bytes = header();
    bytes[place] = (bytes[place] ?? 0) ^ 1;
    assert.throws(() => decodeSegmentHeader(bytes, name), JournalRefusedError, `byte ${place}`);
  }
});

test('a wrong magic, version or name is called by its name', () => {
  const otherMagic = header();
  otherMagic[0] = 0x58;
  assert.throws(() => decodeSegmentHeader(otherMagic, name), {
    code: 'magic',
    message: /expected the magic "TWJRNAL\\n", found "XWJRNAL\\n"/,
  });
  const otherVersion = header();
  otherVersion[8] = 9;
  assert.throws(() => decodeSegmentHeader(otherVersion, name), {
    code: 'version',
    message: /expected format version 1, found 9/,
  });
  assert.throws(() => decodeSegmentHeader(header(), segmentName(43)), { code: 'name' });
  assert.throws(() => decodeSegmentHeader(header().subarray(0, 100), name), { code: 'header', message: /found 100/ });
});

test('a run id with spaces, or none, or too long a one is our mistake', () => {
  for (const runId of ['', 'a b', 'x'.repeat(65)])
    assert.throws(() => encodeSegmentHeader(runId, 1, previousHash), AssertionError);
});

test('names sort like their first numbers and only they are parsed', () => {
  assert.equal(segmentName(42), 'segment-0000000000000042.twj');
  assert.equal(parseSegmentName(segmentName(Number.MAX_SAFE_INTEGER)), Number.MAX_SAFE_INTEGER);
  for (const other of ['segment-42.twj', 'reserve.twj', 'segment-0000000000000042.twj.tmp'])
    assert.equal(parseSegmentName(other), undefined);
});
