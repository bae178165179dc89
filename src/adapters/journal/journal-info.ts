import { HASH_BYTES, hexOf } from '#adapters/journal/chained-bytes.ts';
import { isTornSegment } from '#adapters/journal/journal-recovery.ts';
import type { JournalInfo } from '#adapters/journal/journal-types.ts';
import { readSegments } from '#adapters/journal/read-journal.ts';
import { isReserveInUse } from '#adapters/journal/reserve-file.ts';
import { listSegments, readSegment } from '#adapters/journal/segment-folder.ts';
import { decodeSegmentHeader } from '#adapters/journal/segment-header.ts';
import { nextFrame, startWalk, walkedHash } from '#adapters/journal/segment-scan.ts';

/**
 * Says what a journal's folder holds, from the newest segment alone, whose chain is verified; an empty journal has last sequence 0 and a hash of
 * zeros. Throws a `JournalRefusedError` where that segment is damaged.
 */
export function journalInfo(folder: string): JournalInfo {
  const segments = listSegments(folder);
  const bytes = segments.reduce((sum, segment) => sum + segment.bytes, 0);
  const common = {
    firstSequence: segments[0]?.firstSequence ?? 1,
    bytes,
    isReserveInUse: isReserveInUse(folder),
    segments,
  };
  let tornBytes = 0;
  for (const segment of segments.toReversed()) {
    const content = readSegment(folder, segment);
    if (segment === segments.at(-1) && isTornSegment(content, segment.firstSequence)) {
      tornBytes += segment.bytes;
      continue;
    }
    const { runId } = decodeSegmentHeader(content, segment.name);
    const walk = startWalk(segment.name, content, segment.firstSequence, { verify: true, mayBeTorn: true });
    while (nextFrame(walk) !== undefined);
    tornBytes += segment.bytes - walk.end;
    return { ...common, runId, lastSequence: walk.lastSequence, lastHash: hexOf(walkedHash(walk)), tornBytes };
  }
  return { ...common, runId: undefined, lastSequence: 0, lastHash: '0'.repeat(HASH_BYTES * 2), tornBytes };
}

/**
 * Returns the chain's hash after an entry, in hexadecimal, or undefined where no frame ends with it. A snapshot that names another hash for its
 * sequence number does not belong to this journal.
 */
export function chainHashAt(folder: string, sequence: number): string | undefined {
  for (const { walk } of readSegments(folder, sequence, true)) {
    while (nextFrame(walk) !== undefined) if (walk.lastSequence === sequence) return hexOf(walkedHash(walk));
    return undefined;
  }
  return undefined;
}

/** Verifies the whole chain of a journal and returns how many entries it proves. Throws a `JournalRefusedError` where it is broken. */
export function verifyJournal(folder: string): number {
  let entries = 0;
  const first = listSegments(folder)[0]?.firstSequence ?? 1;
  for (const { walk } of readSegments(folder, first, true)) {
    for (let frame = nextFrame(walk); frame !== undefined; frame = nextFrame(walk)) entries += frame.entryCount;
  }
  return entries;
}
