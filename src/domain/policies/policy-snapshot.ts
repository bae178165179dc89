import { traceIdOf } from '../trace.ts';
import { cryptoPolicies, cryptoPolicyNames, cryptoSchemaVersion } from './crypto-policies.ts';
import { type RiskPolicy, riskPolicySchema } from './crypto-policies-risk.ts';
import type { PolicyCommit, PolicyRecord } from './policy-record.ts';

/** Where the merged view of all documents stands: its version grows by one with every change of any of them. */
export interface PolicyMeta {
  readonly version: number;
  readonly schema_version: number;
  readonly updated_by: string | null;
  /** Event time of the newest change, ms UTC. */
  readonly updated_at: number | null;
  readonly reason: string | null;
  readonly trace_id: string | null;
  readonly previous_version: number | null;
}

/**
 * All policies as one document: what other programs read under `quantum:policy:current`, and what is kept as a file beside the journal.
 * The four sections are those of the crypto desk and stand there once they have been written; every document in force, whatever
 * its desk, is in `documents` under its key.
 */
export interface PolicySnapshot {
  readonly meta: PolicyMeta;
  readonly risk_policy?: Readonly<Record<string, unknown>>;
  readonly ai_policy?: Readonly<Record<string, unknown>>;
  readonly execution_policy?: Readonly<Record<string, unknown>>;
  readonly universe_policy?: Readonly<Record<string, unknown>>;
  readonly documents: Readonly<Record<string, SnapshotDocument>>;
}

export interface SnapshotDocument {
  readonly version: number;
  readonly document: Readonly<Record<string, unknown>>;
}

/** The merged view of the documents in force. A function of them alone, so that the engine and its followers give the same. */
export function policySnapshot(
  policies: Readonly<Record<string, Readonly<PolicyRecord>>>,
  runId: string,
): PolicySnapshot {
  const keys = Object.keys(policies).sort();
  const documents: Record<string, SnapshotDocument> = {};
  let version = 0;
  let newest: PolicyCommit | undefined;
  for (const key of keys) {
    const held = policies[key];
    if (held === undefined) continue;
    documents[key] = { version: held.version, document: held.document };
    version += held.version;
    if (held.commit !== undefined && held.commit.sequence > (newest?.sequence ?? 0)) newest = held.commit;
  }
  return { meta: metaOf(version, newest, runId), ...sections(documents), documents };
}

/** What stands in where no snapshot can be read: the defaults of the four domains with the risk mode SAFE. */
export function safePolicySnapshot(reason: string): PolicySnapshot {
  const documents: Record<string, SnapshotDocument> = {};
  for (const name of cryptoPolicyNames) {
    const stated = name === 'risk' ? { active_mode: 'SAFE' } : {};
    documents[`${name}/crypto`] = { version: 0, document: cryptoPolicies[name].schema.parse(stated) };
  }
  const meta = { ...metaOf(0, undefined, ''), updated_by: 'defaults', reason };
  return { meta, ...sections(documents), documents };
}

function metaOf(version: number, newest: PolicyCommit | undefined, runId: string): PolicyMeta {
  const previous = version > 1 ? version - 1 : null;
  const none = { updated_by: null, updated_at: null, reason: null, trace_id: null };
  if (newest === undefined)
    return { version, schema_version: cryptoSchemaVersion, ...none, previous_version: previous };
  const { sequence, at, actor, reason, traceparent } = newest;
  return {
    version,
    schema_version: cryptoSchemaVersion,
    updated_by: actor,
    updated_at: at,
    reason,
    trace_id: traceIdOf({ runId, sequence, traceparent }),
    previous_version: previous,
  };
}

function sections(documents: Readonly<Record<string, SnapshotDocument>>): Omit<PolicySnapshot, 'meta' | 'documents'> {
  const result: Record<string, Readonly<Record<string, unknown>>> = {};
  for (const name of cryptoPolicyNames) {
    const document = documents[`${name}/crypto`]?.document;
    if (document !== undefined) result[`${name}_policy`] = name === 'risk' ? resolvedRisk(document) : document;
  }
  return result;
}

/** The risk section with what the mode in force allows at its top, where older readers look for it. */
function resolvedRisk(document: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const risk: RiskPolicy = riskPolicySchema.parse(document);
  const mode = risk.modes[risk.active_mode];
  return { ...document, max_positions: mode.max_positions, max_risk_per_trade: mode.max_risk_per_trade };
}
