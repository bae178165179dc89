import { nearestName } from '#domain/nearest-name.ts';
import type { PolicySnapshot } from '#domain/policies/policy-snapshot.ts';
import { parsePolicyKey } from '#domain/policies.ts';
import { policyDomains } from '#engine/engine.ts';
import { modules } from '#modules/index.ts';
import { askControl } from '#runtime/control-socket.ts';
import { type PolicyHistoryEntry, policyHistory, versionOf } from '#runtime/policies/policy-history.ts';
import { readPolicySnapshot } from '#runtime/policies/policy-snapshot-files.ts';
import { currentPolicies, policyAt } from '#runtime/policies/policy-store.ts';
import { recordedEvents } from '#runtime/read-run.ts';
import { readManifest } from '#runtime/run-folder.ts';
import type { CommandContext } from './command-context.ts';
import { dataFolder } from './data-folder.ts';
import { engineAtEnd } from './engine-at-end.ts';
import { fieldDifferences, shownValue } from './field-differences.ts';
import { UsageError } from './refusal.ts';

export interface ReadArguments {
  readonly dataDir?: string;
  readonly fromSnapshot?: boolean;
  readonly json?: boolean;
}

/** The policies in force: those of the desk that runs on a folder, or those its journal ends with. */
export async function policiesInForce(folder: string): Promise<PolicySnapshot> {
  const answer = await askControl(folder, { command: 'policy.get' });
  return answer?.policies ?? currentPolicies(engineAtEnd(folder).engine);
}

/** Changes of the documents of a folder as its journal has them; of one key where one is given. */
export function recordedHistory(folder: string, key?: string): PolicyHistoryEntry[] {
  readManifest(folder);
  return policyHistory(recordedEvents(folder), policyDomains(modules), key);
}

/** A version of a document out of its history. Throws a `UsageError` that names those there are. */
export function recordedVersion(
  history: readonly PolicyHistoryEntry[],
  key: string,
  version: number,
): PolicyHistoryEntry {
  const found = versionOf(history, key, version);
  if (found !== undefined) return found;
  const versions = history.filter((entry) => entry.refusal === null).map((entry) => entry.version);
  const known = versions.length === 0 ? 'the journal has none' : `it has ${versions[0]} to ${versions.at(-1)}`;
  throw new UsageError(`expected a version of '${key}' in the journal, found '${version}': ${known}`);
}

export async function showPolicies(
  path: string | undefined,
  options: ReadArguments,
  { environment, output }: CommandContext,
): Promise<void> {
  const folder = dataFolder(options.dataDir, environment);
  const snapshot = options.fromSnapshot === true ? fromSnapshot(folder, output.note) : await policiesInForce(folder);
  const value = path === undefined ? snapshot : policyAt(snapshot, path);
  if (value === undefined) throw new UsageError(nothingAt(snapshot, path ?? ''));
  noteUnread(folder, path, output.note);
  if (options.json === true) output.json(value);
  else if (path !== undefined) output.line(JSON.stringify(value, null, 2));
  else showTable(snapshot, output);
}

function fromSnapshot(folder: string, note: (text: string) => void): PolicySnapshot {
  const { snapshot, notices } = readPolicySnapshot(folder);
  for (const notice of notices) note(notice);
  return snapshot;
}

function showTable({ meta, documents }: PolicySnapshot, output: CommandContext['output']): void {
  const rows = Object.entries(documents).map(([key, { version, document }]) => [
    key,
    String(version),
    String(Object.keys(document).length),
  ]);
  output.table(['policy', 'version', 'fields'], rows);
  const { version, updated_by: by, updated_at: at, reason } = meta;
  const last =
    by === null || at === null ? '' : `, the last by '${by}' at ${new Date(at).toISOString()}: ${reason ?? ''}`;
  output.note(`${version} changes in all${last}`);
}

/** A document of a desk that the folder's run is not waits for a run that is: whoever reads it here is told. */
function noteUnread(folder: string, path: string | undefined, note: (text: string) => void): void {
  const key = path === undefined ? undefined : parsePolicyKey(path.split('.')[0] ?? '');
  if (key === undefined) return;
  const { desk } = readManifest(folder);
  if (key.desk !== desk) note(`no module of this run reads it yet: the run is the desk '${desk}'`);
}

function nothingAt({ documents }: PolicySnapshot, path: string): string {
  const known = Object.keys(documents);
  const nearest = known.length === 0 ? '' : `; the nearest document is '${nearestName(path, known)}'`;
  return `nothing is in force at '${path}'${nearest}`;
}

export interface AskedVersions {
  readonly key: string;
  readonly from: number | undefined;
  readonly to: number | undefined;
}

/** Version 0 is the one before the first: it says nothing. */
export function showDifference(
  { key, from, to }: AskedVersions,
  options: ReadArguments,
  { environment, output }: CommandContext,
): void {
  const history = recordedHistory(dataFolder(options.dataDir, environment), key);
  const newest = history.findLast(({ refusal }) => refusal === null)?.version ?? 0;
  const right = to ?? newest;
  const left = from ?? Math.max(0, right - 1);
  const documentOf = (version: number): Readonly<Record<string, unknown>> =>
    version === 0 ? {} : recordedVersion(history, key, version).document;
  const fields = fieldDifferences(documentOf(left), documentOf(right));
  if (options.json === true) {
    output.json({ key, from: left, to: right, fields });
    return;
  }
  if (fields.length === 0) {
    output.line(`version ${left} and version ${right} of '${key}' say the same`);
    return;
  }
  const rows = fields.map((field) => [field.path, shownValue(field.left), shownValue(field.right)]);
  output.table(['field', `version ${left}`, `version ${right}`], rows);
}

export function showHistory(
  key: string | undefined,
  options: ReadArguments,
  { environment, output }: CommandContext,
): void {
  const history = recordedHistory(dataFolder(options.dataDir, environment), key);
  if (key !== undefined && history.length === 0) throw new UsageError(`the journal has no change of '${key}'`);
  if (options.json === true) {
    output.json(history.map(({ document: _, ...entry }) => entry));
    return;
  }
  const rows = history.map((entry) => [
    String(entry.sequence),
    new Date(entry.at).toISOString(),
    entry.key,
    entry.refusal === null ? String(entry.version) : 'refused',
    entry.actor,
    entry.refusal ?? entry.reason,
  ]);
  output.table(['entry', 'at', 'policy', 'version', 'by', 'why'], rows);
}
