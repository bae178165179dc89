import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { decompressed, readDataFile } from './data-file.ts';
import { ImportError } from './import-error.ts';

const text = Buffer.from(
  `time,open\n${Array.from({ length: 5000 }, (_, row) => `${row * 7919},${(row * 104_729) % 9973}\n`).join('')}`,
);

function refusal(run: () => unknown): ImportError {
  try {
    run();
  } catch (error) {
    assert.ok(error instanceof ImportError, String(error));
    return error;
  }
  assert.fail('a refusal is expected');
}

test('plain and compressed content read the same', () => {
  const folder = mkdtempSync(join(tmpdir(), 'data-file-'));
  writeFileSync(join(folder, 'plain'), text);
  writeFileSync(join(folder, 'packed'), gzipSync(text));
  assert.deepEqual(Buffer.from(readDataFile(join(folder, 'plain'))), text);
  assert.deepEqual(Buffer.from(readDataFile(join(folder, 'packed'))), text);
  rmSync(folder, { recursive: true });
});

test('a truncated gzip file is refused with its name and the rows before its end', () => {
  const packed = gzipSync(text);
  const error = refusal(() => decompressed(packed.subarray(0, packed.length >> 1), 'cut.csv.gz'));
  assert.equal(error.code, 'truncatedGzip');
  assert.ok(error.rowsRead > 1000 && error.rowsRead < 4000, String(error.rowsRead));
  assert.match(error.message, new RegExp(`'cut.csv.gz'.*${error.rowsRead} rows`));
});

test('a gzip file cut anywhere, even inside its header, is refused', () => {
  const packed = gzipSync(text.subarray(0, 200));
  for (let length = 2; length < packed.length; length += 1) {
    assert.equal(refusal(() => decompressed(packed.subarray(0, length), 'cut')).code, 'truncatedGzip', String(length));
  }
});

test('a damaged gzip file is refused', () => {
  const packed = gzipSync(text);
  packed[packed.length - 6] = (packed[packed.length - 6] ?? 0) ^ 0xff;
  assert.equal(refusal(() => decompressed(packed, 'bad.gz')).code, 'corruptGzip');
});

test('content beyond the cap is refused before it fills memory', () => {
  assert.equal(refusal(() => decompressed(gzipSync(Buffer.alloc(1_000_000)), 'bomb.gz', 100_000)).code, 'tooLarge');
});

test('a file that is not there or is a folder is refused by name', () => {
  assert.equal(refusal(() => readDataFile(join(tmpdir(), 'no-such-file.csv'))).code, 'notFound');
  assert.equal(refusal(() => readDataFile(tmpdir())).code, 'unreadable');
});
