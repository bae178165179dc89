import { hexOf } from '#adapters/journal/chained-bytes.ts';
import { JournalRefusedError } from '#adapters/journal/journal-errors.ts';
import { isTornSegment } from '#adapters/journal/journal-recovery.ts';
import type { JournalEntry, SegmentInfo } from '#adapters/journal/journal-types.ts';
import { isReserveInUse, RESERVE_NAME } from '#adapters/journal/reserve-file.ts';
import { listSegments, readSegment } from '#adapters/journal/segment-folder.ts';
import { decodeSegmentHeader, type SegmentHeader } from '#adapters/journal/segment-header.ts';
import { type Frame, nextFrame, type SegmentWalk, startWalk, walkedHash } from '#adapters/journal/segment-scan.ts';
import { createDecoder, decodeValue } from '#base/value-codec.ts';
import { ValueDecodeError } from '#base/value-reader.ts';

/** One segment being read. */
export type ReadSegment = { info: SegmentInfo; header: SegmentHeader; walk: SegmentWalk };

/**
 * Yields the entries from a sequence number on, in order. Changes nothing on the disk: what the last write left torn ends the reading, just as the
 * next opening cuts it off. Throws a `JournalRefusedError` on damage, on entries that are no longer there, and while the reserve is in use.
 * Without `verify` (default true) the hashes of frames are taken on trust.
 */
export function* readJournal(
  folder: string,
  fromSequence: number,
  options: { verify?: boolean } = {},
): Generator<JournalEntry, void, undefined> {
  for (const { info, walk } of readSegments(folder, fromSequence, options.verify ?? true)) {
    const decoder = createDecoder();
    for (let frame = nextFrame(walk); frame !== undefined; frame = nextFrame(walk)) {
      let offset = 0;
      for (let index = 0; index < frame.entryCount; index++) {
        const { value, nextOffset } = decodeEntry(decoder, frame, offset, info.name);
        offset = nextOffset;
        const sequence = frame.firstSequence + index;
        if (sequence >= fromSequence) yield { sequence, value };
      }
      if (offset !== frame.bytes.length) {
        throw payloadError(frame, info.name, `expected ${offset} bytes of entries, found ${frame.bytes.length}`);
      }
    }
  }
}

/**
 * Yields the segments that hold entries from a sequence number on, each to be walked to its end before the next is asked for; checks that each
 * continues the one before.
 */
export function* readSegments(
  folder: string,
  fromSequence: number,
  verify: boolean,
): Generator<ReadSegment, void, undefined> {
  if (isReserveInUse(folder)) {
    throw new JournalRefusedError(
      'reserve',
      { segment: RESERVE_NAME, offset: 0 },
      'it holds entries that opening the journal moves to their place',
    );
  }
  const segments = listSegments(folder);
  const start = segments.findLastIndex((segment) => segment.firstSequence <= fromSequence);
  const first = segments[0];
  if (start < 0 && first !== undefined) {
    const problem = `expected entries from ${fromSequence} on, but the journal begins with ${first.firstSequence}`;
    throw new JournalRefusedError('missing', { segment: first.name, offset: 0 }, problem);
  }
  let previous: ReadSegment | undefined;
  for (const info of segments.slice(Math.max(0, start))) {
    const bytes = readSegment(folder, info);
    const mayBeTorn = info === segments.at(-1);
    if (mayBeTorn && isTornSegment(bytes, info.firstSequence)) return;
    const header = decodeSegmentHeader(bytes, info.name);
    if (previous !== undefined) checkContinues(previous, { info, header });
    previous = { info, header, walk: startWalk(info.name, bytes, info.firstSequence, { verify, mayBeTorn }) };
    yield previous;
  }
}

function checkContinues(previous: ReadSegment, next: { info: SegmentInfo; header: SegmentHeader }): void {
  const segment = next.info.name;
  const expectedSequence = previous.walk.lastSequence + 1;
  if (next.header.firstSequence !== expectedSequence) {
    const problem = `expected it to begin with ${expectedSequence}, found ${next.header.firstSequence}`;
    throw new JournalRefusedError('missing', { segment, offset: 0 }, problem);
  }
  if (next.header.runId !== previous.header.runId) {
    const problem = `expected the run '${previous.header.runId}', found '${next.header.runId}'`;
    throw new JournalRefusedError('run', { segment, offset: 0 }, problem);
  }
  const expectedHash = hexOf(walkedHash(previous.walk));
  const foundHash = hexOf(next.header.previousHash);
  if (expectedHash !== foundHash) {
    throw new JournalRefusedError(
      'chain',
      { segment, offset: 0, expectedHash, foundHash },
      'it does not continue the segment before',
    );
  }
}

function decodeEntry(
  decoder: ReturnType<typeof createDecoder>,
  frame: Frame,
  offset: number,
  segment: string,
): { value: unknown; nextOffset: number } {
  try {
    return decodeValue(decoder, frame.bytes, offset);
  } catch (error) {
    if (error instanceof ValueDecodeError) throw payloadError(frame, segment, error.message);
    throw error;
  }
}

function payloadError(frame: Frame, segment: string, problem: string): JournalRefusedError {
  return new JournalRefusedError('payload', { segment, offset: frame.end - frame.bytes.length }, problem);
}
