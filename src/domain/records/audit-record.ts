import { z } from 'zod';
import type { DeepReadonly } from '#base/deep-readonly.ts';

/** What an audit record is about. No event promotes or demotes a model yet; the kinds are part of the file's shape all the same. */
export const auditKinds = [
  'trade.decision',
  'trade.executed',
  'trade.closed',
  'risk.block',
  'risk.override',
  'emergency.triggered',
  'emergency.recovered',
  'model.promoted',
  'model.demoted',
  'policy.changed',
  'system.state_change',
  'config.updated',
] as const;
export type AuditKind = (typeof auditKinds)[number];

/** Who did what to what, why, and what came of it. Records of one journal are in the order of its sequence numbers. */
export interface AuditRecord {
  /** Journal sequence of the event it tells; an event may leave several records. */
  readonly sequence: number;
  /** Event time, ms UTC. */
  readonly at: number;
  readonly kind: AuditKind;
  /** The person, the module or the venue that acted. */
  readonly actor: string;
  readonly action: string;
  /** The instrument, the document or the part of the system that it was done to. */
  readonly target: string;
  readonly reason: string;
  readonly outcome: string;
  readonly traceId: string;
}

const digest = z.string().regex(/^[0-9a-f]{64}$/, 'expected 64 hexadecimal digits');

/** A line of an audit file: a record, and its link in the chain. The hash is that of all the other fields. */
export const auditLineSchema = z.strictObject({
  sequence: z.int().min(1),
  at: z.iso.datetime(),
  kind: z.enum(auditKinds),
  actor: z.string(),
  action: z.string(),
  target: z.string(),
  reason: z.string(),
  outcome: z.string(),
  trace_id: z.string().regex(/^[0-9a-f]{32}$/, 'expected 32 hexadecimal digits'),
  /** Hash of the line before; of the first one, 64 zeros. */
  previous_hash: digest,
  hash: digest,
});
export type AuditLine = DeepReadonly<z.infer<typeof auditLineSchema>>;

/** What stands before the first line of all. */
export const firstAuditHash = '0'.repeat(64);
