import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ProjectionPosition } from '#domain/projection-position.ts';
import type { AuditRecord } from '#domain/records/audit-record.ts';

const startAt = Date.parse('2025-01-06T00:00:00Z');
const hourMs = 3_600_000;

/** A record of every sequence, four hours apart, so that six of them fill a day. */
export function auditRecord(sequence: number, changes: Partial<AuditRecord> = {}): AuditRecord {
  return {
    sequence,
    at: startAt + (sequence - 1) * 4 * hourMs,
    kind: 'trade.decision',
    actor: 'combined',
    action: `buy ${sequence}`,
    target: 'EURUSD.OANDA',
    reason: 'a "quoted"\nreason – ü',
    outcome: `submitted 'o${sequence}'`,
    traceId: sequence.toString(16).padStart(32, '0'),
    ...changes,
  };
}

/** Records of the sequences from one up to another, both included. */
export function auditRecords(from: number, to: number): AuditRecord[] {
  return Array.from({ length: to - from + 1 }, (_, index) => auditRecord(from + index));
}

export function auditPosition(sequence: number): ProjectionPosition {
  return { runId: 'run-1', version: 1, sequence, at: auditRecord(sequence).at, state: '{}' };
}

/** The content of every audit file, by name. */
export function auditTexts(folder: string): Record<string, string> {
  const names = readdirSync(folder).filter((name) => name.startsWith('audit_'));
  return Object.fromEntries(names.sort().map((name) => [name, readFileSync(join(folder, name), 'utf8')]));
}
