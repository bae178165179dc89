import { readFileSync } from 'node:fs';
import type { Command } from 'commander';
import { configurationFrom, policyDocuments } from '#runtime/desk-setup.ts';
import { readManifest } from '#runtime/run-folder.ts';
import type { CommandContext } from './command-context.ts';
import { dataFolder } from './data-folder.ts';
import { readEnvFile, setVariables, writeEnvFile } from './env-file.ts';
import { shownValue } from './field-differences.ts';
import { fallbackVariables, parseLiveParams } from './live-params.ts';
import { applyPolicies, type PolicyChange } from './policy-changes.ts';
import { UsageError } from './refusal.ts';

interface ParamsArguments {
  readonly file: string;
  readonly envFile: string;
  readonly dryRun?: boolean;
  readonly json?: boolean;
}

interface EnvArguments {
  readonly dataDir?: string;
  readonly dryRun?: boolean;
  readonly json?: boolean;
}

/** `apply params` and `policy apply-env`: what was found good or was set becomes what is read, and what is in force. */
export function registerApply(program: Command, context: CommandContext): void {
  program
    .command('apply')
    .description('bring promoted winners to where they are read')
    .command('params')
    .description('write the median of the promoted parameters into an environment file')
    .option('--file <file>', 'the promoted winners by pair', 'config/live_params.yaml')
    .option('--env-file <file>', 'the environment file; its other lines stay', '.env.hotband')
    .option('--dry-run', 'show what would change and change nothing')
    .option('--json', 'print the result as JSON')
    .action((options: ParamsArguments) => applyParams(options, context));
  const policy =
    program.commands.find((command) => command.name() === 'policy') ??
    program.command('policy').description('policies of a desk');
  policy
    .command('apply-env')
    .description('make the policies of a stopped desk those of the environment')
    .option('--data-dir <folder>', 'the data folder of the desk (data/synthetic)')
    .option('--dry-run', 'show what would change and change nothing')
    .option('--json', 'print the result as JSON')
    .action((options: EnvArguments) => applyEnvironment(options, context));
}

function applyParams(options: ParamsArguments, { output }: CommandContext): void {
  const values = fallbackVariables(parseLiveParams(readParams(options.file), options.file));
  const { text, changes } = setVariables(readEnvFile(options.envFile), values);
  if (options.dryRun !== true && changes.length > 0) writeEnvFile(options.envFile, text);
  if (options.json === true) {
    output.json({
      envFile: options.envFile,
      isDryRun: options.dryRun === true,
      values: Object.fromEntries(values),
      changes,
    });
    return;
  }
  for (const { name, before, after } of changes) {
    if (before !== undefined) output.line(output.colors.red(`-${name}=${before}`));
    output.line(output.colors.green(`+${name}=${after}`));
  }
  if (changes.length === 0) output.line(`'${options.envFile}' says so already`);
  else
    output.note(
      options.dryRun === true ? 'nothing was written' : `'${options.envFile}' was written: restart what reads it`,
    );
}

function readParams(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : String(error);
    throw new UsageError(`promoted parameters are expected at '${path}', found none (${code})`);
  }
}

async function applyEnvironment(options: EnvArguments, { environment, output }: CommandContext): Promise<void> {
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
