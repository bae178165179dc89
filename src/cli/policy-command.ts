import { type Command, InvalidArgumentError } from 'commander';
import { applyEnvironment, type EnvironmentArguments } from './apply-environment.ts';
import type { CommandContext } from './command-context.ts';
import { wholeNumber } from './option-parsers.ts';
import { type ReadArguments, showDifference, showHistory, showPolicies } from './policy-reading.ts';
import { rollBackPolicy, setPolicy, type WriteArguments } from './policy-writing.ts';

const version = wholeNumber(0, Number.MAX_SAFE_INTEGER);

/** `policy get|set|diff|history|rollback|apply-env`: the policies of a desk, while it runs and at rest. */
export function registerPolicy(program: Command, context: CommandContext): void {
  const policy = program.command('policy').description('policies of a desk');
  registerReading(policy, context);
  registerWriting(policy, context);
  policy
    .command('apply-env')
    .description('make the policies of a stopped desk those of the environment')
    .option('--data-dir <folder>', 'the data folder of the desk (data/synthetic)')
    .option('--dry-run', 'show what would change and change nothing')
    .option('--json', 'print the result as JSON')
    .action((options: EnvironmentArguments) => applyEnvironment(options, context));
}

function registerReading(policy: Command, context: CommandContext): void {
  policy
    .command('get')
    .description('show the policies in force, one document, or one field')
    .argument('[path]', "a key such as 'limits/fx', a field of it ('limits/fx.maximumLeverage'), or a section's path")
    .option('--data-dir <folder>', 'the data folder of the desk (data/synthetic)')
    .option('--from-snapshot', 'read the snapshot beside the journal, or an older one, or defaults in the mode SAFE')
    .option('--json', 'print the result as JSON')
    .action((path: string | undefined, options: ReadArguments) => showPolicies(path, options, context));
  policy
    .command('diff')
    .description('show what differs between two versions of a document')
    .argument('<key>', "a key such as 'limits/fx'")
    .argument('[from]', 'a version; the one before the other unless told, 0 for none', version)
    .argument('[to]', 'a version; the one in force unless told', version)
    .option('--data-dir <folder>', 'the data folder of the desk (data/synthetic)')
    .option('--json', 'print the result as JSON')
    .action((key: string, from: number | undefined, to: number | undefined, options: ReadArguments) =>
      showDifference({ key, from, to }, options, context),
    );
  policy
    .command('history')
    .description('show who changed which document when and why, refused changes too')
    .argument('[key]', "a key such as 'limits/fx'; all documents unless told")
    .option('--data-dir <folder>', 'the data folder of the desk (data/synthetic)')
    .option('--json', 'print the result as JSON')
    .action((key: string | undefined, options: ReadArguments) => showHistory(key, options, context));
}

function registerWriting(policy: Command, context: CommandContext): void {
  writing(
    policy
      .command('set')
      .description('change fields of a document; refused where somebody else has changed it meanwhile')
      .argument('<key>', "a key such as 'limits/fx'")
      .argument('<changes...>', 'path=value; a value that is JSON is read as such, anything else is a text'),
  ).action((key: string, changes: readonly string[], options: WriteArguments) =>
    setPolicy(key, changes, options, context),
  );
  writing(
    policy
      .command('rollback')
      .description('make a new version of a document that says what an old one said')
      .argument('<key>', "a key such as 'limits/fx'")
      .argument('<version>', 'the version to go back to', wholeNumber(1, Number.MAX_SAFE_INTEGER)),
  ).action((key: string, toVersion: number, options: WriteArguments) =>
    rollBackPolicy(key, toVersion, options, context),
  );
}

function writing(command: Command): Command {
  return command
    .requiredOption('--reason <text>', 'why, for the journal', text)
    .option('--expected-version <number>', 'the version that is changed; the one in force now unless told', version)
    .option('--actor <name>', 'who asks; the user of the system unless told', text)
    .option('--dry-run', 'say what would come of it and change nothing')
    .option('--data-dir <folder>', 'the data folder of the desk (data/synthetic)')
    .option('--json', 'print the result as JSON')
    .addHelpText('after', '\nExit codes: 0 in force, 1 refused, 2 wrong usage or a folder that cannot be used.');
}

function text(given: string): string {
  if (given.trim() !== '') return given.trim();
  throw new InvalidArgumentError('expected a text, found a blank one');
}
