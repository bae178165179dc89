import { hash } from 'node:crypto';
import { HASH_BYTES, hexOf, readCount, viewOf, writeCount } from '#adapters/journal/chained-bytes.ts';
import { JournalRefusedError } from '#adapters/journal/journal-errors.ts';
import { assert } from '#base/assert.ts';

/** The first bytes of a segment. Their hash is the first of the segment's chain, so it proves them and the segment before. */
export type SegmentHeader = { runId: string; firstSequence: number; previousHash: Uint8Array; hash: Uint8Array };

const MAGIC = 'TWJRNAL\n';
const FORMAT_VERSION = 1;
const RUN_ID_BYTES = 64;
const VERSION_OFFSET = 8;
const RUN_ID_OFFSET = 16;
const SEQUENCE_OFFSET = RUN_ID_OFFSET + RUN_ID_BYTES;
const PREVIOUS_OFFSET = SEQUENCE_OFFSET + 8;
const HASH_OFFSET = PREVIOUS_OFFSET + HASH_BYTES;

/** The length of every segment header. */
export const SEGMENT_HEADER_BYTES: number = HASH_OFFSET + HASH_BYTES;

const RUN_ID_PATTERN = /^[\x21-\x7e]{1,64}$/;
const NAME_PATTERN = /^segment-(\d{16})\.twj$/;

/** Says whether a run id can stand in a header: 1 to 64 printable ASCII signs. */
export function isRunId(text: string): boolean {
  return RUN_ID_PATTERN.test(text);
}

/** Returns the file name of the segment that starts with the sequence number. */
export function segmentName(firstSequence: number): string {
  return `segment-${String(firstSequence).padStart(16, '0')}.twj`;
}

/** Returns the first sequence number in a segment's file name, or undefined where it is no segment's name. */
export function parseSegmentName(name: string): number | undefined {
  const digits = NAME_PATTERN.exec(name)?.[1];
  return digits === undefined ? undefined : Number(digits);
}

/** Writes the header of a new segment; `previousHash` is the last hash of the segment before, zeros in the first. */
export function encodeSegmentHeader(runId: string, firstSequence: number, previousHash: Uint8Array): Uint8Array {
  assert(isRunId(runId), `a run id has 1 to 64 printable ASCII signs, but found '${runId}'`);
  const bytes = new Uint8Array(SEGMENT_HEADER_BYTES);
  const view = viewOf(bytes);
  bytes.set(Buffer.from(MAGIC, 'latin1'));
  view.setUint32(VERSION_OFFSET, FORMAT_VERSION, true);
  view.setUint32(VERSION_OFFSET + 4, runId.length, true);
  bytes.set(Buffer.from(runId, 'latin1'), RUN_ID_OFFSET);
  writeCount(view, SEQUENCE_OFFSET, firstSequence);
  bytes.set(previousHash, PREVIOUS_OFFSET);
  bytes.set(hash('sha256', bytes.subarray(0, HASH_OFFSET), 'buffer'), HASH_OFFSET);
  return bytes;
}

/** Reads the header of a segment. Throws a `JournalRefusedError` that says what is wrong with it. */
export function decodeSegmentHeader(bytes: Uint8Array, segment: string): SegmentHeader {
  const refuse = (code: 'magic' | 'version' | 'header' | 'name', problem: string): never => {
    throw new JournalRefusedError(code, { segment, offset: 0 }, problem);
  };
  if (bytes.length < SEGMENT_HEADER_BYTES)
    refuse('header', `expected a header of ${SEGMENT_HEADER_BYTES} bytes, found ${bytes.length}`);
  const magic = Buffer.from(bytes.subarray(0, MAGIC.length)).toString('latin1');
  if (magic !== MAGIC) refuse('magic', `expected the magic ${JSON.stringify(MAGIC)}, found ${JSON.stringify(magic)}`);
  const view = viewOf(bytes);
  const version = view.getUint32(VERSION_OFFSET, true);
  if (version !== FORMAT_VERSION) refuse('version', `expected format version ${FORMAT_VERSION}, found ${version}`);
  const expectedHash = hash('sha256', bytes.subarray(0, HASH_OFFSET), 'hex');
  const foundHash = hexOf(bytes.subarray(HASH_OFFSET, SEGMENT_HEADER_BYTES));
  if (expectedHash !== foundHash) {
    throw new JournalRefusedError('header', { segment, offset: 0, expectedHash, foundHash }, 'the header is damaged');
  }
  const firstSequence = readCount(view, SEQUENCE_OFFSET);
  if (segment !== segmentName(firstSequence)) refuse('name', `the header belongs to '${segmentName(firstSequence)}'`);
  const runId = Buffer.from(
    bytes.subarray(RUN_ID_OFFSET, RUN_ID_OFFSET + view.getUint32(VERSION_OFFSET + 4, true)),
  ).toString('latin1');
  const previousHash = new Uint8Array(bytes.subarray(PREVIOUS_OFFSET, HASH_OFFSET));
  return {
    runId,
    firstSequence,
    previousHash,
    hash: new Uint8Array(bytes.subarray(HASH_OFFSET, SEGMENT_HEADER_BYTES)),
  };
}
