import assert from 'node:assert/strict';
import { appendFileSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { firstAuditHash } from '#domain/records/audit-record.ts';
import { auditPosition, auditRecord, auditRecords } from '../../../tests/support/audit-scene.ts';
import { type Cleanup, temporaryFolder } from '../../../tests/support/csv-bars.ts';
import { linkRecord } from './audit-chain.ts';
import { AuditLog } from './audit-log.ts';
import { verifyAudit } from './verify-audit.ts';

const [monday, tuesday, wednesday] = [
  'audit_2025-01-06.jsonl',
  'audit_2025-01-07.jsonl',
  'audit_2025-01-08.jsonl',
] as const;

/** Fifteen records in three files. */
async function written(t: Cleanup): Promise<string> {
  const folder = temporaryFolder(t);
  await new AuditLog(folder).apply('audit', auditRecords(1, 15), undefined, auditPosition(15));
  return folder;
}

function change(folder: string, name: string, edit: (lines: string[]) => string[]): void {
  const path = join(folder, name);
  const lines = readFileSync(path, 'utf8').trimEnd().split('\n');
  writeFileSync(path, `${edit(lines).join('\n')}\n`);
}

test('a log that was never written to is whole', async (t) => {
  const empty = { files: 0, records: 0, lastHash: firstAuditHash, problem: null, notes: [] };
  assert.deepEqual(await verifyAudit(join(temporaryFolder(t), 'absent')), empty);
});

test('a record that was changed is named', async (t) => {
  const folder = await written(t);
  change(folder, tuesday, (lines) => lines.map((line) => line.replace('buy 9', 'buy 8')));
  const { problem } = await verifyAudit(folder);
  const reason = 'the record was changed: its hash is not that of its content';
  assert.deepEqual(problem, { file: tuesday, line: 3, sequence: 9, reason });
});

test('a record that was changed and hashed anew breaks the chain behind it', async (t) => {
  const folder = await written(t);
  change(folder, tuesday, (lines) => {
    const previous = String(JSON.parse(lines[1] ?? '').hash);
    return lines.with(2, JSON.stringify(linkRecord(auditRecord(9, { actor: 'nobody' }), previous)));
  });
  const { problem } = await verifyAudit(folder);
  assert.deepEqual(
    [problem?.line, problem?.sequence, problem?.reason],
    [4, 10, 'the record does not follow on the one before'],
  );
});

test('records that are missing, doubled or out of order are named', async (t) => {
  for (const edit of [
    (lines: string[]) => lines.toSpliced(2, 1),
    (lines: string[]) => lines.toSpliced(2, 0, lines[1] ?? ''),
    (lines: string[]) => [lines[0], lines[1], lines[3], lines[2], ...lines.slice(4)].map((line) => line ?? ''),
  ]) {
    const folder = await written(t);
    change(folder, tuesday, edit);
    const { problem } = await verifyAudit(folder);
    assert.deepEqual([problem?.file, problem?.line], [tuesday, 3]);
  }
});

test('a line that is none is named', async (t) => {
  const folder = await written(t);
  change(folder, monday, (lines) => lines.with(1, 'nonsense'));
  const { problem } = await verifyAudit(folder);
  assert.deepEqual(problem, { file: monday, line: 2, sequence: null, reason: 'the line is not JSON' });
});

test('a file that is missing in between or at the end is noticed', async (t) => {
  const between = await written(t);
  rmSync(join(between, tuesday));
  assert.equal((await verifyAudit(between)).problem?.file, wednesday);
  const end = await written(t);
  rmSync(join(end, wednesday));
  assert.deepEqual((await verifyAudit(end)).problem, {
    file: wednesday,
    line: 0,
    sequence: null,
    reason: 'the newest file is missing',
  });
});

test('records cut off at the end are noticed', async (t) => {
  const folder = await written(t);
  change(folder, wednesday, (lines) => lines.slice(0, -1));
  assert.match(
    (await verifyAudit(folder)).problem?.reason ?? '',
    /^the file was shortened: expected \d+ bytes, found \d+$/,
  );
});

test('a last record written anew over the old one is noticed', async (t) => {
  const folder = await written(t);
  change(folder, wednesday, (lines) => {
    const previous = String(JSON.parse(lines.at(-2) ?? '').hash);
    // Of the same length, so that only the hash of the position tells.
    return lines.with(-1, JSON.stringify(linkRecord(auditRecord(15, { actor: 'combinet' }), previous)));
  });
  assert.equal((await verifyAudit(folder)).problem?.reason, 'the last counted record is not the one of the position');
});

test('the oldest files may be gone, and that is told', async (t) => {
  const folder = await written(t);
  rmSync(join(folder, monday));
  const { problem, notes, records } = await verifyAudit(folder);
  assert.deepEqual([problem, records], [null, 9]);
  assert.deepEqual(notes, ['the log begins with sequence 7: older files were removed']);
});

test('what is being written meanwhile is told and is no damage', async (t) => {
  const folder = await written(t);
  const { lastHash } = await verifyAudit(folder);
  const next = JSON.stringify(linkRecord(auditRecord(16), lastHash));
  appendFileSync(join(folder, wednesday), `${next}\n${next.slice(0, 40)}`);
  const { problem, notes, records } = await verifyAudit(folder);
  assert.deepEqual([problem, records], [null, 16]);
  assert.deepEqual(notes, [
    `'${wednesday}' goes on behind the position`,
    `'${wednesday}' ends in half a line that is not counted in yet`,
  ]);
});
