import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { auditPosition, auditRecords, auditTexts } from '../../../tests/support/audit-scene.ts';
import { temporaryFolder } from '../../../tests/support/csv-bars.ts';
import { AuditLog } from './audit-log.ts';
import { verifyAudit } from './verify-audit.ts';

const writer = fileURLToPath(new URL('../../../tests/support/audit-writer.ts', import.meta.url));
const kills = process.env['TRADEWIND_NIGHTLY'] === '1' ? 100 : 8;

/** Runs a writer and kills it after it has told so many batches. Returns the last sequence it told. */
async function killAfter(folder: string, batches: number): Promise<number> {
  const child = spawn(process.execPath, [writer, folder, '3'], { stdio: ['ignore', 'pipe', 'inherit'] });
  let told = 0;
  let left = batches;
  for await (const line of createInterface({ input: child.stdout })) {
    told = Number(line);
    left -= 1;
    if (left === 0) child.kill('SIGKILL');
  }
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
  return told;
}

test('a writer killed anywhere leaves a prefix, and the next one goes on from it', async (t) => {
  const folder = temporaryFolder(t);
  for (let kill = 1; kill <= kills; kill += 1) {
    const told = await killAfter(folder, (kill * 7) % 11 || 1);
    const verdict = await verifyAudit(folder);
    assert.equal(verdict.problem, null);
    const position = await new AuditLog(folder).position('audit');
    assert.ok((position?.sequence ?? 0) >= told, `kill ${kill}: what was told counts`);
  }
  const log = new AuditLog(folder);
  const position = await log.position('audit');
  const last = (position?.sequence ?? 0) + 1;
  await log.apply('audit', auditRecords(last, last), position, auditPosition(last));
  const texts = auditTexts(folder);
  const whole = temporaryFolder(t);
  await new AuditLog(whole).apply('audit', auditRecords(1, last), undefined, auditPosition(last));
  assert.deepEqual(texts, auditTexts(whole));
});
