import { mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Command } from 'commander';
import { writeFileAtomically } from '#adapters/bars/atomic-file.ts';
import { openMarketData } from '#adapters/bars/open-market-data.ts';
import { numberOf } from '#domain/configuration/configuration-value.ts';
import { fxInstrument } from '#domain/instrument.ts';
import { serializeManifold } from '#metrics/manifold-json.ts';
import { askControl } from '#runtime/control-socket.ts';
import { configurationFrom } from '#runtime/desk-setup.ts';
import { RunError, readManifest } from '#runtime/run-folder.ts';
import { deskStatus } from '#runtime/status.ts';
import { candlesOf } from './candles-of.ts';
import type { CommandContext } from './command-context.ts';
import { dataFolder } from './data-folder.ts';
import { deskDocuments } from './desk-documents.ts';
import { engineAtEnd } from './engine-at-end.ts';
import { countText } from './figures.ts';
import { manifoldOfSpan } from './manifold-span.ts';
import { symbol, wholeNumber } from './option-parsers.ts';

interface ManifoldsArguments {
  readonly instrument: string;
  readonly minutes: number;
  readonly data: string;
  readonly out: string;
  readonly json?: boolean;
}

interface SnapshotArguments {
  readonly dataDir?: string;
  readonly out: string;
  readonly json?: boolean;
}

const minuteMs = 60_000;

/** `export manifolds` and `export snapshot`: files for research and for the record. */
export function registerExport(program: Command, context: CommandContext): void {
  const group = program.command('export').description('write manifolds or a snapshot of a desk to files');
  group
    .command('manifolds')
    .description('write the manifold document of the newest minutes of a series')
    .requiredOption('--instrument <pair>', 'the pair, as EUR_USD', symbol)
    .requiredOption(
      '--minutes <minutes>',
      'minutes back from the newest bar, its own included',
      wholeNumber(1, 5_270_400),
    )
    .requiredOption('--data <folder>', 'a bar store, or a folder of files such as EUR_USD_M1.csv.gz')
    .requiredOption('--out <file>', 'where the document goes')
    .option('--json', 'print the result as JSON')
    .action((options: ManifoldsArguments) => exportManifolds(options, context));
  group
    .command('snapshot')
    .description('write account, open trades, allocation and gates of a desk, running or not')
    .option('--data-dir <folder>', 'the data folder of the desk (data/synthetic)')
    .option('--out <folder>', 'where the files go', 'docs/reports/snapshots')
    .option('--json', 'print the result as JSON')
    .action((options: SnapshotArguments) => exportSnapshot(options, context));
}

function exportManifolds(options: ManifoldsArguments, { environment, output }: CommandContext): void {
  const values = configurationFrom(environment);
  const span = { fromAt: 0, untilAt: Number.MAX_SAFE_INTEGER, interval: 'M1' } as const;
  const { series, warnings } = openMarketData(options.data, [fxInstrument(options.instrument)], span);
  for (const warning of warnings) output.note(`warning: ${warning}`);
  const candles = series.flatMap((columns) => candlesOf(columns));
  const untilAt = (candles.at(-1)?.openAt ?? 0) + minuteMs;
  const document = manifoldOfSpan(candles, {
    instrument: options.instrument,
    fromAt: untilAt - options.minutes * minuteMs,
    untilAt,
    precision: numberOf(values, 'ECHO_SIGNATURE_PRECISION'),
    lookbackMinutes: numberOf(values, 'ECHO_LOOKBACK_MINUTES'),
  });
  mkdirSync(dirname(options.out), { recursive: true });
  writeFileAtomically(options.out, [new TextEncoder().encode(serializeManifold(document, { parity: false }))]);
  const { count, signals, t0_ms, t1_ms } = document;
  if (options.json === true) output.json({ file: options.out, count, signals: signals.length, t0_ms, t1_ms });
  else output.line(`wrote '${options.out}' with ${countText(signals.length)} signals of ${countText(count)} candles`);
}

async function exportSnapshot(options: SnapshotArguments, { environment, output }: CommandContext): Promise<void> {
  const folder = dataFolder(options.dataDir, environment);
  const { status, source } = await statusOf(folder);
  const documents = deskDocuments(status);
  if (typeof documents === 'string') throw new RunError(`'${folder}': ${documents}`);
  // Files are named by the moment they were captured, so that a desk that stands still is captured twice all the same.
  const stamp = new Date()
    .toISOString()
    .replace(/[-:]/g, '')
    .replace(/\.\d+Z$/, 'Z');
  mkdirSync(options.out, { recursive: true });
  const files = Object.entries(documents).map(([name, document]) => {
    const path = join(options.out, `${stamp}_${name}.json`);
    writeFileAtomically(path, [new TextEncoder().encode(`${JSON.stringify({ ...document, source }, undefined, 2)}\n`)]);
    return path;
  });
  if (options.json === true) output.json({ source, files });
  else for (const file of files) output.line(`wrote '${file}'`);
}

interface FoundStatus {
  readonly status: unknown;
  /** Whether the desk itself answered, or its journal was read. */
  readonly source: 'running' | 'journal';
}

async function statusOf(folder: string): Promise<FoundStatus> {
  const manifest = readManifest(folder);
  const answer = await askControl(folder, { command: 'status' });
  if (answer?.isDone === true) return { status: answer.status, source: 'running' };
  if (answer !== undefined) throw new RunError(`the desk on '${folder}' does not tell its status: ${answer.message}`);
  const { engine } = engineAtEnd(folder);
  const frame = { market: manifest.market, isDemonstration: manifest.market === 'synthetic', speed: 0 };
  return { status: deskStatus(engine, frame), source: 'journal' };
}
