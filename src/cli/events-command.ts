import { hostname } from 'node:os';
import { type Command, InvalidArgumentError } from 'commander';
import { patternProblem } from '#domain/bus/envelope.ts';
import { withBus } from './bus-connection.ts';
import type { CommandContext } from './command-context.ts';
import { registerDeadEvents } from './events-dead.ts';
import { followEvents } from './events-follow.ts';
import { printGroups, printStreams } from './events-report.ts';
import { wholeNumber } from './option-parsers.ts';

interface FollowArguments {
  readonly group: string;
  readonly consumer: string;
  readonly url?: string;
  readonly dataDir?: string;
  readonly json?: boolean;
  readonly count?: number;
}

interface ReportArguments {
  readonly url?: string;
  readonly dataDir?: string;
  readonly json?: boolean;
}

/** `events`: what other processes can hear of a desk, and what became of it. */
export function registerEvents(program: Command, context: CommandContext): void {
  const events = program.command('events').description('hear a desk over the bus, and look after what was not taken');
  registerFollow(events, context);
  events
    .command('streams')
    .description('list the streams of the bus with what lies in them')
    .option('--url <address>', 'the store of the bus; VALKEY_URL, or the data folder, unless told')
    .option('--data-dir <folder>', 'the data folder of a desk without Valkey (data/synthetic)')
    .option('--json', 'print the list as JSON')
    .action(({ url, dataDir, json }: ReportArguments) =>
      withBus({ url, dataDir }, context, (driver) => printStreams(driver, context.output, json === true)),
    );
  events
    .command('groups')
    .description('list the groups of consumers with what they have yet to take')
    .option('--url <address>', 'the store of the bus; VALKEY_URL, or the data folder, unless told')
    .option('--data-dir <folder>', 'the data folder of a desk without Valkey (data/synthetic)')
    .option('--json', 'print the list as JSON')
    .action(({ url, dataDir, json }: ReportArguments) =>
      withBus({ url, dataDir }, context, (driver) => printGroups(driver, context.output, json === true)),
    );
  registerDeadEvents(events, context);
}

function registerFollow(events: Command, context: CommandContext): void {
  events
    .command('follow')
    .description('print envelopes as they come, as one consumer of a group')
    .argument('[pattern]', "a type, or a pattern as 'trade.*' or '**'", pattern, '**')
    .requiredOption('--group <name>', 'the group; what one of its consumers takes, no other gets', name)
    .option('--consumer <name>', 'the name to come back under', name, `${hostname()}-${process.pid}`)
    .option('--url <address>', 'the store of the bus; VALKEY_URL, or the data folder, unless told')
    .option('--data-dir <folder>', 'the data folder of a desk without Valkey (data/synthetic)')
    .option('--count <n>', 'end after so many', wholeNumber(1, 1_000_000_000))
    .option('--json', 'print each envelope as a line of JSON')
    .addHelpText(
      'after',
      '\nA group that is new begins with the oldest envelope that is kept. What is printed counts as taken.\nExit codes: 0 ended, 1 the store failed, 2 wrong usage.',
    )
    .action((patternText: string, { group, consumer, url, dataDir, json, count }: FollowArguments) =>
      withBus({ url, dataDir }, context, (driver) =>
        followEvents(driver, { group, consumer, pattern: patternText, isJson: json === true, count }, context.output),
      ),
    );
}

function pattern(text: string): string {
  const problem = patternProblem(text);
  if (problem === undefined) return text;
  throw new InvalidArgumentError(problem);
}

/** Names stand in keys of the store, and in what people read. */
function name(text: string): string {
  if (/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/.test(text)) return text;
  throw new InvalidArgumentError(`expected up to 64 letters, digits, '.', '_' or '-', found '${text}'`);
}
