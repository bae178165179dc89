import { userInfo } from 'node:os';
import { createInterface } from 'node:readline/promises';
import { type Command, InvalidArgumentError } from 'commander';
import type { ControlRequest } from '#runtime/control-socket.ts';
import { changeKillAtRest, type KillChange } from '#runtime/kill-at-rest.ts';
import type { CommandContext } from './command-context.ts';
import { dataFolder } from './data-folder.ts';
import { reachDesk } from './reach-desk.ts';
import { UsageError } from './refusal.ts';

interface KillArguments {
  readonly reason: string;
  readonly dataDir?: string;
  readonly actor?: string;
  readonly flatten?: boolean;
  readonly yes?: boolean;
  readonly json?: boolean;
}

const releaseWord = 'RELEASE';

/** `kill engage|release`: the switch, through the running desk's own socket, or in the journal while nothing runs. */
export function registerKill(program: Command, context: CommandContext): void {
  const kill = program.command('kill').description('engage or release the kill switch of a desk');
  kill
    .command('engage')
    .description('let nothing be increased from now on; positions and their stops are kept')
    .requiredOption('--reason <text>', 'why, for the journal', reason)
    .option('--data-dir <folder>', 'the data folder of the desk (data/synthetic)')
    .option('--actor <name>', 'who asks; the user of the system unless told', reason)
    .option('--flatten', 'close every position, too')
    .option('--json', 'print the result as JSON')
    .addHelpText(
      'after',
      '\nWithout a running desk the switch is written into the journal and holds from the next start on.',
    )
    .action((options: KillArguments) => change(options, true, context));
  kill
    .command('release')
    .description('let the desk trade again')
    .requiredOption('--reason <text>', 'why, for the journal', reason)
    .option('--data-dir <folder>', 'the data folder of the desk (data/synthetic)')
    .option('--actor <name>', 'who asks; the user of the system unless told', reason)
    .option('--yes', 'do not ask for a confirmation')
    .option('--json', 'print the result as JSON')
    .action((options: KillArguments) => change(options, false, context));
}

async function change(options: KillArguments, isEngaging: boolean, context: CommandContext): Promise<void> {
  const { environment, output, exitWith } = context;
  const folder = dataFolder(options.dataDir, environment);
  if (!isEngaging && options.yes !== true && !(await isConfirmed(folder))) {
    throw new UsageError(`the switch is not released: expected '${releaseWord}', or the option --yes`);
  }
  const author = { actor: options.actor ?? userInfo().username, reason: options.reason };
  const request: ControlRequest = isEngaging
    ? { command: 'kill.engage', flatten: options.flatten === true, ...author }
    : { command: 'kill.release', ...author };
  const atRest = { isEngaging, isFlattening: options.flatten === true, ...author };
  const { isDone, isRunning, message } = await reach(folder, request, atRest);
  if (options.json === true) output.json({ isDone, isRunning, message });
  else if (isDone) output.line(message);
  else output.note(message);
  exitWith(isDone ? 0 : 1);
}

interface Reached {
  readonly isDone: boolean;
  readonly isRunning: boolean;
  readonly message: string;
}

/** Asks the desk, or its journal where none runs. */
async function reach(folder: string, request: ControlRequest, atRest: KillChange): Promise<Reached> {
  const reached = await reachDesk(folder, request, () => changeKillAtRest(folder, atRest));
  if (reached.isRunning) return { ...reached.answer, isRunning: true };
  return { isDone: true, isRunning: false, message: `no desk runs on '${folder}': ${reached.result}` };
}

/** Asks on a terminal; without one nobody can answer. */
async function isConfirmed(folder: string): Promise<boolean> {
  if (process.stdin.isTTY !== true) return false;
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    const text = await terminal.question(`Type ${releaseWord} to let the desk in '${folder}' trade again: `);
    return text.trim() === releaseWord;
  } finally {
    terminal.close();
  }
}

function reason(text: string): string {
  if (text.trim() !== '') return text.trim();
  throw new InvalidArgumentError('expected a text, found a blank one');
}
