import { userInfo } from 'node:os';
import { parsePolicyKey } from '#domain/policies.ts';
import { policyDomains } from '#engine/engine.ts';
import { modules } from '#modules/index.ts';
import type { ControlRequest } from '#runtime/control-socket.ts';
import { rollbackUpdate } from '#runtime/policies/operate-policy.ts';
import { updatePolicyAtRest } from '#runtime/policies/policies-at-rest.ts';
import { outcomeText, type PolicyOutcome, type PolicyUpdate } from '#runtime/policies/policy-store.ts';
import type { CommandContext } from './command-context.ts';
import { dataFolder } from './data-folder.ts';
import { policiesInForce, recordedHistory, recordedVersion } from './policy-reading.ts';
import { reachDesk } from './reach-desk.ts';
import { UsageError } from './refusal.ts';

export interface WriteArguments {
  readonly reason: string;
  readonly expectedVersion?: number;
  readonly actor?: string;
  readonly dryRun?: boolean;
  readonly dataDir?: string;
  readonly json?: boolean;
}

/** Changes fields of a document, over the running desk's socket or in the journal at rest. */
export async function setPolicy(
  key: string,
  changes: readonly string[],
  options: WriteArguments,
  context: CommandContext,
): Promise<void> {
  const stated = Object.fromEntries(changes.map(changeOf));
  const common = await commonOf(key, options, context);
  const update: PolicyUpdate = { ...common, content: { type: 'changes', changes: stated } };
  const isDryRun = options.dryRun === true;
  const request: ControlRequest = {
    command: 'policy.set',
    ...common,
    content: { type: 'changes', changes: stated },
    isDryRun,
  };
  await carryOut({ request, update, options, context });
}

/** Makes a new version that says what an old one said. The journal is read here, so that the desk is not held up. */
export async function rollBackPolicy(
  key: string,
  toVersion: number,
  options: WriteArguments,
  context: CommandContext,
): Promise<void> {
  const common = await commonOf(key, options, context);
  const folder = dataFolder(options.dataDir, context.environment);
  const { document } = recordedVersion(recordedHistory(folder, key), key, toVersion);
  const domain = policyDomains(modules)[parsePolicyKey(key)?.domain ?? ''];
  const rollback = { ...common, toVersion, document: { ...document }, schemaVersion: domain?.version ?? 1 };
  const isDryRun = options.dryRun === true;
  const request: ControlRequest = { command: 'policy.rollback', ...rollback, isDryRun };
  await carryOut({ request, update: rollbackUpdate(rollback), options, context });
}

type Common = Pick<PolicyUpdate, 'key' | 'expectedVersion' | 'actor' | 'reason'>;

async function commonOf(key: string, options: WriteArguments, { environment }: CommandContext): Promise<Common> {
  const { reason } = options;
  const actor = options.actor ?? userInfo().username;
  const expectedVersion =
    options.expectedVersion ?? (await versionInForce(dataFolder(options.dataDir, environment), key));
  return { key, expectedVersion, actor, reason };
}

async function versionInForce(folder: string, key: string): Promise<number> {
  return (await policiesInForce(folder)).documents[key]?.version ?? 0;
}

interface Write {
  readonly request: ControlRequest;
  readonly update: PolicyUpdate;
  readonly options: WriteArguments;
  readonly context: CommandContext;
}

async function carryOut({ request, update, options, context }: Write): Promise<void> {
  const { environment, output, exitWith } = context;
  const folder = dataFolder(options.dataDir, environment);
  const isDryRun = options.dryRun === true;
  const reached = await reachDesk(folder, request, () => updatePolicyAtRest(folder, update, isDryRun));
  const outcome = reached.isRunning ? reached.answer.policy : reached.result;
  if (outcome === undefined) throw new UsageError(reached.isRunning ? reached.answer.message : 'nothing was answered');
  if (options.json === true) output.json({ ...outcome, isDryRun, isRunning: reached.isRunning });
  else tell(outcome, { isDryRun, isRunning: reached.isRunning }, output);
  exitWith(outcome.isCommitted ? 0 : 1);
}

function tell(
  outcome: PolicyOutcome,
  { isDryRun, isRunning }: { readonly isDryRun: boolean; readonly isRunning: boolean },
  output: CommandContext['output'],
): void {
  const text = outcomeText(outcome);
  if (!outcome.isCommitted) {
    output.note(text);
    return;
  }
  output.line(isDryRun ? `would be done: ${text}` : text);
  output.note(ending(isDryRun, isRunning));
}

function ending(isDryRun: boolean, isRunning: boolean): string {
  if (isDryRun) return 'nothing was changed';
  return isRunning ? 'in force on the running desk' : 'no desk runs: in force from its next start';
}

/** A change as the command line spells it. What is JSON is a value; anything else is a text. */
function changeOf(text: string): [string, unknown] {
  const [, path, value] = /^([^=]+)=(.*)$/s.exec(text) ?? [];
  if (path === undefined || value === undefined)
    throw new UsageError(`a change is expected as path=value, found '${text}'`);
  if (path.split('.').some((name) => name === '' || name === '__proto__'))
    throw new UsageError(`a path is names with points between them, found '${path}'`);
  try {
    return [path, JSON.parse(value)];
  } catch {
    return [path, value];
  }
}
