import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { AuditKind, AuditLine } from '#domain/records/audit-record.ts';
import { parseAuditLine } from './audit-chain.ts';
import { auditFileName, listAuditFiles } from './audit-files.ts';

/** What is asked of an audit log; everything where nothing is said. */
export interface AuditQuery {
  readonly kind?: AuditKind;
  /** Event time from which on, ms UTC. */
  readonly sinceAt?: number;
  readonly traceId?: string;
}

/** The records of a folder that were asked for, oldest first. Lines that are no records are left to the verification. */
export async function* readAudit(folder: string, query: AuditQuery = {}): AsyncGenerator<AuditLine, void, undefined> {
  const oldest = query.sinceAt === undefined ? '' : auditFileName(query.sinceAt);
  for (const name of await listAuditFiles(folder)) {
    if (name < oldest) continue;
    for await (const text of createInterface({ input: createReadStream(join(folder, name)), crlfDelay: Infinity })) {
      const parsed = parseAuditLine(text);
      if ('line' in parsed && isAsked(parsed.line, query)) yield parsed.line;
    }
  }
}

function isAsked(line: AuditLine, { kind, sinceAt, traceId }: AuditQuery): boolean {
  if (kind !== undefined && line.kind !== kind) return false;
  if (traceId !== undefined && line.trace_id !== traceId) return false;
  return sinceAt === undefined || Date.parse(line.at) >= sinceAt;
}
