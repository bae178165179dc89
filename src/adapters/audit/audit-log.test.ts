import assert from 'node:assert/strict';
import { appendFileSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { auditPosition, auditRecord, auditRecords, auditTexts } from '../../../tests/support/audit-scene.ts';
import { type Cleanup, temporaryFolder } from '../../../tests/support/csv-bars.ts';
import { AuditLog } from './audit-log.ts';
import { verifyAudit } from './verify-audit.ts';

/** Writes the sequences up to one, in batches. */
async function write(log: AuditLog, to: number, batch = to): Promise<void> {
  let position = await log.position('audit');
  for (let from = (position?.sequence ?? 0) + 1; from <= to; from += batch) {
    const last = Math.min(to, from + batch - 1);
    await log.apply('audit', auditRecords(from, last), position, auditPosition(last));
    position = auditPosition(last);
  }
}

async function written(t: Cleanup, to: number, batch?: number): Promise<string> {
  const folder = join(temporaryFolder(t), 'audit');
  await write(new AuditLog(folder), to, batch);
  return folder;
}

test('records stand in the file of their day, one line each, chained', async (t) => {
  const folder = await written(t, 10);
  const texts = auditTexts(folder);
  assert.deepEqual(Object.keys(texts), ['audit_2025-01-06.jsonl', 'audit_2025-01-07.jsonl']);
  assert.equal(texts['audit_2025-01-06.jsonl']?.split('\n').length, 7);
  const { problem, records, files } = await verifyAudit(folder);
  assert.deepEqual({ problem, records, files }, { problem: null, records: 10, files: 2 });
});

test('how the records came, at once or one by one, with restarts, makes no difference', async (t) => {
  const whole = auditTexts(await written(t, 20));
  assert.deepEqual(auditTexts(await written(t, 20, 1)), whole);
  const folder = await written(t, 7, 3);
  await write(new AuditLog(folder), 20, 4);
  assert.deepEqual(auditTexts(folder), whole);
});

test('the position goes on where nothing was to be told', async (t) => {
  const folder = temporaryFolder(t);
  const log = new AuditLog(folder);
  assert.equal(await log.position('audit'), undefined);
  await log.apply('audit', [], undefined, auditPosition(5));
  assert.deepEqual(await log.position('audit'), auditPosition(5));
  assert.deepEqual(auditTexts(folder), {});
  await log.apply('audit', auditRecords(6, 6), auditPosition(5), auditPosition(6));
  assert.equal((await verifyAudit(folder)).records, 1);
});

test('what a crash left behind the position is cut off by the next writer', async (t) => {
  const whole = auditTexts(await written(t, 9));
  const folder = await written(t, 4);
  const first = join(folder, 'audit_2025-01-06.jsonl');
  appendFileSync(first, '{"sequence":5,"at":"2025-01-0');
  writeFileSync(join(folder, 'audit_2025-01-07.jsonl'), 'half');
  await write(new AuditLog(folder), 9);
  assert.deepEqual(auditTexts(folder), whole);
});

test('files without a position are cut off too', async (t) => {
  const folder = temporaryFolder(t);
  writeFileSync(join(folder, 'audit_2025-01-06.jsonl'), 'left behind\n');
  await write(new AuditLog(folder), 9);
  assert.deepEqual(auditTexts(folder), auditTexts(await written(t, 9)));
});

test('a file that was shortened is damage, and nothing more is written', async (t) => {
  const folder = await written(t, 4);
  const path = join(folder, 'audit_2025-01-06.jsonl');
  truncateSync(path, 10);
  await assert.rejects(write(new AuditLog(folder), 5), { name: 'AuditDamagedError' });
  assert.equal(readFileSync(path).length, 10);
});

test('a stale writer is refused, and what it would have written is not there', async (t) => {
  const folder = await written(t, 4);
  const texts = auditTexts(folder);
  const log = new AuditLog(folder);
  const stale = { name: 'StaleWriterError', code: 'stale' };
  await assert.rejects(log.apply('audit', auditRecords(4, 5), auditPosition(3), auditPosition(5)), stale);
  await assert.rejects(log.apply('audit', auditRecords(1, 5), undefined, auditPosition(5)), stale);
  const other = { ...auditPosition(4), runId: 'run-2' };
  await assert.rejects(log.apply('audit', auditRecords(5, 5), other, auditPosition(5)), stale);
  assert.deepEqual(auditTexts(folder), texts);
  await write(log, 5);
  assert.equal((await verifyAudit(folder)).records, 5);
});

test('after a write that failed the next one begins where the position stands', async (t) => {
  const folder = await written(t, 4);
  const log = new AuditLog(folder);
  await log.apply('audit', auditRecords(5, 5), auditPosition(4), auditPosition(5));
  // The second record cannot be written as JSON of a time, so the call ends half way.
  const broken = [auditRecord(6), auditRecord(7, { at: Number.NaN })];
  await assert.rejects(log.apply('audit', broken, auditPosition(5), auditPosition(7)), RangeError);
  await log.apply('audit', auditRecords(6, 9), auditPosition(5), auditPosition(9));
  assert.deepEqual(auditTexts(folder), auditTexts(await written(t, 9)));
});

test('two calls at once are a mistake', async (t) => {
  const log = new AuditLog(temporaryFolder(t));
  const first = log.apply('audit', auditRecords(1, 1), undefined, auditPosition(1));
  await assert.rejects(log.apply('audit', auditRecords(1, 1), undefined, auditPosition(1)), /one call at a time/);
  await first;
});

test('wiping leaves nothing, and filling it anew gives the same files', async (t) => {
  const folder = await written(t, 9);
  const texts = auditTexts(folder);
  const log = new AuditLog(folder);
  await log.wipe('audit');
  assert.equal(await log.position('audit'), undefined);
  assert.deepEqual(auditTexts(folder), {});
  await write(log, 9, 2);
  assert.deepEqual(auditTexts(folder), texts);
  await log.close();
});

test('whole files older than ninety days go, and the chain of the rest is whole', async (t) => {
  const folder = await written(t, 6 * 95, 100);
  const names = Object.keys(auditTexts(folder));
  assert.equal(names.length, 90);
  assert.equal(names[0], 'audit_2025-01-11.jsonl');
  const { problem, notes, records } = await verifyAudit(folder);
  assert.deepEqual([problem, records], [null, 90 * 6]);
  assert.deepEqual(notes, ['the log begins with sequence 31: older files were removed']);
});

test('a record whose time lies back stands behind the ones before it', async (t) => {
  const folder = temporaryFolder(t);
  const log = new AuditLog(folder);
  const back = auditRecord(8, { at: auditRecord(1).at });
  await log.apply('audit', [auditRecord(7), back], undefined, auditPosition(8));
  assert.deepEqual(Object.keys(auditTexts(folder)), ['audit_2025-01-07.jsonl']);
  assert.equal((await verifyAudit(folder)).problem, null);
});
