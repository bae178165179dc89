import { readdirSync } from 'node:fs';
import { basename, resolve } from 'node:path';
import { type Command, Option } from 'commander';
import { type MarketData, openMarketData } from '#adapters/bars/open-market-data.ts';
import { listOf, numberOf } from '#domain/configuration/configuration-value.ts';
import { fxInstrument, type Instrument } from '#domain/instrument.ts';
import { runBacktest } from '#runtime/backtest.ts';
import { configurationFrom, policyDocuments } from '#runtime/desk-setup.ts';
import { hasRun } from '#runtime/run-folder.ts';
import { printBacktest, tellWarnings } from './backtest-report.ts';
import { withSettings } from './backtest-settings.ts';
import type { CommandContext } from './command-context.ts';
import { amount, assignment, instant, instantAfter, symbols, wholeNumber } from './option-parsers.ts';
import { UsageError } from './refusal.ts';

interface BacktestArguments {
  readonly desk: 'fx';
  readonly data: string;
  readonly instruments?: readonly string[];
  readonly from?: number;
  readonly to?: number;
  readonly seed: number;
  readonly out?: string;
  readonly balance: number;
  readonly set: Readonly<Record<string, string>>;
  readonly json?: boolean;
}

/** Pairs below which the allocator has nothing to choose from. */
const fewInstruments = 3;

/** `backtest`: recorded bars through the whole pipeline against the simulated venue. */
export function registerBacktest(program: Command, context: CommandContext): void {
  program
    .command('backtest')
    .description('run recorded bars through the whole desk against the simulated venue')
    .addOption(new Option('--desk <desk>', 'the desk that trades').choices(['fx']).default('fx'))
    .requiredOption('--data <folder>', 'a bar store, or a folder of files such as EUR_USD_M1.csv.gz')
    .option('--instruments <pairs>', 'pairs separated by commas; all the desk is configured for unless told', symbols)
    .option('--from <time>', 'first instant of the data, UTC', instant)
    .option('--to <time>', 'last day (the whole of it) or first instant no longer wanted, UTC', instantAfter)
    .option('--seed <number>', 'seed of everything left to chance', wholeNumber(0, 4_294_967_295), 1)
    .option('--out <folder>', 'keep journal, snapshots and summary there; the folder must be empty or absent')
    .option('--balance <amount>', 'account balance at the start', amount, 100_000)
    .option('--set <NAME=VALUE>', 'a configuration variable for this run only; may be given many times', assignment, {})
    .option('--json', 'print the summary as JSON')
    .action((options: BacktestArguments) => backtest(options, context));
}

async function backtest(options: BacktestArguments, { environment, output }: CommandContext): Promise<void> {
  if (options.out !== undefined) requireEmpty(options.out);
  const chosen = options.instruments === undefined ? {} : { HOTBAND_PAIRS: options.instruments.join(',') };
  const values = configurationFrom(withSettings(withSettings(environment, chosen), options.set));
  const marginRate = numberOf(values, 'EXPOSURE_SCALE');
  const instruments = listOf(values, 'HOTBAND_PAIRS').map((name) => fxInstrument(name, marginRate));
  const data = readData(options, instruments);
  const progress = output.progress('backtest');
  const result = await runBacktest({
    desk: options.desk,
    series: data.series,
    instruments,
    policies: policyDocuments(values, options.desk),
    seed: options.seed,
    startBalance: options.balance,
    dataHash: data.dataHash,
    market: `data:${basename(resolve(options.data))}`,
    warnings: [...data.warnings, ...fewWarnings(data)],
    folder: options.out,
    onProgress: (done, total) => progress.update(done, total),
  }).finally(() => progress.end());
  const { summary, barsPerSecond } = result;
  const found = instruments.filter(({ id }) => data.series.some((columns) => columns.instrument === id));
  const run = { summary, barsPerSecond, symbols: found.map(({ symbol }) => symbol) };
  tellWarnings(run, output);
  if (options.json === true)
    output.json({ ...summary, barsPerSecond, instruments: run.symbols, folder: options.out ?? null });
  else printBacktest(run, output);
  if (options.out !== undefined) output.note(`kept in '${options.out}': see 'replay' and 'why'`);
}

function readData(options: BacktestArguments, instruments: readonly Instrument[]): MarketData {
  const fromAt = options.from ?? 0;
  const untilAt = options.to ?? Number.MAX_SAFE_INTEGER;
  if (untilAt <= fromAt) {
    const [from, to] = [fromAt, untilAt].map((at) => new Date(at).toISOString());
    throw new UsageError(`'--to' is expected to be after '--from', found '${to}' and '${from}'`);
  }
  return openMarketData(options.data, instruments, { fromAt, untilAt, interval: 'M1' });
}

function fewWarnings({ series }: MarketData): string[] {
  if (series.length >= fewInstruments) return [];
  const noun = series.length === 1 ? 'one pair has' : `${series.length} pairs have`;
  return [`only ${noun} data: the desk is meant to choose among ${fewInstruments} or more`];
}

/** A run is never written over, and never among the files of something else. */
function requireEmpty(folder: string): void {
  if (hasRun(folder))
    throw new UsageError(`'--out': an empty or absent folder is expected, '${folder}' holds a run already`);
  if (entriesOf(folder).length > 0)
    throw new UsageError(`'--out': an empty or absent folder is expected, '${folder}' holds other files`);
}

function entriesOf(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return [];
    if (error instanceof Error && 'code' in error && error.code === 'ENOTDIR')
      throw new UsageError(`'--out': '${folder}' is a file`);
    throw error;
  }
}
