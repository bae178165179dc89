import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { AuditLog } from '#adapters/audit/audit-log.ts';
import { auditFolder } from '#runtime/telemetry/telemetry-folders.ts';
import { auditPosition, auditRecord, auditRecords } from '../../tests/support/audit-scene.ts';
import { runCommand } from '../../tests/support/command-scene.ts';
import { type Cleanup, temporaryFolder } from '../../tests/support/csv-bars.ts';
import { registerAudit } from './audit-command.ts';

async function auditedRun(t: Cleanup): Promise<string> {
  const folder = temporaryFolder(t);
  const records = [...auditRecords(1, 8), auditRecord(9, { kind: 'risk.block', reason: '' })];
  await new AuditLog(auditFolder(folder)).apply('audit', records, undefined, auditPosition(9));
  return folder;
}

function audit(...argv: readonly string[]) {
  return runCommand(registerAudit, ['audit', ...argv]);
}

test('a whole log is said to be whole', async (t) => {
  const folder = await auditedRun(t);
  const { code, result } = await audit('verify', '--data-dir', folder);
  assert.equal(code, 0);
  assert.match(result, /^The audit log is whole: 9 records in 2 files, last hash [0-9a-f]{64}\.\n$/);
  const json = JSON.parse((await audit('verify', '--data-dir', folder, '--json')).result);
  assert.deepEqual([json.isWhole, json.records, json.problem], [true, 9, null]);
});

test('the first broken record is named, and the command ends with 1', async (t) => {
  const folder = await auditedRun(t);
  const path = join(auditFolder(folder), 'audit_2025-01-07.jsonl');
  writeFileSync(path, readFileSync(path, 'utf8').replace('buy 8', 'buy 9'));
  const { code, result, work } = await audit('verify', '--data-dir', folder);
  assert.equal(code, 1);
  assert.equal(result, '');
  assert.match(work, /broken at line 2 of 'audit_2025-01-07\.jsonl', sequence 8: the record was changed/);
  const json = await audit('verify', '--data-dir', folder, '--json');
  assert.equal(json.code, 1);
  assert.equal(JSON.parse(json.result).problem.sequence, 8);
});

test('records are shown, by kind and time, for people and for programs', async (t) => {
  const folder = await auditedRun(t);
  const blocks = await audit('show', '--data-dir', folder, '--kind', 'risk.block');
  assert.equal(
    blocks.result,
    "2025-01-07 08:00:00.000  9  risk.block  combined: buy 9, EURUSD.OANDA: submitted 'o9'\n",
  );
  const since = await audit('show', '--data-dir', folder, '--since', '2025-01-07T00:00:00Z', '--json');
  const sequences = since.result
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line).sequence);
  assert.deepEqual(sequences, [7, 8, 9]);
  const all = (await audit('show', '--data-dir', folder)).result.trimEnd().split('\n');
  assert.equal(all.length, 9);
});

test('a kind that is none is refused with the nearest one', async (t) => {
  const { code, work } = await audit('show', '--data-dir', temporaryFolder(t), '--kind', 'risk.blok');
  assert.equal(code, 2);
  assert.match(work, /found 'risk\.blok'; the nearest is 'risk\.block'/);
});

test('where there is no audit log the commands end with 1', async (t) => {
  const folder = temporaryFolder(t);
  for (const command of ['verify', 'show']) {
    const { code, work } = await audit(command, '--data-dir', folder);
    assert.equal(code, 1);
    assert.match(work, /there is no audit log: expected the folder/);
  }
});
