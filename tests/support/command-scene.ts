import { PassThrough } from 'node:stream';
import { Command } from 'commander';
import type { CommandContext } from '#cli/command-context.ts';
import { createOutput } from '#cli/output.ts';
import { endingOf } from '#cli/refusal.ts';

/** How a command ended and what it printed. */
export interface CommandEnding {
  readonly code: number;
  /** The standard output: results. */
  readonly result: string;
  /** The error output: remarks and refusals. */
  readonly work: string;
}

type Register = (program: Command, context: CommandContext) => void;
type Environment = Readonly<Record<string, string | undefined>>;

/** Runs one command with arguments as the command line would, in this process, in an environment of its own. */
export async function runCommand(
  register: Register,
  argv: readonly string[],
  environment: Environment = {},
): Promise<CommandEnding> {
  const streams = { result: new PassThrough(), work: new PassThrough() };
  let code = 0;
  const context: CommandContext = {
    environment,
    output: createOutput(streams, environment),
    exitWith: (given) => {
      code = given;
    },
  };
  const program = new Command('tradewind')
    .exitOverride()
    .configureOutput({ writeOut: (text) => streams.result.write(text), writeErr: (text) => streams.work.write(text) });
  register(program, context);
  for (const command of program.commands) inheritSettings(command, program);
  try {
    await program.parseAsync([...argv], { from: 'user' });
  } catch (error) {
    const ending = endingOf(error);
    code = ending.code;
    if (ending.message !== '') streams.work.write(`${ending.message}\n`);
  }
  const textOf = (stream: PassThrough): string => String(stream.read() ?? '');
  return { code, result: textOf(streams.result), work: textOf(streams.work) };
}

function inheritSettings(command: Command, parent: Command): void {
  command.copyInheritedSettings(parent);
  for (const child of command.commands) inheritSettings(child, command);
}
