import type { Command } from 'commander';
import {
  type DeadLetterSelection,
  type ListedDeadLetter,
  listDeadLetters,
  purgeDeadLetters,
  replayDeadLetters,
} from '#adapters/bus/dead-letters.ts';
import { withBus } from './bus-connection.ts';
import type { CommandContext } from './command-context.ts';
import { countText, timeText } from './figures.ts';
import { instant, wholeNumber } from './option-parsers.ts';
import type { Output } from './output.ts';
import { UsageError } from './refusal.ts';

interface ListArguments {
  readonly url?: string;
  readonly dataDir?: string;
  readonly type?: string;
  readonly limit: number;
  readonly json?: boolean;
}

interface SelectionArguments {
  readonly url?: string;
  readonly dataDir?: string;
  readonly all?: boolean;
  readonly type?: string;
  readonly before?: number;
  readonly json?: boolean;
}

type Act = typeof replayDeadLetters;

/** `events dead list|replay|purge`: what groups could not take. */
export function registerDeadEvents(events: Command, context: CommandContext): void {
  const dead = events.command('dead').description('envelopes that a group could not take');
  dead
    .command('list')
    .description('list them with the error, oldest first within a type')
    .option('--url <address>', 'the store of the bus; VALKEY_URL, or the data folder, unless told')
    .option('--data-dir <folder>', 'the data folder of a desk without Valkey (data/synthetic)')
    .option('--type <type>', 'only those of one type')
    .option('--limit <n>', 'most to list', wholeNumber(1, 100_000), 100)
    .option('--json', 'print the list as JSON')
    .action(({ url, dataDir, type, limit, json }: ListArguments) =>
      withBus({ url, dataDir }, context, async (driver) => {
        const letters = await listDeadLetters(driver, type === undefined ? { limit } : { type, limit });
        printLetters(letters, json === true, context.output);
      }),
    );
  registerSelection(dead, context, {
    verb: 'replay',
    purpose: 'give them back to their groups',
    act: replayDeadLetters,
  });
  registerSelection(dead, context, { verb: 'purge', purpose: 'remove them for good', act: purgeDeadLetters });
}

function registerSelection(
  dead: Command,
  context: CommandContext,
  { verb, purpose, act }: { readonly verb: 'replay' | 'purge'; readonly purpose: string; readonly act: Act },
): void {
  dead
    .command(verb)
    .description(purpose)
    .argument('[id]', "one of them, as 'order.filled@1700000000000-0'")
    .option('--url <address>', 'the store of the bus; VALKEY_URL, or the data folder, unless told')
    .option('--data-dir <folder>', 'the data folder of a desk without Valkey (data/synthetic)')
    .option('--all', 'all of them, or those that the next options leave')
    .option('--type <type>', 'of one type')
    .option('--before <time>', 'given up before', instant)
    .option('--json', 'print the result as JSON')
    .addHelpText('after', '\nExit codes: 0 done, 1 the store failed or there was none, 2 wrong usage.')
    .action((id: string | undefined, options: SelectionArguments) => {
      const selection = selectionOf(id, options);
      return withBus(options, context, async (driver) => {
        const count = await act(driver, selection);
        if (options.json === true) context.output.json({ count });
        else context.output.line(`${countText(count)} ${verb === 'replay' ? 'given back' : 'removed'}`);
        if (count === 0 && id !== undefined) context.exitWith(1);
      });
    });
}

/** All of them are never meant by leaving something out. */
function selectionOf(id: string | undefined, { all, type, before }: SelectionArguments): DeadLetterSelection {
  if (id !== undefined) {
    if (all === true || type !== undefined || before !== undefined) {
      throw new UsageError("expected an id or '--all' with its options, found both");
    }
    return { id };
  }
  if (all !== true) throw new UsageError("expected the id of a dead letter, or '--all'");
  return { all, ...(type === undefined ? {} : { type }), ...(before === undefined ? {} : { beforeAt: before }) };
}

function printLetters(letters: readonly ListedDeadLetter[], isJson: boolean, output: Output): void {
  if (isJson) {
    output.json(letters);
    return;
  }
  if (letters.length === 0) output.note('no dead letters');
  output.table(
    ['id', 'group', 'given up', 'attempts', 'error'],
    letters.map(({ id, letter }) => [id, letter.group, timeText(letter.at), String(letter.attempts), letter.error]),
  );
}
