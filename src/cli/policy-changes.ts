import { present } from '#base/assert.ts';
import type { EventByType } from '#domain/events.ts';
import { parsePolicy } from '#domain/policies.ts';
import { checkPolicy } from '#engine/check-policy.ts';
import type { Engine } from '#engine/engine.ts';
import { changePoliciesAtRest, type PlannedPolicies } from '#runtime/policies/policies-at-rest.ts';
import { RunError } from '#runtime/run-folder.ts';
import type { PolicyDocument } from '#runtime/start-events.ts';
import { type FieldDifference, fieldDifferences } from './field-differences.ts';

/** A document that is not as the environment says: `left` of a field is in force, `right` is wanted. */
export interface PolicyChange {
  readonly key: string;
  /** The version in force; 0 where there is none. */
  readonly version: number;
  readonly schemaVersion: number;
  readonly document: Readonly<Record<string, unknown>>;
  readonly fields: readonly FieldDifference[];
}

/** The documents that differ from those in force, ascending by key. Throws a `RunError` where one is not as its domain expects. */
export function policyChanges(engine: Engine, documents: readonly PolicyDocument[]): PolicyChange[] {
  const changes: PolicyChange[] = [];
  for (const { key, document: written } of documents.toSorted((left, right) => (left.key < right.key ? -1 : 1))) {
    const domain = present(engine.domains[key.split('/')[0] ?? ''], `policy domain of '${key}'`);
    const parsed = parsePolicy(domain, { ...written }, domain.version, false);
    if ('problem' in parsed) throw new RunError(`policy '${key}': ${parsed.problem}`);
    const held = engine.state.policies[key];
    const fields = fieldDifferences(held?.document, parsed.document);
    if (fields.length === 0) continue;
    changes.push({
      key,
      version: held?.version ?? 0,
      schemaVersion: domain.version,
      document: parsed.document,
      fields,
    });
  }
  return changes;
}

export interface ApplyOptions {
  readonly folder: string;
  readonly documents: readonly PolicyDocument[];
  /** Tells what would change and changes nothing. */
  readonly isDryRun: boolean;
}

/**
 * Makes the policies of a stopped run those of the environment: one `policy.changed` event a document, at the run's own time, durable
 * when this returns. All are taken or none. Throws a `FolderLockedError` while the desk runs, and a `RunError` for a run that
 * is finished or refuses a document.
 */
export function applyPolicies({ folder, documents, isDryRun }: ApplyOptions): Promise<readonly PolicyChange[]> {
  const plan = (engine: Engine): PlannedPolicies<readonly PolicyChange[]> => {
    const changes = policyChanges(engine, documents);
    return { changes: changes.map((change) => acceptedEvent(engine, change)), result: changes };
  };
  return changePoliciesAtRest(folder, plan, isDryRun);
}

/** The documents have different keys, so that each can be judged before the others are taken in. */
function acceptedEvent(engine: Engine, change: PolicyChange): EventByType['policy.changed'] {
  const { key, version, schemaVersion, document } = change;
  const event: EventByType['policy.changed'] = {
    type: 'policy.changed',
    at: engine.state.at,
    key,
    version: version + 1,
    schemaVersion,
    document,
    actor: 'operator',
    reason: 'the environment was applied',
  };
  const judgement = checkPolicy(engine, event);
  if ('problem' in judgement)
    throw new RunError(`policy '${key}' is refused: ${judgement.problem}; nothing was applied`);
  return event;
}
