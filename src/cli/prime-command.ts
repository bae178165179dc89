import { closeSync, mkdirSync, openSync, readSync } from 'node:fs';
import { join } from 'node:path';
import type { Command } from 'commander';
import { writeFileAtomically } from '#adapters/bars/atomic-file.ts';
import { openMarketData } from '#adapters/bars/open-market-data.ts';
import { storeManifold } from '#adapters/valkey/manifold-store.ts';
import { StoreError } from '#adapters/valkey/store-error.ts';
import { listOf, numberOf } from '#domain/configuration/configuration-value.ts';
import { fxInstrument } from '#domain/instrument.ts';
import type { Candle } from '#metrics/candle.ts';
import type { ManifoldDocument } from '#metrics/manifold-document.ts';
import { serializeManifold } from '#metrics/manifold-json.ts';
import { configurationFrom } from '#runtime/desk-setup.ts';
import { candlesOf } from './candles-of.ts';
import type { CommandContext } from './command-context.ts';
import { countText } from './figures.ts';
import { firstFrom, manifoldOfSpan } from './manifold-span.ts';
import { symbols, wholeNumber } from './option-parsers.ts';
import type { Output } from './output.ts';
import { StoreConnection } from './store-connection.ts';

interface PrimeArguments {
  readonly data: string;
  readonly days: number;
  readonly instruments?: readonly string[];
  readonly outputDir: string;
  readonly force?: boolean;
  readonly storeManifoldToValkey?: boolean;
  readonly json?: boolean;
}

interface DayOfSeries {
  readonly symbol: string;
  readonly candles: readonly Candle[];
  readonly dayAt: number;
}

interface Primed {
  readonly instrument: string;
  written: number;
  kept: number;
  stored: number;
  signals: number;
}

const dayMs = 86_400_000;
/** The head of a document is read to see how many candles it is of; its keys are in alphabetical order. */
const headBytes = 512;

/** `prime`: manifold documents of past days, one file an instrument and UTC day. */
export function registerPrime(program: Command, context: CommandContext): void {
  program
    .command('prime')
    .description('write manifold documents of past days: <folder>/<pair>/<day>.json')
    .requiredOption('--data <folder>', 'a bar store, or a folder of files such as EUR_USD_M1.csv.gz')
    .option('--days <days>', 'UTC days back from the newest bar, its own included', wholeNumber(1, 3_660), 30)
    .option('--instruments <pairs>', 'pairs separated by commas; all the desk is configured for unless told', symbols)
    .option('--output-dir <folder>', 'where the documents go', 'output/manifolds')
    .option('--force', 'write documents anew that are there already')
    .option('--store-manifold-to-valkey', 'store each document under manifold:{pair}:{day} too')
    .option('--json', 'print the result as JSON')
    .addHelpText('after', help)
    .action(async (options: PrimeArguments) => context.exitWith(await prime(options, context)));
}

const help = `
A document holds the windows that end within its day, which reach back into the days before; 'count', 't0_ms' and 't1_ms' speak of
the day's own candles. A document of as many candles as the day has is left as it is.

Exit codes: 0 done; 2 no data; 3 store unreachable; 4 store failed.`;

async function prime(options: PrimeArguments, context: CommandContext): Promise<number> {
  const { environment, output } = context;
  const connection = new StoreConnection(environment);
  const progress = output.progress('prime');
  try {
    const days = readDays(options, context);
    if (options.storeManifoldToValkey === true) await connection.open();
    const results = new Map<string, Primed>();
    for (const [place, day] of days.entries()) {
      progress.update(place, days.length);
      await primeDay(day, { options, context, connection, results });
    }
    progress.end();
    report([...results.values()], options, output);
    return 0;
  } catch (error) {
    if (!(error instanceof StoreError)) throw error;
    output.note(`tradewind: ${error.message}`);
    return error.code === 'failed' ? 4 : 3;
  } finally {
    progress.end();
    connection.close();
  }
}

