import type { Event, EventByType } from '../events.ts';
import type { PolicyDomain } from '../policies.ts';
import { judgePolicy } from './judge-policy.ts';
import type { PolicyRecord } from './policy-record.ts';

/** The policies in force as a follower of the tail knows them: plain data, kept beside what it writes. */
export interface PolicyFold {
  runId: string;
  desk: string;
  kind: string;
  policies: Record<string, PolicyRecord>;
  /** The change folded last, for as long as its refusal may still follow; null of `before` stands for no document. */
  undo: { key: string; before: PolicyRecord | null } | null;
}

/** What an event did to the policies. */
export type PolicyFolded =
  | { readonly type: 'changed'; readonly before: PolicyRecord | undefined; readonly after: PolicyRecord }
  | { readonly type: 'refused' }
  | { readonly type: 'nothing' };

export function createPolicyFold(): PolicyFold {
  return { runId: '', desk: '', kind: 'none', policies: {}, undo: null };
}

/**
 * Folds one journalled event in. A change that the judge refuses is left out; one that the engine refused for a reason of its own is
 * taken back by the refusal, which follows it in the same step: whoever publishes what was folded waits for the end of a step.
 */
export function foldPolicyEvent(
  fold: PolicyFold,
  event: Event,
  sequence: number,
  domains: Readonly<Record<string, PolicyDomain>>,
): PolicyFolded {
  const { undo } = fold;
  fold.undo = null;
  if (event.type === 'run.started') {
    fold.runId = event.runId;
    fold.desk = event.desk;
    fold.kind = event.kind;
  }
  if (event.type === 'policy.changed') return change(fold, event, sequence, domains);
  if (event.type !== 'policy.refused') return { type: 'nothing' };
  if (undo !== null && undo.key === event.key) {
    if (undo.before === null) delete fold.policies[event.key];
    else fold.policies[event.key] = undo.before;
  }
  return { type: 'refused' };
}

function change(
  fold: PolicyFold,
  event: EventByType['policy.changed'],
  sequence: number,
  domains: Readonly<Record<string, PolicyDomain>>,
): PolicyFolded {
  const { desk, kind } = fold;
  const before = fold.policies[event.key];
  const judgement = judgePolicy({ domains, desk, kind, heldVersion: before?.version ?? 0 }, event);
  if ('problem' in judgement) return { type: 'nothing' };
  const after = policyRecordOf(event, judgement.document, sequence);
  fold.policies[event.key] = after;
  fold.undo = { key: event.key, before: before ?? null };
  return { type: 'changed', before, after };
}

/** A document in force with who wrote it. */
export function policyRecordOf(
  { version, at, actor, reason, traceparent }: EventByType['policy.changed'],
  document: Record<string, unknown>,
  sequence: number,
): PolicyRecord {
  return { version, document, commit: { sequence, at, actor, reason, traceparent: traceparent ?? null } };
}
