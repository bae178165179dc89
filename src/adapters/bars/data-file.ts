import { readFileSync, statSync } from 'node:fs';
import { constants, gunzipSync } from 'node:zlib';
import { ImportError } from './import-error.ts';

/** The largest file and the largest decompressed content that is read: about twenty million bars. */
const dataFileBytesMax = 1024 * 1024 * 1024;

const chunkBytesMax = 64 * 1024 * 1024;

/**
 * The content of a plain or gzip file, told apart by its first bytes.
 * Refuses with an `ImportError`: not there, unreadable, larger than the cap, a gzip file that ends early (with the complete
 * rows before its end, the header not counted) or is damaged.
 */
export function readDataFile(path: string, bytesMax = dataFileBytesMax): Uint8Array {
  return decompressed(readWhole(path, bytesMax), path, bytesMax);
}

/** The bytes themselves, or what they decompress to where they begin as gzip does. `source` names them in errors. */
export function decompressed(bytes: Uint8Array, source: string, bytesMax = dataFileBytesMax): Uint8Array {
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) return bytes;
  try {
    return gunzipSync(bytes, { chunkSize: chunkBytes(bytes), maxOutputLength: bytesMax });
  } catch (error) {
    throw gzipError(bytes, source, bytesMax, errorCode(error));
  }
}

function readWhole(path: string, bytesMax: number): Uint8Array {
  try {
    const { size } = statSync(path);
    if (size > bytesMax) throw tooLarge(path, bytesMax);
    return readFileSync(path);
  } catch (error) {
    if (error instanceof ImportError) throw error;
    if (errorCode(error) === 'ENOENT')
      throw new ImportError('notFound', `a data file is expected at '${path}', found none`);
    throw new ImportError('unreadable', `'${path}' cannot be read: ${errorCode(error)}`);
  }
}

function gzipError(bytes: Uint8Array, source: string, bytesMax: number, code: string): ImportError {
  if (code === 'ERR_BUFFER_TOO_LARGE') return tooLarge(source, bytesMax);
  if (code !== 'Z_BUF_ERROR')
    return new ImportError('corruptGzip', `'${source}' is a damaged gzip file (${code}); nothing was taken from it`);
  const rows = completeRows(bytes, bytesMax);
  return new ImportError(
    'truncatedGzip',
    `'${source}' is a gzip file that ends early; ${rows} rows had been read, none is kept`,
    rows,
  );
}

/** Complete lines after the first in what can still be decompressed. */
function completeRows(bytes: Uint8Array, bytesMax: number): number {
  try {
    const text = gunzipSync(bytes, {
      finishFlush: constants.Z_SYNC_FLUSH,
      chunkSize: 1024 * 1024,
      maxOutputLength: bytesMax,
    });
    let lines = 0;
    for (const byte of text) if (byte === 0x0a) lines += 1;
    return Math.max(0, lines - 1);
  } catch (error) {
    // A file cut inside its own header decompresses to nothing, which is what is reported.
    if (errorCode(error).startsWith('Z_')) return 0;
    throw error;
  }
}

/** The last four bytes of a gzip file say its length, so that one chunk is enough; they are only a hint and may lie. */
function chunkBytes(bytes: Uint8Array): number {
  if (bytes.length < 4) return 65_536;
  const hint = new DataView(bytes.buffer, bytes.byteOffset, bytes.length).getUint32(bytes.length - 4, true);
  return Math.min(Math.max(hint + 1, 65_536), chunkBytesMax);
}

function tooLarge(source: string, bytesMax: number): ImportError {
  return new ImportError('tooLarge', `'${source}' holds more than the ${bytesMax} bytes that are read at most`);
}

function errorCode(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : String(error);
}
