import { join } from 'node:path';
import type { Command } from 'commander';
import { settingOf } from '#domain/configuration/configuration-value.ts';
import { readConfiguration } from '#domain/configuration/read-configuration.ts';
import type { CommandContext } from './command-context.ts';
import { dataFolder } from './data-folder.ts';
import type { HealthCheck } from './health-check.ts';
import { diskCheck, nodeChecks, portCheck, programChecks, writableCheck } from './machine-checks.ts';
import { runChecks } from './run-checks.ts';

interface DoctorArguments {
  readonly dataDir?: string;
  readonly json?: boolean;
}

const root = join(import.meta.dirname, '..', '..');

/** `doctor`: looks at the machine, the configuration and the run, and changes nothing. */
export function registerDoctor(program: Command, context: CommandContext): void {
  program
    .command('doctor')
    .description('look for what keeps a desk from running: machine, configuration, journal, policies')
    .option('--data-dir <folder>', 'the data folder of the desk (data/synthetic)')
    .option('--json', 'print the findings as JSON')
    .addHelpText('after', '\nExit codes: 0 nothing is broken, 1 something is.')
    .action(async (options: DoctorArguments) => context.exitWith(await doctor(options, context)));
}

async function doctor(options: DoctorArguments, { environment, output }: CommandContext): Promise<number> {
  const folder = dataFolder(options.dataDir, environment);
  const checks = await findings(folder, environment);
  const isBroken = checks.some(({ state }) => state === 'broken');
  if (options.json === true) {
    output.json({ isBroken, checks });
    return isBroken ? 1 : 0;
  }
  const { green, yellow, red } = output.colors;
  const marks = { ok: green('ok'), note: yellow('note'), broken: red('broken') };
  output.table(
    ['', 'what', 'finding'],
    checks.map(({ name, state, detail }) => [marks[state], name, detail]),
  );
  return isBroken ? 1 : 0;
}

async function findings(folder: string, environment: CommandContext['environment']): Promise<HealthCheck[]> {
  const { values, problems } = readConfiguration(environment);
  const run = runChecks(folder, problems.length === 0 ? values : undefined);
  const isRunning = run.some(({ name, detail }) => name === 'lock' && detail.startsWith('held'));
  const host = values.has('TRADEWIND_HOST') ? settingOf(values, 'TRADEWIND_HOST') : undefined;
  const port = values.has('TRADEWIND_PORT') ? settingOf(values, 'TRADEWIND_PORT') : undefined;
  return [
    ...nodeChecks(process.versions.node, root),
    diskCheck(folder),
    writableCheck(folder),
    ...(typeof host === 'string' && typeof port === 'number' ? [await portCheck(host, port, isRunning)] : []),
    ...configurationChecks(problems),
    ...run,
    ...programChecks(environment['PATH'] ?? ''),
  ];
}

function configurationChecks(problems: readonly string[]): HealthCheck[] {
  if (problems.length === 0) return [{ name: 'configuration', state: 'ok', detail: 'every variable is well' }];
  return problems.map((detail) => ({ name: 'configuration', state: 'broken', detail }));
}
