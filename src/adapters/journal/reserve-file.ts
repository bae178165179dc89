import { hash } from 'node:crypto';
import { closeSync, existsSync, openSync, readSync, statSync } from 'node:fs';
import { join } from 'node:path';
import {
  chainGoesOn,
  HASH_BYTES,
  type LinkLayout,
  linkAt,
  readCount,
  sealLink,
  viewOf,
  writeCount,
} from '#adapters/journal/chained-bytes.ts';
import { type FileOperations, writeAllSync } from '#adapters/journal/file-operations.ts';
import { JournalRefusedError, JournalWriteError } from '#adapters/journal/journal-errors.ts';
import { segmentName } from '#adapters/journal/segment-header.ts';
import { assert } from '#base/assert.ts';

/** The file that holds disk space back for the last decisions of a full disk. */
export const RESERVE_NAME = 'reserve.twj';

/** Bytes that belong at an offset of the segment that starts with the sequence number. */
export type ReserveRecord = { segmentSequence: number; offset: number; bytes: Uint8Array };

/** A record sealed for its place in the reserve. */
export type ReserveWrite = { position: number; bytes: Uint8Array };

const MAGIC = 'TWRESRV\n';
const FORMAT_VERSION = 1;
const HEADER_BYTES = 24 + HASH_BYTES;
const RECORD_HEAD_BYTES = 24;
const RESERVE_BYTES_MAX = 1_073_741_824;

const recordLayout: LinkLayout = {
  headBytes: RECORD_HEAD_BYTES,
  bodyLength: (view, offset) => {
    const length = view.getUint32(offset, true);
    const isZeroFilled = view.getUint32(offset + 4, true) === 0;
    const isPlaced =
      readCount(view, offset + 8) <= Number.MAX_SAFE_INTEGER && readCount(view, offset + 16) <= Number.MAX_SAFE_INTEGER;
    return length > 0 && isZeroFilled && isPlaced ? length : -1;
  },
};

/**
 * The preallocated reserve of one journal: a list of writes that could not be made where they belong. The records chain from a header that
 * names their first sequence number, so records of an earlier use never join them.
 */
export class ReserveFile {
  readonly file: number;
  readonly #size: number;
  #position = 0;
  #hash: Uint8Array = new Uint8Array(HASH_BYTES);

  constructor(file: number, size: number) {
    this.file = file;
    this.#size = size;
  }

  /** Seals a record for the next free place; the first one carries the header. Throws a `JournalWriteError` when the reserve is full. */
  seal(record: ReserveRecord, firstSequence: number): ReserveWrite {
    const prefix = this.#position === 0 ? encodeHeader(firstSequence) : this.#hash;
    const kept = this.#position === 0 ? prefix.length : 0;
    const hashOffset = prefix.length + RECORD_HEAD_BYTES + record.bytes.length;
    const all = new Uint8Array(hashOffset + HASH_BYTES);
    const bytes = kept > 0 ? all : all.subarray(prefix.length);
    const free = this.#size - this.#position;
    if (bytes.length > free)
      throw new JournalWriteError('RESERVE_FULL', false, `the reserve has ${free} bytes left for ${bytes.length}`);
    const view = viewOf(all);
    all.set(prefix);
    view.setUint32(prefix.length, record.bytes.length, true);
    writeCount(view, prefix.length + 8, record.segmentSequence);
    writeCount(view, prefix.length + 16, record.offset);
    all.set(record.bytes, prefix.length + RECORD_HEAD_BYTES);
    sealLink(all, prefix.length - HASH_BYTES, hashOffset);
    const position = this.#position;
    this.#position += bytes.length;
    this.#hash = all.subarray(hashOffset);
    return { position, bytes };
  }
}

/**
 * Opens the reserve of a folder and writes it full of zeros, so that its space is truly taken and nothing of an earlier use is left. A reserve
 * in use must have been applied before.
 */
