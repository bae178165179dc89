import { Argument, type Command } from 'commander';
import { systemTime } from '#adapters/time/system-time.ts';
import { configurationFrom } from '#runtime/desk-setup.ts';
import { type ProjectionName, projectionNames } from '#runtime/mirror/mirror.ts';
import { type Rebuilt, rebuild } from '#runtime/mirror/rebuild.ts';
import type { CommandContext } from './command-context.ts';
import { dataFolder } from './data-folder.ts';
import { countText } from './figures.ts';
import { storePlan } from './store-plan.ts';

interface RebuildArguments {
  readonly dataDir?: string;
  readonly json?: boolean;
}

/** `rebuild`: empties a projection and fills it from the journal. */
export function registerRebuild(program: Command, context: CommandContext): void {
  program
    .command('rebuild')
    .description('empty records, keys, streams or the audit log and fill them from the journal')
    .addArgument(new Argument('<name>', 'which of them').choices([...projectionNames, 'all']))
    .option('--data-dir <folder>', 'the data folder of the desk (data/synthetic)')
    .option('--json', 'print the result as JSON')
    .addHelpText(
      'after',
      '\nA desk that runs goes on and fills them itself. VALKEY_URL and DATABASE_URL name the stores, as for the run.' +
        '\nExit codes: 0 rebuilt, 1 a store failed or nobody fills it, 2 no run there.',
    )
    .action((name: string, options: RebuildArguments) => run(name, options, context));
}

async function run(name: string, options: RebuildArguments, { environment, output }: CommandContext): Promise<void> {
  const folder = dataFolder(options.dataDir, environment);
  const plan = storePlan(folder, configurationFrom(environment));
  const names: readonly ProjectionName[] = projectionNames.filter((known) => name === 'all' || name === known);
  const rebuilt: Rebuilt[] = [];
  for (const projection of names) {
    const progress = output.progress(`rebuild ${projection}`);
    const onProgress = (done: number, total: number): void => progress.update(done, total);
    try {
      rebuilt.push(await rebuild({ plan, name: projection, time: systemTime, onProgress }));
    } finally {
      progress.end();
    }
  }
  if (options.json === true) output.json({ folder, rebuilt });
  else for (const result of rebuilt) output.line(rebuiltText(result));
}

function rebuiltText({ name, sequence, filledBy }: Rebuilt): string {
  const who = filledBy === 'desk' ? ', by the desk that runs' : '';
  return `'${name}' holds the journal up to ${countText(sequence)}${who}`;
}
