import { FolderLockedError, lockFolder } from '#adapters/journal/folder-lock.ts';
import { JournalRefusedError } from '#adapters/journal/journal-errors.ts';
import { journalInfo, verifyJournal } from '#adapters/journal/journal-info.ts';
import { latestSnapshot } from '#adapters/journal/snapshot-files.ts';
import type { ConfigurationValues } from '#domain/configuration/configuration-value.ts';
import { deskAtRest } from '#runtime/desk-at-rest.ts';
import { policyDocuments } from '#runtime/desk-setup.ts';
import { hasRun, journalFolder, RunError, readManifest, snapshotFolder } from '#runtime/run-folder.ts';
import { shownValue } from './field-differences.ts';
import { countText } from './figures.ts';
import type { HealthCheck } from './health-check.ts';
import { policyChanges } from './policy-changes.ts';

const shownLength = 60;

/** What is found of the run in a folder. `values` are those of the environment, undefined where it is malformed. */
export function runChecks(folder: string, values: ConfigurationValues | undefined): HealthCheck[] {
  if (!hasRun(folder)) return [{ name: 'run', state: 'ok', detail: `none in '${folder}' yet` }];
  return [
    attempt('run', () => runCheck(folder)),
    lockCheck(folder),
    attempt('journal', () => journalCheck(folder)),
    ...snapshotChecks(folder),
    ...attemptAll('policies', () => policyChecks(folder, values)),
  ];
}

/** Whether a process holds the folder; taking its lock for a moment is the one way to know for sure. */
export function lockCheck(folder: string): HealthCheck {
  try {
    lockFolder(folder).release();
    return { name: 'lock', state: 'ok', detail: 'free: no desk runs' };
  } catch (error) {
    if (!(error instanceof FolderLockedError)) throw error;
    if (error.pid > 0) return { name: 'lock', state: 'ok', detail: `held by process ${error.pid}: a desk runs` };
    return { name: 'lock', state: 'broken', detail: error.message };
  }
}

function runCheck(folder: string): HealthCheck {
  const { runId, kind, market, seed } = readManifest(folder);
  return { name: 'run', state: 'ok', detail: `${kind} run ${runId} on the ${market} market, seed ${seed}` };
}

function journalCheck(folder: string): HealthCheck {
  const path = journalFolder(folder);
  const { bytes, tornBytes, isReserveInUse } = journalInfo(path);
  if (isReserveInUse)
    return {
      name: 'journal',
      state: 'note',
      detail: 'its reserve holds entries, which the next start moves to their place',
    };
  const entries = verifyJournal(path);
  const detail = `${countText(entries)} entries in ${countText(bytes)} bytes, the chain is whole`;
  if (tornBytes === 0) return { name: 'journal', state: 'ok', detail };
  return {
    name: 'journal',
    state: 'note',
    detail: `${detail}; ${tornBytes} torn bytes at its end, which the next start cuts off`,
  };
}

function snapshotChecks(folder: string): HealthCheck[] {
  const { snapshot, skipped } = latestSnapshot(snapshotFolder(folder));
  const checks = skipped.map(
    ({ name, reason }): HealthCheck => ({ name: 'snapshots', state: 'broken', detail: `'${name}': ${reason}` }),
  );
  const detail =
    snapshot === undefined
      ? 'none: a start reads the whole journal'
      : `the newest is of event ${countText(snapshot.sequence)}`;
  return [...checks, { name: 'snapshots', state: snapshot === undefined ? 'note' : 'ok', detail }];
}

/** Where the environment of today says otherwise than the policies that the run goes by. */
function policyChecks(folder: string, values: ConfigurationValues | undefined): HealthCheck[] {
  const { engine, difference } = deskAtRest(folder);
  if (difference !== undefined) {
    const detail = `this version of the code decides otherwise than the journal from event ${difference.sequence} on: see 'replay'`;
    return [{ name: 'policies', state: 'broken', detail }];
  }
  if (values === undefined) return [];
  const deskName = engine.state.desk === 'crypto' ? 'crypto' : 'fx';
  const fields = policyChanges(engine, policyDocuments(values, deskName)).flatMap((change) => {
    if (change.version === 0) return [`${change.key} is missing and will be added by the next start`];
    return change.fields.map(({ path, left, right }) => {
      return `${change.key} ${path} is ${shortened(left)}, the environment says ${shortened(right)}`;
    });
  });
  if (fields.length === 0) return [{ name: 'policies', state: 'ok', detail: 'as the environment says' }];
  const hint = "'policy apply-env' brings them into force";
  return fields.map((detail, place) => ({
    name: 'policies',
    state: 'note',
    detail: place === fields.length - 1 ? `${detail}; ${hint}` : detail,
  }));
}

function shortened(value: unknown): string {
  const text = shownValue(value);
  return text.length <= shownLength ? text : `${text.slice(0, shownLength)}…`;
}

function attempt(name: string, check: () => HealthCheck): HealthCheck {
  return attemptAll(name, () => [check()])[0] ?? { name, state: 'ok', detail: '' };
}

/** A refusal is a finding; anything else is our own mistake and stays one. */
function attemptAll(name: string, check: () => HealthCheck[]): HealthCheck[] {
  try {
    return check();
  } catch (error) {
    if (!(error instanceof JournalRefusedError || error instanceof RunError)) throw error;
    return [{ name, state: 'broken', detail: error.message }];
  }
}
