import assert from 'node:assert/strict';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { temporaryFolder } from '../../../tests/support/csv-bars.ts';
import { appendDurably, auditFileName, cutBehind, listAuditFiles, removeOldAuditFiles } from './audit-files.ts';

function write(folder: string, ...names: readonly string[]): void {
  for (const name of names) writeFileSync(join(folder, name), 'text');
}

test('a file is named for the UTC day of its events', () => {
  assert.equal(auditFileName(Date.parse('2025-01-06T23:59:59.999Z')), 'audit_2025-01-06.jsonl');
});

test('files are listed oldest first, and nothing else is', async (t) => {
  const folder = temporaryFolder(t);
  write(folder, 'audit_2025-01-07.jsonl', 'audit_2025-01-06.jsonl', 'position.json', 'audit_x.jsonl');
  assert.deepEqual(await listAuditFiles(folder), ['audit_2025-01-06.jsonl', 'audit_2025-01-07.jsonl']);
  assert.deepEqual(await listAuditFiles(join(folder, 'absent')), []);
});

test('text is added, and the size is told', async (t) => {
  const folder = join(temporaryFolder(t), 'audit');
  assert.equal(await appendDurably(folder, 'a', 'one\n'), 4);
  assert.equal(await appendDurably(folder, 'a', 'zwö\n'), 9);
});

test('what stands behind a place is cut off', async (t) => {
  const folder = temporaryFolder(t);
  const [first, second, third] = [
    'audit_2025-01-06.jsonl',
    'audit_2025-01-07.jsonl',
    'audit_2025-01-08.jsonl',
  ] as const;
  write(folder, first, second, third);
  await cutBehind(folder, second, 3);
  assert.deepEqual(readdirSync(folder).sort(), [first, second]);
  assert.equal(readFileSync(join(folder, second), 'utf8'), 'tex');
  assert.equal(readFileSync(join(folder, first), 'utf8'), 'text');
  await assert.rejects(cutBehind(folder, second, 4), /was shortened: expected 4 bytes, found 3/);
  await assert.rejects(cutBehind(folder, third, 4), /was shortened: expected 4 bytes, found 0/);
  await cutBehind(folder, null, 0);
  assert.deepEqual(readdirSync(folder), []);
});

test('ninety days are kept', async (t) => {
  const folder = temporaryFolder(t);
  write(folder, 'audit_2025-01-01.jsonl', 'audit_2025-01-02.jsonl', 'audit_2025-03-31.jsonl', 'audit_2025-04-01.jsonl');
  await removeOldAuditFiles(folder, 'audit_2025-04-01.jsonl');
  assert.deepEqual(await listAuditFiles(folder), [
    'audit_2025-01-02.jsonl',
    'audit_2025-03-31.jsonl',
    'audit_2025-04-01.jsonl',
  ]);
});
