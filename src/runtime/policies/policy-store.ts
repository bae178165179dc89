import type { Event, EventByType } from '#domain/events.ts';
import { withinGuardRails } from '#domain/policies/guard-rails.ts';
import type { PolicyJudgement, PolicyRefusalCode } from '#domain/policies/judge-policy.ts';
import { changedDocument, changedPaths, valueAtPath } from '#domain/policies/policy-paths.ts';
import { type PolicySnapshot, policySnapshot } from '#domain/policies/policy-snapshot.ts';
import { parsePolicyKey } from '#domain/policies.ts';
import { checkPolicy } from '#engine/check-policy.ts';
import type { Engine } from '#engine/engine.ts';

type Document = Readonly<Record<string, unknown>>;

/** What a document shall say: other values at some of its paths, or a whole document in some version of its schema. */
export type PolicyContent =
  | { readonly type: 'changes'; readonly changes: Document }
  | { readonly type: 'document'; readonly schemaVersion: number; readonly document: Document };

/** A change of one document, asked for over the version that the asker has seen. */
export interface PolicyUpdate {
  readonly key: string;
  readonly content: PolicyContent;
  /** Version in force as the asker knows it; 0 where there is none yet. */
  readonly expectedVersion: number;
  readonly actor: string;
  readonly reason: string;
  readonly traceparent?: string | undefined;
}

/** What became of an update. */
export type PolicyOutcome =
  | {
      readonly isCommitted: true;
      readonly key: string;
      readonly version: number;
      readonly changedPaths: readonly string[];
      readonly document: Document;
    }
  | { readonly isCommitted: false; readonly key: string; readonly code: PolicyRefusalCode; readonly problem: string };

/** All policies in force as one document. */
export function currentPolicies({ state }: Engine): PolicySnapshot {
  return policySnapshot(state.policies, state.runId);
}

/**
 * What stands at a path of the merged view: a document under its key, a field of it (`limits/fx.maximumLeverage`), or a section
 * (`risk_policy.modes.SAFE`). Undefined where nothing does.
 */
export function policyAt(snapshot: PolicySnapshot, path: string): unknown {
  const [key = '', ...rest] = path.split('.');
  const held = snapshot.documents[key];
  return held === undefined ? valueAtPath(snapshot, path) : valueAtPath(held.document, rest.join('.'));
}

/** The event that an update is, and what the engine will say of it. */
export interface PreparedPolicy {
  readonly event: EventByType['policy.changed'];
  readonly outcome: PolicyOutcome;
}

/** Makes the event of an update at the engine's time and judges it, without folding it in. */
export function preparePolicy(engine: Engine, update: PolicyUpdate): PreparedPolicy {
  const { key, expectedVersion, actor, reason, traceparent } = update;
  const held = engine.state.policies[key]?.document;
  const event: EventByType['policy.changed'] = {
    type: 'policy.changed',
    at: engine.state.at,
    key,
    version: expectedVersion + 1,
    ...writtenOf(engine, update, held),
    actor,
    reason,
    ...(traceparent === undefined ? {} : { traceparent }),
  };
  return { event, outcome: outcomeOf(event, checkPolicy(engine, event), held) };
}

/**
 * Hands an update to the engine, which decides; a refused one is handed over as well, so that the journal has both. The same update
 * twice is refused the second time, since its version is no longer the next.
 */
export function updatePolicy(
  desk: { readonly engine: Engine; request(input: (at: number) => Event): void },
  update: PolicyUpdate,
): PolicyOutcome {
  const { event, outcome } = preparePolicy(desk.engine, update);
  desk.request((at) => ({ ...event, at }));
  return outcome;
}

/** What an update was refused for or has changed, in one sentence. */
export function outcomeText(outcome: PolicyOutcome): string {
  const { key } = outcome;
  if (!outcome.isCommitted) return `policy '${key}' is refused (${outcome.code}): ${outcome.problem}`;
  const paths = outcome.changedPaths.map((path) => `'${path}'`).join(', ');
  return `policy '${key}' has version ${outcome.version}: ${paths === '' ? 'it says what it said before' : `changed ${paths}`}`;
}

function writtenOf(
  engine: Engine,
  { key, content }: PolicyUpdate,
  held: Document | undefined,
): { readonly schemaVersion: number; readonly document: Document } {
  if (content.type === 'document') return { schemaVersion: content.schemaVersion, document: content.document };
  const parts = parsePolicyKey(key);
  const domain = parts !== undefined && Object.hasOwn(engine.domains, parts.domain) ? parts.domain : undefined;
  const base = held ?? (parts?.symbol === undefined && domain !== undefined ? defaultsOf(engine, domain) : {});
  return {
    schemaVersion: (domain === undefined ? undefined : engine.domains[domain]?.version) ?? 1,
    document: changedDocument(base, content.changes),
  };
}

/** What a document that nobody has written yet would say, as far as its schema has defaults. */
function defaultsOf({ domains, state }: Engine, domain: string): Document {
  const parsed = domains[domain]?.schema.safeParse({});
  return parsed?.success === true ? withinGuardRails(domain, parsed.data, state.kind) : {};
}

function outcomeOf(
  { key, version }: EventByType['policy.changed'],
  judgement: PolicyJudgement,
  held: Document | undefined,
): PolicyOutcome {
  if ('problem' in judgement) return { isCommitted: false, key, code: judgement.code, problem: judgement.problem };
  const { document } = judgement;
  return { isCommitted: true, key, version, changedPaths: changedPaths(held ?? {}, document), document };
}
