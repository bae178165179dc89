import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { type FileOperations, systemFiles, writeAll, writeAllSync } from '#adapters/journal/file-operations.ts';

/** Writes at most two bytes a call, as a nearly full disk may. */
const slowFiles: FileOperations = {
  ...systemFiles,
  write: (file, bytes, position) => systemFiles.write(file, bytes.subarray(0, 2), position),
  writeSync: (file, bytes, position) => systemFiles.writeSync(file, bytes.subarray(0, 2), position),
};

test('short writes go on until every byte has its place', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'tradewind-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const path = join(folder, 'bytes');
  const file = systemFiles.open(path, true);
  writeAllSync(slowFiles, file, Buffer.from('abcde'), 0);
  await writeAll(slowFiles, file, Buffer.from('ABC'), 3);
  await systemFiles.fdatasync(file);
  systemFiles.fdatasyncSync(file);
  systemFiles.syncFolder(folder);
  systemFiles.close(file);
  assert.equal(readFileSync(path, 'utf8'), 'abcABC');
});

test('a new file is refused where one exists, an old one where none does', (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'tradewind-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const path = join(folder, 'bytes');
  assert.throws(() => systemFiles.open(path, false), { code: 'ENOENT' });
  systemFiles.close(systemFiles.open(path, true));
  assert.throws(() => systemFiles.open(path, true), { code: 'EEXIST' });
});

test('a write that makes no progress is an error', async () => {
  const stuck: FileOperations = { ...systemFiles, write: () => Promise.resolve(0), writeSync: () => 0 };
  assert.throws(() => writeAllSync(stuck, 0, Buffer.from('a'), 0), { code: 'EIO' });
  await assert.rejects(writeAll(stuck, 0, Buffer.from('a'), 0), { code: 'EIO' });
});

test('failed calls reject with the code of the system', async () => {
  await assert.rejects(systemFiles.write(-1, Buffer.from('a'), 0));
  await assert.rejects(systemFiles.fdatasync(1_000_000), { code: 'EBADF' });
});