export function openReserveFile(folder: string, bytes: number, operations: FileOperations): ReserveFile {
  assert(
    bytes > HEADER_BYTES && bytes <= RESERVE_BYTES_MAX,
    `a reserve has ${HEADER_BYTES} to ${RESERVE_BYTES_MAX} bytes, but found ${bytes}`,
  );
  assert(!isReserveInUse(folder), 'a reserve is applied before it is opened again');
  const path = join(folder, RESERVE_NAME);
  const isNew = !existsSync(path);
  const file = operations.open(path, isNew);
  const size = Math.max(bytes, statSync(path).size);
  writeAllSync(operations, file, new Uint8Array(size), 0);
  operations.fdatasyncSync(file);
  operations.syncFolder(folder);
  return new ReserveFile(file, size);
}

/** Says whether the folder's reserve holds writes that are not in the segments yet. */
export function isReserveInUse(folder: string): boolean {
  const path = join(folder, RESERVE_NAME);
  if (!existsSync(path)) return false;
  const header = new Uint8Array(HEADER_BYTES);
  const file = openSync(path, 'r');
  try {
    readSync(file, header, 0, HEADER_BYTES, 0);
  } finally {
    closeSync(file);
  }
  return header.some((byte) => byte !== 0);
}

/**
 * Reads the records of a reserve's bytes. A last record that was torn is left out. Throws a `JournalRefusedError` where the header or a record
 * before the last is damaged.
 */
export function readReserve(bytes: Uint8Array): ReserveRecord[] {
  checkHeader(bytes);
  const records: ReserveRecord[] = [];
  const view = viewOf(bytes);
  let offset = HEADER_BYTES;
  for (;;) {
    const link = linkAt(bytes, offset, recordLayout);
    if (link?.isWhole !== true) break;
    const start = offset + RECORD_HEAD_BYTES;
    const body = bytes.subarray(start, link.end - HASH_BYTES);
    records.push({ segmentSequence: readCount(view, offset + 8), offset: readCount(view, offset + 16), bytes: body });
    offset = link.end;
  }
  // Past the last byte written there are only zeros; a hash may end with some of them.
  const used = bytes.findLastIndex((byte) => byte !== 0) + 1 + HASH_BYTES;
  if (chainGoesOn(bytes.subarray(0, used), offset, recordLayout)) {
    throw new JournalRefusedError(
      'reserve',
      { segment: RESERVE_NAME, offset },
      'a record is damaged and others follow it',
    );
  }
  return records;
}

/** Makes the records' writes where they belong, and empties the reserve. Doing it again after a crash gives the same files. */
export function applyReserve(folder: string, bytes: Uint8Array, operations: FileOperations): ReserveRecord[] {
  const records = readReserve(bytes);
  for (const record of records) applyRecord(folder, record, operations);
  operations.syncFolder(folder);
  const file = operations.open(join(folder, RESERVE_NAME), false);
  try {
    writeAllSync(operations, file, new Uint8Array(HEADER_BYTES), 0);
    operations.fdatasyncSync(file);
  } finally {
    operations.close(file);
  }
  return records;
}

function applyRecord(folder: string, record: ReserveRecord, operations: FileOperations): void {
  const name = segmentName(record.segmentSequence);
  const path = join(folder, name);
  const isNew = !existsSync(path);
  const size = isNew ? 0 : statSync(path).size;
  if (size < record.offset) {
    throw new JournalRefusedError(
      'reserve',
      { segment: name, offset: size },
      `the reserve continues it at byte ${record.offset}`,
    );
  }
  const file = operations.open(path, isNew);
  try {
    writeAllSync(operations, file, record.bytes, record.offset);
    operations.fdatasyncSync(file);
  } finally {
    operations.close(file);
  }
}

function encodeHeader(firstSequence: number): Uint8Array {
  const header = new Uint8Array(HEADER_BYTES);
  const view = viewOf(header);
  header.set(Buffer.from(MAGIC, 'latin1'));
  view.setUint32(8, FORMAT_VERSION, true);
  writeCount(view, 16, firstSequence);
  header.set(hash('sha256', header.subarray(0, 24), 'buffer'), 24);
  return header;
}

function checkHeader(bytes: Uint8Array): void {
  const header = bytes.subarray(0, HEADER_BYTES);
  const expected = header.length < HEADER_BYTES ? new Uint8Array(0) : encodeHeader(readCount(viewOf(header), 16));
  if (Buffer.compare(header, expected) !== 0) {
    throw new JournalRefusedError(
      'reserve',
      { segment: RESERVE_NAME, offset: 0 },
      'the header of the reserve is damaged or of another version',
    );
  }
}
