import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { JournalRefusedError } from '#adapters/journal/journal-errors.ts';
import type { SegmentInfo } from '#adapters/journal/journal-types.ts';
import { parseSegmentName } from '#adapters/journal/segment-header.ts';

// A segment is read whole; a larger file was not written here.
const SEGMENT_BYTES_MAX = 1_073_741_824;

/** Lists the segments of a folder by their first sequence number; a folder that does not exist has none. */
export function listSegments(folder: string): SegmentInfo[] {
  if (!existsSync(folder)) return [];
  const segments: SegmentInfo[] = [];
  for (const name of readdirSync(folder)) {
    const firstSequence = parseSegmentName(name);
    if (firstSequence !== undefined) segments.push({ name, firstSequence, bytes: statSync(join(folder, name)).size });
  }
  return segments.sort((a, b) => a.firstSequence - b.firstSequence);
}

/** Reads a whole segment; at most 1 GiB. */
export function readSegment(folder: string, segment: SegmentInfo): Uint8Array {
  if (segment.bytes > SEGMENT_BYTES_MAX) {
    throw new JournalRefusedError(
      'size',
      { segment: segment.name, offset: 0 },
      `expected at most ${SEGMENT_BYTES_MAX} bytes, found ${segment.bytes}`,
    );
  }
  return readFileSync(join(folder, segment.name));
}
