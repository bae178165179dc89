import assert from 'node:assert/strict';
import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { firstAuditHash } from '#domain/records/audit-record.ts';
import { auditPosition } from '../../../tests/support/audit-scene.ts';
import { temporaryFolder } from '../../../tests/support/csv-bars.ts';
import { AuditDamagedError, auditMarkName, readAuditMark, syncFolder, writeAuditMark } from './audit-mark.ts';

const mark = { name: 'audit', position: auditPosition(7), file: null, bytes: 0, hash: firstAuditHash };

test('a mark is written and read, and nothing else is left in the folder', async (t) => {
  const folder = temporaryFolder(t);
  assert.equal(await readAuditMark(folder), undefined);
  await writeAuditMark(folder, mark);
  await writeAuditMark(folder, { ...mark, file: 'audit_2025-01-06.jsonl', bytes: 5 });
  assert.deepEqual(await readAuditMark(folder), { ...mark, file: 'audit_2025-01-06.jsonl', bytes: 5 });
  assert.deepEqual(readdirSync(folder), [auditMarkName]);
});

test('a mark that is no mark is damage', async (t) => {
  const folder = temporaryFolder(t);
  for (const text of ['', '{}', '{"name":']) {
    writeFileSync(join(folder, auditMarkName), text);
    await assert.rejects(readAuditMark(folder), AuditDamagedError);
  }
});

test('a folder that is not there cannot be made durable', async (t) => {
  await assert.rejects(syncFolder(join(temporaryFolder(t), 'absent')), { code: 'ENOENT' });
});
