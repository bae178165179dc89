import { Command } from 'commander';
import { registerApply } from './apply-command.ts';
import { registerArming } from './arm-command.ts';
import { registerAudit } from './audit-command.ts';
import { registerBacktest } from './backtest-command.ts';
import type { CommandContext } from './command-context.ts';
import { registerConfig } from './config-command.ts';
import { registerDoctor } from './doctor-command.ts';
import { registerDrain } from './drain-command.ts';
import { registerEvents } from './events-command.ts';
import { registerExport } from './export-command.ts';
import { registerImport } from './import-command.ts';
import { registerKeys } from './keys-command.ts';
import { registerKill } from './kill-command.ts';
import { registerManifold } from './manifold-command.ts';
import type { Output } from './output.ts';
import { registerPolicy } from './policy-command.ts';
import { registerPreflight } from './preflight-command.ts';
import { registerPrime } from './prime-command.ts';
import { registerRebuild } from './rebuild-command.ts';
import { registerReference } from './reference-command.ts';
import { endingOf } from './refusal.ts';
import { registerReplay } from './replay-command.ts';
import { registerRun } from './run-command.ts';
import { registerSchedule } from './schedule-command.ts';
import { registerSimulateVenue } from './simulate-venue-command.ts';
import { registerSocial } from './social-command.ts';
import { registerStatus } from './status-command.ts';
import { registerTrace } from './trace-command.ts';
import { registerWhy } from './why-command.ts';
import { registerWorker } from './worker-command.ts';

type Register = (program: Command, context: CommandContext) => void;

/** Every command, in the order in which the help lists them: the desk, its past, its data, its configuration. */
const registers: readonly Register[] = [
  registerRun,
  registerStatus,
  registerPreflight,
  registerKill,
  registerArming,
  registerDrain,
  registerSchedule,
  registerWorker,
  registerDoctor,
  registerKeys,
  registerEvents,
  registerRebuild,
  registerSimulateVenue,
  registerBacktest,
  registerReplay,
  registerWhy,
  registerTrace,
  registerAudit,
  registerManifold,
  registerImport,
  registerPrime,
  registerExport,
  registerSocial,
  registerConfig,
  registerReference,
  registerApply,
  registerPolicy,
];

/** What a command line stands in. */
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
  const exitWith = (asked: number): void => {
    code = asked;
  };
  try {
    await createProgram({ environment, output, exitWith }).parseAsync([...argv], { from: 'user' });
    return code;
  } catch (error) {
    const ending = endingOf(error);
    if (ending.message !== '') output.note(`tradewind: ${ending.message}`);
    return ending.code;
  }
}

/** Commands inherit what is set before they are made. */
function createProgram(context: CommandContext): Command {
  const { output } = context;
  const program = new Command('tradewind')
    .description('A self-hosted trading system: one deterministic engine, every decision replayed to the bit.')
    .configureOutput({
      writeOut: (text) => output.line(text.trimEnd()),
      writeErr: (text) => output.note(text.trimEnd()),
    })
    .showHelpAfterError('(--help lists what can be said)')
    .showSuggestionAfterError()
    .exitOverride();
  for (const register of registers) register(program, context);
  return program;
}
