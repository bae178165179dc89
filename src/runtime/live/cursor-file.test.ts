import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { readCursor, writeCursor } from './cursor-file.ts';

test('a cursor comes back as it was kept, and a file that is not whole is none', (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'tradewind-cursor-'));
  t.after(() => rmSync(folder, { recursive: true }));
  assert.equal(readCursor(folder), undefined);
  writeCursor(folder, '2311');
  writeCursor(folder, '2312');
  assert.equal(readCursor(folder), '2312');
  writeFileSync(join(folder, 'account-cursor.json'), '{"cursor":');
  assert.equal(readCursor(folder), undefined);
});
