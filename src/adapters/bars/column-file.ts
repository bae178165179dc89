import { createHash } from 'node:crypto';
import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { endianness } from 'node:os';
import { assert } from '#base/assert.ts';
import type { BarColumns } from '#domain/bar.ts';
import type { BarSeriesHead } from './bar-builder.ts';
import { ImportError } from './import-error.ts';

/** The order of columns in a column file: each is `rows` little-endian doubles, one column after the other. */
export const columnNames = ['openAt', 'open', 'high', 'low', 'close', 'volume', 'spread'] as const;

/** Bytes of one row over all columns. */
export const rowBytes = columnNames.length * 8;

const hashChunkBytes = 4 * 1024 * 1024;

/** The bytes of each column in file order, without copying. */
export function columnBytes(columns: BarColumns): Uint8Array[] {
  assert(endianness() === 'LE', 'columns are stored in little-endian order, and this machine has another');
  return columnNames.map((name) => {
    const column = columns[name];
    assert(column.length === columns.length, `column '${name}' has ${columns.length} rows, found ${column.length}`);
    return new Uint8Array(column.buffer, column.byteOffset, column.byteLength);
  });
}

/** A series whose columns are views of one buffer with room for `rows` rows; shared between threads where asked. */
export function allocateColumns(
  head: BarSeriesHead & Pick<BarColumns, 'hasVolume'>,
  rows: number,
  shared: boolean,
): BarColumns {
  const buffer = shared ? new SharedArrayBuffer(rows * rowBytes) : new ArrayBuffer(rows * rowBytes);
  const column = (place: number) => new Float64Array(buffer, place * rows * 8, rows);
  return {
    ...head,
    length: rows,
    openAt: column(0),
    open: column(1),
    high: column(2),
    low: column(3),
    close: column(4),
    volume: column(5),
    spread: column(6),
  };
}

export interface ColumnFileRange {
  readonly rows: number;
  readonly fromAt: number;
  readonly untilAt: number;
  /** The hash the whole file must have; undefined leaves it unchecked. */
  readonly sha256: string | undefined;
}

/**
 * Rows of a column file with `fromAt ≤ openAt < untilAt`, in columns made by `allocate`.
 * Refuses with an `ImportError`: absent, of another size than its rows, or with another hash.
 */
export function readColumnFile(
  path: string,
  range: ColumnFileRange,
  allocate: (rows: number) => BarColumns,
): BarColumns {
  const file = openForReading(path);
  try {
    checkFile(file, path, range);
    const first = firstRowFrom(file, range.rows, range.fromAt);
    const end = Math.max(first, firstRowFrom(file, range.rows, range.untilAt));
    const columns = allocate(end - first);
    columnBytes(columns).forEach((bytes, place) => {
      readFully(file, bytes, (place * range.rows + first) * 8);
    });
    return columns;
  } finally {
    closeSync(file);
  }
}

function openForReading(path: string): number {
  try {
    return openSync(path, 'r');
  } catch (error) {
    throw new ImportError(
      'columns',
      `a column file is expected at '${path}': ${error instanceof Error ? error.message : 'unknown error'}`,
    );
  }
}

function checkFile(file: number, path: string, range: ColumnFileRange): void {
  const { size } = fstatSync(file);
  if (size !== range.rows * rowBytes)
    throw new ImportError(
      'columns',
      `'${path}' must have ${range.rows * rowBytes} bytes for ${range.rows} rows, found ${size}`,
    );
  if (range.sha256 === undefined) return;
  const found = fileHash(file, size);
  if (found !== range.sha256)
    throw new ImportError('hash', `'${path}' is damaged: its SHA-256 must be '${range.sha256}', found '${found}'`);
}

function fileHash(file: number, size: number): string {
  const hash = createHash('sha256');
  const chunk = new Uint8Array(Math.min(hashChunkBytes, size));
  for (let position = 0; position < size; position += hashChunkBytes) {
    const part = chunk.subarray(0, Math.min(hashChunkBytes, size - position));
    readFully(file, part, position);
    hash.update(part);
  }
  return hash.digest('hex');
}

/** The first row at or after an instant, by bisection of the first column on disk. */
function firstRowFrom(file: number, rows: number, at: number): number {
  const cell = new Float64Array(1);
  const bytes = new Uint8Array(cell.buffer);
  let low = 0;
  let high = rows;
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    readFully(file, bytes, middle * 8);
    if ((cell[0] ?? 0) < at) low = middle + 1;
    else high = middle;
  }
  return low;
}

function readFully(file: number, bytes: Uint8Array, position: number): void {
  let done = 0;
  while (done < bytes.length) {
    const read = readSync(file, bytes, done, Math.min(bytes.length - done, 0x4000_0000), position + done);
    if (read === 0)
      throw new ImportError('columns', `a column file ends at byte ${position + done}, while it was being read`);
    done += read;
  }
}
