import { openJournal } from '#adapters/journal/file-journal.ts';
import { lockFolder } from '#adapters/journal/folder-lock.ts';
import { present } from '#base/assert.ts';
import { type Event, type EventByType, originOf } from '#domain/events.ts';
import { parsePolicy } from '#domain/policies.ts';
import type { Engine } from '#engine/engine.ts';
import { isJournalled, step } from '#engine/step.ts';
import { journalFolder, RunError, readManifest } from '#runtime/run-folder.ts';
import type { PolicyDocument } from '#runtime/start-events.ts';
import { engineAtEnd } from './engine-at-end.ts';
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
 * is finished, was cut short, or refuses a document.
 */
export async function applyPolicies({ folder, documents, isDryRun }: ApplyOptions): Promise<readonly PolicyChange[]> {
  const manifest = readManifest(folder);
  if (manifest.kind === 'backtest')
    throw new RunError(`'${folder}' holds a backtest, which is finished: expected a desk that goes on`);
  const lock = lockFolder(folder);
  try {
    const { engine, isWhole } = engineAtEnd(folder);
    if (!isWhole)
      throw new RunError(
        `the run in '${folder}' was cut short: start it once and stop it in order, so that it is recovered`,
      );
    const changes = policyChanges(engine, documents);
    if (!isDryRun && changes.length > 0) await append(folder, manifest.runId, decided(engine, changes));
    return changes;
  } finally {
    lock.release();
  }
}

/** Everything the changes cause, in order, as it will be decided again when the desk starts. */
function decided(engine: Engine, changes: readonly PolicyChange[]): Event[] {
  const at = engine.state.at;
  const events: Event[] = [];
  for (const { key, version, schemaVersion, document } of changes) {
    const change: EventByType['policy.changed'] = {
      type: 'policy.changed',
      at,
      key,
      version: version + 1,
      schemaVersion,
      document,
      actor: 'operator',
      reason: 'the environment was applied',
    };
    for (const event of step(engine, change)) {
      if (event.type === 'policy.refused')
        throw new RunError(`policy '${key}' is refused: ${event.reason}; nothing was applied`);
      if (originOf(event.type) === 'command')
        throw new RunError(
          `policy '${key}' would send '${event.type}', which only a running desk may do; nothing was applied`,
        );
      if (isJournalled(engine.state, event)) events.push(event);
    }
  }
  return events;
}

async function append(folder: string, runId: string, events: readonly Event[]): Promise<void> {
  const journal = openJournal(journalFolder(folder), { runId });
  try {
    for (const event of events) journal.append(event);
    journal.flushSync();
  } finally {
    await journal.close();
  }
}
