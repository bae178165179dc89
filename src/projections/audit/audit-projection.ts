import type { AuditRecord } from '#domain/records/audit-record.ts';
import { traceIdOf } from '#domain/trace.ts';
import type { Projection } from '#projections/projection.ts';
import { auditFactsOf } from './audit-facts.ts';
import { type AuditState, createAuditState, learnDecimals } from './audit-state.ts';

/** What of the tail belongs in the audit log, without the chain that the file adds. */
export const auditProjection: Projection<AuditState, AuditRecord> = {
  name: 'audit',
  version: 1,
  initial: createAuditState,
  project: (state, { sequence, event, root }, change) => {
    learnDecimals(state, event);
    const facts = auditFactsOf(state, event);
    if (facts.length === 0) return;
    const traceId = traceIdOf(root);
    for (const fact of facts) change({ sequence, at: event.at, ...fact, traceId });
  },
};
