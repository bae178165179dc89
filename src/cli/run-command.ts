import { type Command, InvalidArgumentError, Option } from 'commander';
import { runApi } from './api-run.ts';
import type { CommandContext } from './command-context.ts';
import { runDesk } from './desk-run.ts';
import { planLive } from './live-plan.ts';
import { runMirror } from './mirror-run.ts';
import { amount, assignment, instrumentList, wholeNumber } from './option-parsers.ts';
import { planRole, planRun, type RunArguments, runRoles } from './run-plan.ts';
import { createRunReporter } from './run-reporter.ts';
import { addVenueOptions, liveArguments, type VenueArguments } from './venue-options.ts';
import { runWorker } from './worker-command.ts';

interface RunCommandArguments extends RunArguments, VenueArguments {
  readonly for?: number;
  readonly json?: boolean;
}

const speedMax = 100_000;

/** `run`: a desk on paper, live on a synthetic or a recorded market, with its status page; or one part of it. */
export function registerRun(program: Command, context: CommandContext): void {
  const command = program
    .command('run')
    .description('run a desk on paper on a synthetic or recorded market, or at a real venue, with a status page')
    .option('--market <market>', "'synthetic', or 'data:' and a folder of recorded bars", market, 'synthetic')
    .option('--speed <factor>', 'event time per time of the clock (300 synthetic, 60 recorded)', speed)
    .option('--seed <number>', 'seed of the synthetic market and of chance (7)', wholeNumber(0, 4_294_967_295))
    .option('--data-dir <folder>', 'where journal and snapshots are kept (data/<market>)')
    .option(
      '--instruments <symbols>',
      'separated by commas; all the desk is configured for unless told',
      instrumentList,
    )
    .option('--balance <amount>', 'account balance of a fresh run', amount, 100_000)
    .option('--port <number>', 'port of the status page, 0 for any free one (8000)', wholeNumber(0, 65_535))
    .option('--host <address>', 'address of the status page (127.0.0.1)')
    .addOption(new Option('--role <role>', 'which part of the desk this process is (all)').choices(runRoles))
    .option('--set <NAME=VALUE>', 'a configuration variable of a fresh run; may be given many times', assignment, {})
    .option('--for <seconds>', 'stop after so many seconds of trading', seconds)
    .option('--json', 'tell what happens as JSON, one object a line');
  addVenueOptions(command)
    .addHelpText(
      'after',
      '\nOne process is a whole desk. With VALKEY_URL and DATABASE_URL a desk can be split: one engine, which alone trades, and mirror,' +
        '\napi and worker beside it, which find it by TRADEWIND_ENGINE_URL.' +
        '\nAt a real venue a desk starts with the kill switch engaged, read-only and disarmed: see arm and kill release.' +
        '\nExit codes: 0 stopped in order, 1 the run failed, 2 bad options, a held folder or account, or a port in use.',
    )
    .action(async (options: RunCommandArguments) => context.exitWith(await run(options, context)));
}

async function run(options: RunCommandArguments, context: CommandContext): Promise<number> {
  const { environment, output } = context;
  const live = liveArguments(options);
  const role = planRole(options, environment);
  const reporter = createRunReporter(output, options.json === true);
  switch (role.role) {
    case 'all':
    case 'engine':
      if (live !== undefined) return runDesk(planLive(live, environment), reporter, options.for);
      return runDesk(planRun(options, environment), reporter, options.for);
    case 'mirror':
      return runMirror(role, reporter, options.for);
    case 'api':
      return runApi(role, reporter, options.for);
    case 'worker':
      return runWorker({ concurrency: 1, json: options.json === true }, context);
  }
}

function market(text: string): string {
  if (text === 'synthetic' || /^data:./s.test(text)) return text;
  throw new InvalidArgumentError(`expected 'synthetic' or 'data:' and a folder, found '${text}'`);
}

function speed(text: string): number {
  const value = /^\d+(?:\.\d+)?$/.test(text) ? Number(text) : Number.NaN;
  if (value > 0 && value <= speedMax) return value;
  throw new InvalidArgumentError(`expected a factor above 0 and up to ${speedMax}, found '${text}'`);
}

function seconds(text: string): number {
  const value = /^\d+(?:\.\d+)?$/.test(text) ? Number(text) : Number.NaN;
  if (value > 0 && value <= 1e6) return value;
  throw new InvalidArgumentError(`expected seconds above 0 and up to 1000000, found '${text}'`);
}
