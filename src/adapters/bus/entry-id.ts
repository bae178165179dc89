/**
 * Ids of stream entries in the form of Valkey Streams: milliseconds, a hyphen, and a count within the millisecond. One publisher
 * gives the type stream and the domain stream the same id, so that ids order the whole bus.
 */
export interface EntryIdParts {
  readonly ms: number;
  readonly count: number;
}

/** Before every entry. */
export const firstEntryId = '0-0';

export function parseEntryId(id: string): EntryIdParts {
  const hyphen = id.indexOf('-');
  if (hyphen < 0) return { ms: Number(id), count: 0 };
  return { ms: Number(id.slice(0, hyphen)), count: Number(id.slice(hyphen + 1)) };
}

/** Negative where the left id comes first. */
export function compareEntryIds(left: string, right: string): number {
  if (left.length === right.length && left.indexOf('-') === right.indexOf('-')) {
    // Digits of the same number in the same places sort like the figures they are.
    if (left === right) return 0;
    return left < right ? -1 : 1;
  }
  const a = parseEntryId(left);
  const b = parseEntryId(right);
  return a.ms - b.ms || a.count - b.count;
}

/** The smallest id after another one. */
export function entryIdAfter(id: string): string {
  const { ms, count } = parseEntryId(id);
  return `${ms}-${count + 1}`;
}

/** The id of the next entry written at an instant: never one that is used, whatever the clock does. */
export function nextEntryId(last: string, at: number): string {
  const { ms } = parseEntryId(last);
  return at > ms ? `${at}-0` : entryIdAfter(last);
}

export function smallerEntryId(left: string, right: string): string {
  return compareEntryIds(left, right) <= 0 ? left : right;
}

export function laterEntryId(left: string, right: string): string {
  return compareEntryIds(left, right) >= 0 ? left : right;
}
