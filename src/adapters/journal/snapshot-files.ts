import { hash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { mkdir, open, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { deserialize, serialize } from 'node:v8';
import zlib from 'node:zlib';
import { HASH_BYTES, hexOf, viewOf } from '#adapters/journal/chained-bytes.ts';
import { assert } from '#base/assert.ts';

/** The state after an entry of the journal; `chainHash` is the journal's hash there, `codeVersion` names the code that made the state. */
export type Snapshot = { sequence: number; chainHash: string; codeVersion: string; value: unknown };

export type SnapshotFile = { name: string; sequence: number; bytes: number };

/** A snapshot that was passed over, and why. */
export type SkippedSnapshot = { name: string; reason: string };

type Compression = 'zstd' | 'gzip';
type SnapshotHead = {
  sequence: number;
  chainHash: string;
  codeVersion: string;
  compression: Compression;
  valueBytes: number;
};

const MAGIC = 'TWSNAP\n\0';
const FORMAT_VERSION = 1;
const HEAD_OFFSET = 16;
const HEAD_BYTES_MAX = 65_536;
const VALUE_BYTES_MAX = 2_147_483_647;
const NAME_PATTERN = /^snapshot-(\d{16})\.tws$/;
const TEMPORARY_PATTERN = /^snapshot-(\d{16})\.tws\.tmp$/;

/**
 * Writes a snapshot and removes all but the newest `keep` (default 3). The value is copied before the call returns, so the state may change at
 * once; compressing and writing happen aside. The file appears whole and durable, or not at all. The folder is made where it is missing.
 */
export async function writeSnapshot(
  folder: string,
  snapshot: Snapshot,
  options: { keep?: number } = {},
): Promise<SnapshotFile> {
  const keep = options.keep ?? 3;
  assert(keep >= 1, 'at least one snapshot is kept');
  assert(
    Number.isSafeInteger(snapshot.sequence) && snapshot.sequence >= 0,
    'a snapshot follows an entry of the journal',
  );
  const content = serialize(snapshot.value);
  const bytes = await encodeSnapshot(snapshot, content);
  const name = `snapshot-${String(snapshot.sequence).padStart(16, '0')}.tws`;
  await mkdir(folder, { recursive: true });
  await writeDurably(folder, name, bytes);
  await removeOld(folder, snapshot.sequence, keep);
  return { name, sequence: snapshot.sequence, bytes: bytes.length };
}

/** Lists the snapshots of a folder, newest first, without reading them. */
export function listSnapshots(folder: string): SnapshotFile[] {
  if (!existsSync(folder)) return [];
  const files: SnapshotFile[] = [];
  for (const name of readdirSync(folder)) {
    const digits = NAME_PATTERN.exec(name)?.[1];
    if (digits !== undefined) files.push({ name, sequence: Number(digits), bytes: statSync(join(folder, name)).size });
  }
  return files.sort((a, b) => b.sequence - a.sequence);
}

/** Reads the newest whole snapshot at or before a sequence number, and says which damaged ones it passed over. */
export function latestSnapshot(
  folder: string,
  atOrBeforeSequence = Number.MAX_SAFE_INTEGER,
): { snapshot: Snapshot | undefined; skipped: SkippedSnapshot[] } {
  const skipped: SkippedSnapshot[] = [];
  for (const { name, sequence } of listSnapshots(folder)) {
    if (sequence > atOrBeforeSequence) continue;
    try {
      return { snapshot: decodeSnapshot(readFileSync(join(folder, name)), sequence), skipped };
    } catch (error) {
      skipped.push({ name, reason: error instanceof Error ? error.message : String(error) });
    }
  }
  return { snapshot: undefined, skipped };
}

async function encodeSnapshot(snapshot: Snapshot, content: Uint8Array): Promise<Uint8Array> {
  const { sequence, chainHash, codeVersion } = snapshot;
  const isZstd = typeof zlib.zstdCompress === 'function';
  const compressed = isZstd
    ? await promisify(zlib.zstdCompress)(content, { params: { [zlib.constants.ZSTD_c_compressionLevel]: 1 } })
    : await promisify(zlib.gzip)(content, { level: 1 });
  const head: SnapshotHead = {
    sequence,
    chainHash,
    codeVersion,
    compression: isZstd ? 'zstd' : 'gzip',
    valueBytes: content.length,
  };
  const headBytes = Buffer.from(JSON.stringify(head));
  assert(headBytes.length <= HEAD_BYTES_MAX, `the head of a snapshot has at most ${HEAD_BYTES_MAX} bytes`);
  const numbers = Buffer.alloc(HEAD_OFFSET, MAGIC, 'latin1');
  numbers.writeUInt32LE(FORMAT_VERSION, 8);
  numbers.writeUInt32LE(headBytes.length, 12);
  const body = Buffer.concat([numbers, headBytes, compressed]);
  return Buffer.concat([body, hash('sha256', body, 'buffer')]);
}

function decodeSnapshot(bytes: Uint8Array, sequence: number): Snapshot {
  if (bytes.length < HEAD_OFFSET + HASH_BYTES) throw new Error(`expected a snapshot, found only ${bytes.length} bytes`);
  const magic = Buffer.from(bytes.subarray(0, MAGIC.length)).toString('latin1');
  if (magic !== MAGIC) throw new Error(`expected the magic ${JSON.stringify(MAGIC)}, found ${JSON.stringify(magic)}`);
  const view = viewOf(bytes);
  const version = view.getUint32(8, true);
  if (version !== FORMAT_VERSION) throw new Error(`expected format version ${FORMAT_VERSION}, found ${version}`);
  const bodyEnd = bytes.length - HASH_BYTES;
  const expected = hash('sha256', bytes.subarray(0, bodyEnd), 'hex');
  const found = hexOf(bytes.subarray(bodyEnd));
  if (expected !== found) throw new Error(`expected hash '${expected}', found '${found}'`);
  const headEnd = HEAD_OFFSET + view.getUint32(12, true);
  const head = parseHead(Buffer.from(bytes.subarray(HEAD_OFFSET, headEnd)).toString());
  if (head.sequence !== sequence)
    throw new Error(`expected the snapshot of sequence ${sequence}, found that of ${head.sequence}`);
  const value: unknown = deserialize(expand(head, bytes.subarray(headEnd, bodyEnd)));
  return { sequence, chainHash: head.chainHash, codeVersion: head.codeVersion, value };
}

/** The hash has proven that this text was written above. */
function parseHead(text: string): SnapshotHead {
  return JSON.parse(text) as SnapshotHead;
}

function expand(head: SnapshotHead, compressed: Uint8Array): Uint8Array {
  if (head.valueBytes > VALUE_BYTES_MAX)
    throw new Error(`expected at most ${VALUE_BYTES_MAX} bytes of value, found ${head.valueBytes}`);
  const options = { maxOutputLength: Math.max(1, head.valueBytes) };
  return head.compression === 'zstd'
    ? zlib.zstdDecompressSync(compressed, options)
    : zlib.gunzipSync(compressed, options);
}

async function writeDurably(folder: string, name: string, bytes: Uint8Array): Promise<void> {
  const temporary = join(folder, `${name}.tmp`);
  const file = await open(temporary, 'w');
  try {
    await file.writeFile(bytes);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(temporary, join(folder, name));
  await syncFolder(folder);
}

async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Removes snapshots beyond the newest ones, and what earlier writes left unfinished. */
async function removeOld(folder: string, sequence: number, keep: number): Promise<void> {
  const names = listSnapshots(folder)
    .slice(keep)
    .map((file) => file.name);
  for (const name of readdirSync(folder)) {
    const digits = TEMPORARY_PATTERN.exec(name)?.[1];
    if (digits !== undefined && Number(digits) < sequence) names.push(name);
  }
  for (const name of names) await rm(join(folder, name), { force: true });
}
