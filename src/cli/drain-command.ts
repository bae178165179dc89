import { userInfo } from 'node:os';
import { type Command, InvalidArgumentError } from 'commander';
import { askControl } from '#runtime/control-socket.ts';
import { findDesk } from './ask-desk.ts';
import type { CommandContext } from './command-context.ts';
import { dataFolder } from './data-folder.ts';
import { type DrainStep, planDrain } from './drain-plan.ts';
import { amountText, countText } from './figures.ts';
import { wholeNumber } from './option-parsers.ts';
import type { Output } from './output.ts';
import { UsageError } from './refusal.ts';

interface DrainArguments {
  readonly dataDir?: string;
  readonly dryRun?: boolean;
  readonly bufferPct: number;
  readonly minUnits: number;
  readonly json?: boolean;
}

const bufferMax = 3;

/** `drain`: positions above their cap shrink to it, while the kill switch is engaged. */
export function registerDrain(program: Command, context: CommandContext): void {
  program
    .command('drain')
    .description('shrink positions that use more margin than their cap, while the kill switch is engaged')
    .option('--data-dir <folder>', 'the data folder of the desk (data/synthetic)')
    .option('--dry-run', 'show the plan and ask for nothing')
    .option('--buffer-pct <percent>', 'how far above its cap a position is left alone, at most 3', percent, bufferMax)
    .option('--min-units <units>', 'reductions smaller than this are left alone', wholeNumber(1, 100_000_000), 1)
    .option('--json', 'print the plan as JSON')
    .addHelpText(
      'after',
      '\nExit codes: 0 done or nothing to do, 1 a reduction was refused, 2 no desk runs or its switch is released.',
    )
    .action(async (options: DrainArguments) => context.exitWith(await drain(options, context)));
}

async function drain(options: DrainArguments, { environment, output }: CommandContext): Promise<number> {
  const folder = dataFolder(options.dataDir, environment);
  const isDryRun = options.dryRun === true;
  const { isRunning, status } = await findDesk(folder);
  if (!isRunning && !isDryRun)
    throw new UsageError(`no desk runs on '${folder}': there is nobody to ask for a reduction`);
  if (!status.kill.isEngaged && !isDryRun) {
    throw new UsageError('the kill switch is released: engage it first, or the desk builds up again what is drained');
  }
  const limits = { bufferFraction: options.bufferPct / 100, minimumUnits: options.minUnits };
  const plan = planDrain(status, limits);
  const outcomes = isDryRun
    ? plan.map(() => ({ isDone: true, message: 'not asked for' }))
    : await reduceAll(folder, plan);
  if (options.json === true) {
    output.json({ isDryRun, steps: plan.map((step, place) => ({ ...step, ...outcomes[place] })) });
  } else {
    print(plan, outcomes, output);
  }
  return outcomes.every(({ isDone }) => isDone) ? 0 : 1;
}

interface Outcome {
  readonly isDone: boolean;
  readonly message: string;
}

async function reduceAll(folder: string, plan: readonly DrainStep[]): Promise<Outcome[]> {
  const outcomes: Outcome[] = [];
  for (const { instrument, quantity } of plan) {
    const request = { command: 'reduce', instrument, quantity, actor: userInfo().username, reason: 'drain' } as const;
    const answer = await askControl(folder, request);
    outcomes.push(answer ?? { isDone: false, message: 'the desk has stopped meanwhile' });
  }
  return outcomes;
}

function print(plan: readonly DrainStep[], outcomes: readonly Outcome[], output: Output): void {
  if (plan.length === 0) {
    output.line('every position is within its cap');
    return;
  }
  const rows = plan.map(({ symbol, signedQuantity, marginUsed, cap, quantity }, place) => [
    symbol,
    countText(signedQuantity),
    amountText(marginUsed),
    amountText(cap),
    countText(quantity),
    outcomes[place]?.message ?? '',
  ]);
  output.table(['pair', 'position', 'margin', 'cap', 'reduce by', 'outcome'], rows);
}

function percent(text: string): number {
  const value = /^\d+(?:\.\d+)?$/.test(text) ? Number(text) : Number.NaN;
  if (value >= 0 && value <= bufferMax) return value;
  throw new InvalidArgumentError(`expected percent from 0 to ${bufferMax}, found '${text}'`);
}
