import { Command } from 'commander';
import type { CommandContext } from './command-context.ts';
import type { Output } from './output.ts';
import { endingOf } from './refusal.ts';
import { registerRun } from './run-command.ts';

type Register = (program: Command, context: CommandContext) => void;

/** Every command, in the order in which the help lists them. */
const registers: readonly Register[] = [registerRun];

export interface ProgramSurroundings {
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly output: Output;
}

/** Runs one command. Returns its exit code: 0 done, 1 a failure or a difference, 2 wrong usage or bad input. */
export async function runProgram(
  argv: readonly string[],
  { environment, output }: ProgramSurroundings,
): Promise<number> {
  let code = 0;
  const context: CommandContext = {
    environment,
    output,
    exitWith: (asked) => {
      code = asked;
    },
  };
  try {
    await createProgram(context).parseAsync([...argv], { from: 'user' });
    return code;
  } catch (error) {
    const ending = endingOf(error);
    if (ending.message !== '') output.note(`tradewind: ${ending.message}`);
    return ending.code;
  }
}

function createProgram(context: CommandContext): Command {
  const { output } = context;
  const program = new Command('tradewind')
    .description('A self-hosted trading system: one deterministic engine, every decision replayed to the bit.')
    .configureOutput({
      writeOut: (text) => output.line(text.trimEnd()),
      writeErr: (text) => output.note(text.trimEnd()),
    })
    .configureHelp({ showGlobalOptions: true })
    .showSuggestionAfterError()
    .exitOverride();
  // Settings of the program are inherited by commands only where they are made after them.
  for (const register of registers) register(program, context);
  return program;
}
