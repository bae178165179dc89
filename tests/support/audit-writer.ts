import { AuditLog } from '#adapters/audit/audit-log.ts';
import { auditPosition, auditRecords } from './audit-scene.ts';

/** A process that adds to an audit log, batch by batch, until somebody ends it. Says each batch that counts. */
const [, , folder = '', size = '3'] = process.argv;
const log = new AuditLog(folder);
let position = await log.position('audit');
for (let batch = 0; batch < 10_000; batch += 1) {
  const from = (position?.sequence ?? 0) + 1;
  const to = from + Number(size) - 1;
  await log.apply('audit', auditRecords(from, to), position, auditPosition(to));
  position = auditPosition(to);
  process.stdout.write(`${to}\n`);
}