/** Every day of every series that has a candle in it, within the days asked for. */
function readDays(options: PrimeArguments, { environment, output }: CommandContext): DayOfSeries[] {
  const wanted = options.instruments ?? listOf(configurationFrom(environment), 'HOTBAND_PAIRS');
  const instruments = wanted.map((name) => fxInstrument(name));
  const span = { fromAt: 0, untilAt: Number.MAX_SAFE_INTEGER, interval: 'M1' } as const;
  const { series, warnings } = openMarketData(options.data, instruments, span);
  for (const warning of warnings) output.note(`warning: ${warning}`);
  const newestAt = Math.max(...series.map(({ openAt, length }) => openAt[length - 1] ?? 0));
  const firstDayAt = Math.floor(newestAt / dayMs) * dayMs - (options.days - 1) * dayMs;
  return series.flatMap((columns) => {
    const symbol = instruments.find(({ id }) => id === columns.instrument)?.symbol ?? columns.instrument;
    const candles = candlesOf(columns);
    const days = Array.from({ length: options.days }, (_, day) => firstDayAt + day * dayMs);
    const held = days.filter((dayAt) => candlesIn(candles, dayAt) > 0);
    if (held.length === 0)
      output.note(`warning: '${symbol}' ends before ${new Date(firstDayAt).toISOString().slice(0, 10)}`);
    return held.map((dayAt) => ({ symbol, candles, dayAt }));
  });
}

interface Priming {
  readonly options: PrimeArguments;
  readonly context: CommandContext;
  readonly connection: StoreConnection;
  readonly results: Map<string, Primed>;
}

async function primeDay(
  { symbol, candles, dayAt }: DayOfSeries,
  { options, context, connection, results }: Priming,
): Promise<void> {
  const result = results.get(symbol) ?? { instrument: symbol, written: 0, kept: 0, stored: 0, signals: 0 };
  results.set(symbol, result);
  const folder = join(options.outputDir, symbol);
  const path = join(folder, `${new Date(dayAt).toISOString().slice(0, 10)}.json`);
  const isThere = options.force !== true && candleCountOf(path) === candlesIn(candles, dayAt);
  if (isThere) result.kept += 1;
  if (isThere && options.storeManifoldToValkey !== true) return;
  const document = dayManifold(symbol, candles, dayAt, context);
  const text = serializeManifold(document, { parity: false });
  if (!isThere) {
    mkdirSync(folder, { recursive: true });
    writeFileAtomically(path, [new TextEncoder().encode(text)]);
    result.written += 1;
    result.signals += document.signals.length;
  }
  if (options.storeManifoldToValkey !== true || document.signals.length === 0) return;
  await storeManifold(await connection.open(), { instrument: symbol, newestAt: document.t1_ms, text });
  result.stored += 1;
}

function dayManifold(
  instrument: string,
  candles: readonly Candle[],
  dayAt: number,
  { environment }: CommandContext,
): ManifoldDocument {
  const values = configurationFrom(environment);
  return manifoldOfSpan(candles, {
    instrument,
    fromAt: dayAt,
    untilAt: dayAt + dayMs,
    precision: numberOf(values, 'ECHO_SIGNATURE_PRECISION'),
    lookbackMinutes: numberOf(values, 'ECHO_LOOKBACK_MINUTES'),
  });
}

function candlesIn(candles: readonly Candle[], dayAt: number): number {
  return firstFrom(candles, dayAt + dayMs) - firstFrom(candles, dayAt);
}

/** The candles that a document on disk is of; undefined where there is none, or another text in its place. */
function candleCountOf(path: string): number | undefined {
  const head = Buffer.alloc(headBytes);
  let file: number;
  try {
    file = openSync(path, 'r');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
  try {
    readSync(file, head, 0, headBytes, 0);
  } finally {
    closeSync(file);
  }
  const count = /^\{"coeffs":\{[^}]*\},"count":(\d+),/.exec(head.toString())?.[1];
  return count === undefined ? undefined : Number(count);
}

function report(results: readonly Primed[], options: PrimeArguments, output: Output): void {
  if (options.json === true) {
    output.json({ outputDir: options.outputDir, instruments: results });
    return;
  }
  const rows = results.map(({ instrument, written, kept, stored, signals }) => [
    instrument,
    ...[written, signals, kept, stored].map(countText),
  ]);
  output.table(['pair', 'days written', 'signals', 'days kept', 'days stored'], rows);
  output.note(`manifolds lie in '${options.outputDir}'`);
}
