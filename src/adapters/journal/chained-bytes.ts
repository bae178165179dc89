import { hash } from 'node:crypto';

/** The bytes of one SHA-256 hash. */
export const HASH_BYTES = 32;

/**
 * A chain of links in one array of bytes: each link is a head, a body, and the hash of (previous hash, head, body). The previous hash stands
 * directly before the head, so that one hash over one range proves a link, wherever it is found.
 */
export type LinkLayout = {
  headBytes: number;
  /** Returns the length of the body that a head announces, or -1 where it cannot be the head of a link at all. */
  bodyLength(view: DataView, offset: number): number;
};

/** A link as found: `end` is the offset after its hash. */
export type Link = { end: number; isWhole: boolean; expectedHash: string; foundHash: string };

// A search that would hash more than this gives up, and the chain counts as going on.
const SEARCH_BYTES_MAX = 1_073_741_824;

/** Writes the hash of a link whose previous hash starts at `start` and whose own hash goes to `hashOffset`. */
export function sealLink(bytes: Uint8Array, start: number, hashOffset: number): void {
  bytes.set(hash('sha256', bytes.subarray(start, hashOffset), 'buffer'), hashOffset);
}

/** Returns the link whose head is at the offset, or undefined where no whole link fits. */
export function linkAt(bytes: Uint8Array, offset: number, layout: LinkLayout): Link | undefined {
  const end = linkEnd(bytes, viewOf(bytes), offset, layout);
  if (end < 0) return undefined;
  const expected = hash('sha256', bytes.subarray(offset - HASH_BYTES, end - HASH_BYTES), 'buffer');
  const found = bytes.subarray(end - HASH_BYTES, end);
  return { end, isWhole: expected.equals(found), expectedHash: hexOf(expected), foundHash: hexOf(found) };
}

/**
 * Says whether the chain goes on after a bad link. If it does, the bytes were damaged in the middle; if not, the last write was torn. `layout`
 * should accept few offsets, since every accepted one costs a hash.
 */
export function chainGoesOn(bytes: Uint8Array, badOffset: number, layout: LinkLayout): boolean {
  const bad = linkAt(bytes, badOffset, layout);
  if (bad !== undefined && followsRightHash(bytes, bad, layout)) return true;
  const view = viewOf(bytes);
  let hashed = 0;
  for (let offset = badOffset + 1; offset + layout.headBytes + HASH_BYTES <= bytes.length; offset++) {
    const end = linkEnd(bytes, view, offset, layout);
    if (end < 0) continue;
    hashed += end - offset;
    if (hashed > SEARCH_BYTES_MAX || linkAt(bytes, offset, layout)?.isWhole === true) return true;
  }
  return false;
}

/** Where only the stored hash was damaged, the next link follows the hash that should stand there. */
function followsRightHash(bytes: Uint8Array, bad: Link, layout: LinkLayout): boolean {
  const end = linkEnd(bytes, viewOf(bytes), bad.end, layout);
  if (end < 0) return false;
  const mended = Buffer.concat([Buffer.from(bad.expectedHash, 'hex'), bytes.subarray(bad.end, end - HASH_BYTES)]);
  return hash('sha256', mended, 'buffer').equals(bytes.subarray(end - HASH_BYTES, end));
}

function linkEnd(bytes: Uint8Array, view: DataView, offset: number, layout: LinkLayout): number {
  if (offset < HASH_BYTES || offset + layout.headBytes + HASH_BYTES > bytes.length) return -1;
  const length = layout.bodyLength(view, offset);
  if (length < 0) return -1;
  const end = offset + layout.headBytes + length + HASH_BYTES;
  return end <= bytes.length ? end : -1;
}

/** Views the bytes for reading numbers, all of which are little-endian. */
export function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** Writes a non-negative safe integer into eight bytes. */
export function writeCount(view: DataView, offset: number, count: number): void {
  view.setBigUint64(offset, BigInt(count), true);
}

/** Reads what `writeCount` wrote; other bytes may give numbers above the safe ones. */
export function readCount(view: DataView, offset: number): number {
  return view.getUint32(offset + 4, true) * 0x1_0000_0000 + view.getUint32(offset, true);
}

/** Spells bytes as hexadecimal digits. */
export function hexOf(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('hex');
}
