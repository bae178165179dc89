import assert from 'node:assert/strict';
import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { auditPosition, auditRecord, auditRecords } from '../../../tests/support/audit-scene.ts';
import { temporaryFolder } from '../../../tests/support/csv-bars.ts';
import { AuditLog } from './audit-log.ts';
import { type AuditQuery, readAudit } from './read-audit.ts';

async function found(folder: string, query?: AuditQuery): Promise<number[]> {
  const sequences: number[] = [];
  for await (const { sequence } of readAudit(folder, query)) sequences.push(sequence);
  return sequences;
}

test('records are found by kind, by time and by trace', async (t) => {
  const folder = temporaryFolder(t);
  const records = [...auditRecords(1, 8), auditRecord(9, { kind: 'risk.block' })];
  await new AuditLog(folder).apply('audit', records, undefined, auditPosition(9));
  assert.deepEqual(await found(folder), [1, 2, 3, 4, 5, 6, 7, 8, 9]);
  assert.deepEqual(await found(folder, { kind: 'risk.block' }), [9]);
  assert.deepEqual(await found(folder, { sinceAt: auditRecord(6).at }), [6, 7, 8, 9]);
  assert.deepEqual(await found(folder, { sinceAt: auditRecord(8).at, kind: 'trade.decision' }), [8]);
  assert.deepEqual(await found(folder, { traceId: auditRecord(3).traceId }), [3]);
  appendFileSync(join(folder, 'audit_2025-01-07.jsonl'), '{"half');
  assert.equal((await found(folder)).length, 9);
  assert.deepEqual(await found(join(folder, 'absent')), []);
});
