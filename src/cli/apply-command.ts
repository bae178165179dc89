import { readFileSync } from 'node:fs';
import type { Command } from 'commander';
import type { CommandContext } from './command-context.ts';
import { readEnvFile, setVariables, writeEnvFile } from './env-file.ts';
import { fallbackVariables, parseLiveParams } from './live-params.ts';
import { UsageError } from './refusal.ts';

interface ParamsArguments {
  readonly file: string;
  readonly envFile: string;
  readonly dryRun?: boolean;
  readonly json?: boolean;
}

/** `apply params`: what was found good becomes what is read. */
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
