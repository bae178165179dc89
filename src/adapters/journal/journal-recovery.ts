import {
  closeSync,
  existsSync,
  fsyncSync,
  ftruncateSync,
  openSync,
  readFileSync,
  readSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { chainGoesOn, HASH_BYTES, hexOf } from '#adapters/journal/chained-bytes.ts';
import type { FileOperations } from '#adapters/journal/file-operations.ts';
import { frameLayout } from '#adapters/journal/frame.ts';
import { JournalRefusedError } from '#adapters/journal/journal-errors.ts';
import type { JournalRepair, SegmentInfo } from '#adapters/journal/journal-types.ts';
import { applyReserve, isReserveInUse, RESERVE_NAME } from '#adapters/journal/reserve-file.ts';
import { listSegments, readSegment } from '#adapters/journal/segment-folder.ts';
import { decodeSegmentHeader, SEGMENT_HEADER_BYTES } from '#adapters/journal/segment-header.ts';
import { nextFrame, type SegmentWalk, startWalk, walkedHash } from '#adapters/journal/segment-scan.ts';

/** Where a recovered journal goes on. `emptySegment` is the newest segment where it has no frame yet, to be filled first. */
export type RecoveredJournal = {
  lastSequence: number;
  lastHash: Uint8Array;
  emptySegment: SegmentInfo | undefined;
  repairs: JournalRepair[];
};

const TORN_FILES_MAX = 1_000;

/**
 * Makes a journal's folder whole after any crash: applies the reserve, proves the newest segment and how the segments link, and cuts off what the
 * last write left torn; the bytes cut are kept beside it. Throws a `JournalRefusedError` on damage that is no torn write.
 */
export function recoverJournal(folder: string, runId: string, operations: FileOperations): RecoveredJournal {
  const repairs: JournalRepair[] = [];
  if (isReserveInUse(folder)) {
    const records = applyReserve(folder, readFileSync(join(folder, RESERVE_NAME)), operations);
    const bytes = records.reduce((sum, record) => sum + record.bytes.length, 0);
    repairs.push({ type: 'reserveApplied', records: records.length, bytes });
  }
  const segments = listSegments(folder);
  const removed = removeTornSegment(folder, segments, operations);
  if (removed !== undefined) repairs.push(removed);
  const last = segments.at(-1);
  if (last === undefined)
    return { lastSequence: 0, lastHash: new Uint8Array(HASH_BYTES), emptySegment: undefined, repairs };
  checkLinks(folder, segments, runId);
  const walk = walkToEnd(folder, last);
  if (walk.tornReason !== undefined) repairs.push(cutTail(folder, last, walk));
  const isEmpty = walk.end === SEGMENT_HEADER_BYTES;
  return {
    lastSequence: walk.lastSequence,
    lastHash: walkedHash(walk),
    emptySegment: isEmpty ? { ...last, bytes: walk.end } : undefined,
    repairs,
  };
}

/** Says whether a newest segment is a write that never got as far as its header; anything else is proven by its header. */
export function isTornSegment(bytes: Uint8Array, firstSequence: number): boolean {
  const header = bytes.subarray(0, SEGMENT_HEADER_BYTES);
  if (header.length === SEGMENT_HEADER_BYTES && header.some((byte) => byte !== 0)) return false;
  return !chainGoesOn(bytes, SEGMENT_HEADER_BYTES, frameLayout(firstSequence - 1, SEGMENT_HEADER_BYTES));
}

function removeTornSegment(
  folder: string,
  segments: SegmentInfo[],
  operations: FileOperations,
): JournalRepair | undefined {
  const last = segments.at(-1);
  if (last === undefined) return undefined;
  const bytes = readSegment(folder, last);
  if (!isTornSegment(bytes, last.firstSequence)) return undefined;
  const savedAs = saveTorn(folder, last.firstSequence, bytes);
  rmSync(join(folder, last.name));
  operations.syncFolder(folder);
  segments.pop();
  return { type: 'segmentRemoved', segment: last.name, bytes: bytes.length, savedAs };
}

function checkLinks(folder: string, segments: readonly SegmentInfo[], runId: string): void {
  let previous: SegmentInfo | undefined;
  for (const segment of segments) {
    const header = decodeSegmentHeader(readRange(folder, segment, 0, SEGMENT_HEADER_BYTES), segment.name);
    if (header.runId !== runId) {
      throw new JournalRefusedError(
        'run',
        { segment: segment.name, offset: 0 },
        `expected the run '${runId}', found '${header.runId}'`,
      );
    }
    if (previous !== undefined) {
      const foundHash = hexOf(readRange(folder, previous, Math.max(0, previous.bytes - HASH_BYTES), HASH_BYTES));
      const expectedHash = hexOf(header.previousHash);
      if (foundHash !== expectedHash) {
        const place = { segment: previous.name, offset: previous.bytes, expectedHash, foundHash };
        throw new JournalRefusedError('chain', place, `it does not end where '${segment.name}' begins`);
      }
    }
    previous = segment;
  }
}

function walkToEnd(folder: string, segment: SegmentInfo): SegmentWalk {
  const walk = startWalk(segment.name, readSegment(folder, segment), segment.firstSequence, {
    verify: true,
    mayBeTorn: true,
  });
  while (nextFrame(walk) !== undefined);
  return walk;
}

function cutTail(folder: string, segment: SegmentInfo, walk: SegmentWalk): JournalRepair {
  const torn = walk.bytes.subarray(walk.end);
  const savedAs = saveTorn(folder, walk.lastSequence + 1, torn);
  const file = openSync(join(folder, segment.name), 'r+');
  try {
    ftruncateSync(file, walk.end);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  return {
    type: 'tailCut',
    segment: segment.name,
    offset: walk.end,
    bytes: torn.length,
    reason: walk.tornReason ?? '',
    savedAs,
  };
}

/** Keeps cut bytes under the first sequence number they could have held; an earlier file of that name is never overwritten. */
function saveTorn(folder: string, sequence: number, bytes: Uint8Array): string {
  const stem = `torn-${String(sequence).padStart(16, '0')}`;
  for (let attempt = 1; attempt <= TORN_FILES_MAX; attempt++) {
    const name = attempt === 1 ? `${stem}.bin` : `${stem}-${attempt}.bin`;
    if (existsSync(join(folder, name))) continue;
    const file = openSync(join(folder, name), 'wx');
    try {
      for (let done = 0; done < bytes.length; ) done += writeSync(file, bytes, done);
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    return name;
  }
  throw new JournalRefusedError(
    'size',
    { segment: stem, offset: 0 },
    `expected at most ${TORN_FILES_MAX} files of torn bytes at one place`,
  );
}

function readRange(folder: string, segment: SegmentInfo, offset: number, length: number): Uint8Array {
  const bytes = new Uint8Array(Math.max(0, Math.min(length, segment.bytes - offset)));
  const file = openSync(join(folder, segment.name), 'r');
  try {
    readSync(file, bytes, 0, bytes.length, offset);
  } finally {
    closeSync(file);
  }
  return bytes;
}
