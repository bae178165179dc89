import { hash } from 'node:crypto';
import { type AuditLine, type AuditRecord, auditLineSchema } from '#domain/records/audit-record.ts';

/** A record linked to the one before: its hash covers that one's hash and all of its own fields. */
export function linkRecord(record: AuditRecord, previousHash: string): AuditLine {
  const { sequence, at, kind, actor, action, target, reason, outcome, traceId } = record;
  const fields = {
    sequence,
    at: new Date(at).toISOString(),
    kind,
    actor,
    action,
    target,
    reason,
    outcome,
    trace_id: traceId,
  };
  return { ...fields, previous_hash: previousHash, hash: linkHash(fields, previousHash) };
}

/** What a line's hash should be. */
export function expectedHash({ hash: _hash, previous_hash: previousHash, ...fields }: AuditLine): string {
  return linkHash(fields, previousHash);
}

/** Reads a line; the problem says what is wrong with its shape. */
export function parseAuditLine(text: string): { readonly line: AuditLine } | { readonly problem: string } {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return { problem: 'the line is not JSON' };
  }
  const parsed = auditLineSchema.safeParse(value);
  if (parsed.success) return { line: parsed.data };
  const issue = parsed.error.issues[0];
  return { problem: `field '${issue?.path.join('.') ?? ''}': ${issue?.message ?? 'is not as expected'}` };
}

/** Fields in the order of their names and no spaces, so that every reader hashes the same bytes. */
function linkHash(fields: Readonly<Record<string, string | number>>, previousHash: string): string {
  const ordered = Object.entries(fields).sort(([left], [right]) => (left < right ? -1 : 1));
  return hash('sha256', previousHash + JSON.stringify(Object.fromEntries(ordered)), 'hex');
}
