import { configurationFrom, policyDocuments } from '#runtime/desk-setup.ts';
import { readManifest } from '#runtime/run-folder.ts';
import type { CommandContext } from './command-context.ts';
import { dataFolder } from './data-folder.ts';
import { shownValue } from './field-differences.ts';
import { applyPolicies, type PolicyChange } from './policy-changes.ts';
import { UsageError } from './refusal.ts';

export interface EnvironmentArguments {
  readonly dataDir?: string;
  readonly dryRun?: boolean;
  readonly json?: boolean;
}

/** Makes the policies of a stopped desk those of the environment, and shows the difference field by field. */
export async function applyEnvironment(
  options: EnvironmentArguments,
  { environment, output }: CommandContext,
): Promise<void> {
  const folder = dataFolder(options.dataDir, environment);
  const { desk } = readManifest(folder);
  if (desk !== 'fx') throw new UsageError(`'${folder}' is expected to hold an 'fx' desk, found '${desk}'`);
  const documents = policyDocuments(configurationFrom(environment), desk);
  const isDryRun = options.dryRun === true;
  const changes = await applyPolicies({ folder, documents, isDryRun });
  if (options.json === true) {
    output.json({
      isDryRun,
      changes: changes.map(({ key, version, fields }) => ({ key, version: version + 1, fields })),
    });
    return;
  }
  if (changes.length === 0) {
    output.line('the policies in force are those of the environment');
    return;
  }
  output.table(['policy', 'version', 'field', 'in force', 'environment'], changes.flatMap(changeRows));
  output.note(isDryRun ? 'nothing was applied' : 'applied: in force from the next start of the desk');
}

function changeRows({ key, version, fields }: PolicyChange): string[][] {
  return fields.map(({ path, left, right }) => [key, String(version + 1), path, shownValue(left), shownValue(right)]);
}
