import { userInfo } from 'node:os';
import { dirname } from 'node:path';
import { createInterface } from 'node:readline/promises';
import { type Command, InvalidArgumentError } from 'commander';
import { askControl, type ControlAnswer } from '#runtime/control-socket.ts';
import { disarmAtRest } from '#runtime/disarm-at-rest.ts';
import { armingPhrase } from '#runtime/operate-arming.ts';
import { readManifest } from '#runtime/run-folder.ts';
import { accountFolder } from './account-folder.ts';
import type { CommandContext } from './command-context.ts';
import { dataFolder } from './data-folder.ts';
import { reachDesk } from './reach-desk.ts';
import { UsageError } from './refusal.ts';

interface ArmingArguments {
  readonly account: string;
  readonly dataDir?: string;
  readonly reason: string;
  readonly actor?: string;
  readonly phrase?: string;
  readonly json?: boolean;
}

/** `arm` and `disarm`: whether a desk at a real venue may add exposure. */
export function registerArming(program: Command, context: CommandContext): void {
  program
    .command('arm')
    .description('let a running desk at a real venue add exposure; the kill switch is a lock of its own')
    .requiredOption('--account <name>', 'the account whose desk is armed', text)
    .option('--data-dir <folder>', 'the data folder of the desk; found by the account unless told', text)
    .requiredOption('--reason <text>', 'why, for the journal', text)
    .option('--actor <name>', 'who asks; the user of the system unless told', text)
    .option('--phrase <text>', "'ARM' and the account's name, instead of being asked for it")
    .option('--json', 'print the result as JSON')
    .addHelpText('after', '\nRefused while READ_ONLY is 1, and at a live account while LIVE_TRADING_ENABLED is not 1.')
    .action((options: ArmingArguments) => arm(options, context));
  program
    .command('disarm')
    .description('let a desk at a real venue add nothing from now on; positions and their stops are kept')
    .requiredOption('--account <name>', 'the account whose desk is disarmed', text)
    .option('--data-dir <folder>', 'the data folder of the desk; found by the account unless told', text)
    .requiredOption('--reason <text>', 'why, for the journal', text)
    .option('--actor <name>', 'who asks; the user of the system unless told', text)
    .option('--json', 'print the result as JSON')
    .action((options: ArmingArguments) => disarm(options, context));
}

async function arm(options: ArmingArguments, context: CommandContext): Promise<void> {
  const { account, reason } = options;
  const folder = folderOf(options, context);
  const phrase = options.phrase ?? (await typed(armingPhrase(account)));
  const answer = await askControl(folder, { command: 'arm', phrase, reason, actor: actorOf(options) });
  tell(
    answer ?? { isDone: false, message: `no desk runs on '${folder}': a desk is armed while it runs` },
    options,
    context,
  );
}

async function disarm(options: ArmingArguments, context: CommandContext): Promise<void> {
  const folder = folderOf(options, context);
  const author = { actor: actorOf(options), reason: options.reason };
  const reached = await reachDesk(folder, { command: 'disarm', ...author }, () => disarmAtRest(folder, author));
  const answer = reached.isRunning
    ? reached.answer
    : { isDone: true, message: `no desk runs on '${folder}': ${reached.result}` };
  tell(answer, options, context);
}

/** The desk's folder, told or found; a `UsageError` where it is another account's. */
function folderOf({ dataDir, account }: ArmingArguments, { environment }: CommandContext): string {
  const folder = dataDir ?? accountFolder(dirname(dataFolder(undefined, environment)), account);
  const { kind, market } = readManifest(folder);
  if (kind !== 'live') throw new UsageError(`'${folder}' holds a ${kind} run: expected a desk at a real venue`);
  if (market.endsWith(`:${account}`)) return folder;
  throw new UsageError(`'${folder}' holds the desk of '${market}', asked for the account '${account}'`);
}

function tell(answer: ControlAnswer, { json }: ArmingArguments, { output, exitWith }: CommandContext): void {
  const { isDone, message } = answer;
  if (json === true) output.json({ isDone, message });
  else if (isDone) output.line(message);
  else output.note(message);
  exitWith(isDone ? 0 : 1);
}

/** Asks on a terminal; without one nobody can answer. */
async function typed(phrase: string): Promise<string> {
  if (process.stdin.isTTY !== true) throw new UsageError(`the desk is not armed: expected '--phrase "${phrase}"'`);
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return (await terminal.question(`Type '${phrase}' to let this desk trade: `)).trim();
  } finally {
    terminal.close();
  }
}

function actorOf({ actor }: ArmingArguments): string {
  return actor ?? userInfo().username;
}

function text(value: string): string {
  if (value.trim() !== '') return value.trim();
  throw new InvalidArgumentError('expected a text, found a blank one');
}
