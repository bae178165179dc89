import type { EventByType } from '#domain/events.ts';
import type { KeyChange } from '#domain/keys/key-change.ts';
import { cryptoPolicies } from '#domain/policies/crypto-policies.ts';
import { judgePolicy } from '#domain/policies/judge-policy.ts';
import { policyRecordOf } from '#domain/policies/policy-fold.ts';
import { policySnapshot } from '#domain/policies/policy-snapshot.ts';
import { housePolicies, type PolicyDomain, parsePolicyKey } from '#domain/policies.ts';
import { traceIdOf } from '#domain/trace.ts';
import type { TailEntry } from '../tail-entry.ts';
import type { KeysState } from './keys-state.ts';

/** Changes kept in the history (crypto desk specification 3.2). */
export const POLICY_HISTORY_KEPT = 500;

/** Domains that can be judged here. Those of modules are taken as they are written: the engine refuses what it cannot read. */
const domains: Readonly<Record<string, PolicyDomain>> = { ...housePolicies, ...cryptoPolicies };

type Change = (change: KeyChange) => void;

/**
 * Takes in a change and writes the merged view. The engine may refuse it, which the very next event tells: until then what it replaced
 * and the record for the history are kept.
 */
export function changePolicy(
  state: KeysState,
  event: EventByType['policy.changed'],
  { sequence, root }: Pick<TailEntry, 'sequence' | 'root'>,
  change: Change,
): void {
  const document = documentOf(state, event);
  if (document === undefined) return;
  const replaced = state.policies[event.key] ?? null;
  state.policies[event.key] = policyRecordOf(event, document, sequence);
  const { version, previous_version } = policySnapshot(state.policies, state.runId).meta;
  const record = JSON.stringify({
    version,
    previous_version,
    updated_by: event.actor,
    updated_at: event.at,
    reason: event.reason,
    trace_id: traceIdOf(root),
    key: event.key,
    document_version: event.version,
    schema_version: event.schemaVersion,
    document: event.document,
  });
  state.pendingPolicy = { key: event.key, replaced, record };
  writeView(state, change);
}

/** Settles a pending change with the event that follows it: refused, it is taken back; else it enters the history. */
export function settlePolicy(state: KeysState, { event }: Pick<TailEntry, 'event'>, change: Change): void {
  const { pendingPolicy: pending } = state;
  if (pending === null) return;
  if (event.type !== 'policy.refused' || event.key !== pending.key) {
    keepPolicy(state, change);
    return;
  }
  state.pendingPolicy = null;
  if (pending.replaced === null) delete state.policies[pending.key];
  else state.policies[pending.key] = pending.replaced;
  if (Object.keys(state.policies).length > 0) writeView(state, change);
  else change({ type: 'delete', key: 'quantum:policy:current' });
}

/** A change whose step is over stands, and enters the history. */
export function keepPolicy(state: KeysState, change: Change): void {
  const { pendingPolicy: pending } = state;
  if (pending === null) return;
  state.pendingPolicy = null;
  const { record: value } = pending;
  change({ type: 'push', key: 'quantum:policy:history', value, keep: POLICY_HISTORY_KEPT, ttlMs: null });
}

function documentOf(state: KeysState, event: EventByType['policy.changed']): Record<string, unknown> | undefined {
  const key = parsePolicyKey(event.key);
  if (key === undefined) return undefined;
  const heldVersion = state.policies[event.key]?.version ?? 0;
  if (!Object.hasOwn(domains, key.domain)) return event.version === heldVersion + 1 ? { ...event.document } : undefined;
  const judgement = judgePolicy({ domains, desk: state.desk, kind: state.kind, heldVersion }, event);
  return 'problem' in judgement ? undefined : judgement.document;
}

function writeView(state: KeysState, change: Change): void {
  const value = JSON.stringify(policySnapshot(state.policies, state.runId));
  change({ type: 'set', key: 'quantum:policy:current', value, ttlMs: null });
}
