import { basename } from 'node:path';
import { type Command, Option } from 'commander';
import { writeBars } from '#adapters/bars/bar-store.ts';
import type { CsvBars } from '#adapters/bars/csv-reader.ts';
import { ImportError } from '#adapters/bars/import-error.ts';
import { type ImportReport, reportNotice, skippedRows, skipReasons } from '#adapters/bars/import-report.ts';
import { mergeBars } from '#adapters/bars/merge-bars.ts';
import { statedBasis } from '#adapters/bars/price-basis.ts';
import type { PriceBasis } from '#domain/bar.ts';
import { fxInstrument } from '#domain/instrument.ts';
import { type Interval, intervalMs, intervals } from '#domain/interval.ts';
import type { CommandContext } from './command-context.ts';
import { countText, timeText } from './figures.ts';
import { readBars } from './import-bars.ts';
import { symbol } from './option-parsers.ts';
import type { Output } from './output.ts';
import { UsageError } from './refusal.ts';

interface ImportArguments {
  readonly instrument: string;
  readonly interval: Interval;
  readonly store: string;
  readonly basis?: PriceBasis;
  readonly json?: boolean;
}

/** `import`: takes files of bars into the bar store. All files are read before anything is stored. */
export function registerImport(program: Command, context: CommandContext): void {
  program
    .command('import')
    .description('take files of bars into the bar store')
    .argument('<files...>', 'CSV or JSON, plain or gzip')
    .requiredOption('--instrument <pair>', 'the pair the bars are of, as EUR_USD', symbol)
    .addOption(new Option('--interval <interval>', 'the length of a bar').choices(intervals).default('M1'))
    .option('--store <folder>', 'the folder of the bar store', './data/bars')
    .addOption(
      new Option('--basis <side>', 'the side of the prices; else what the folder of a file states, else bid').choices([
        'bid',
        'mid',
      ]),
    )
    .option('--json', 'print the result as JSON')
    .action((files: readonly string[], options: ImportArguments) => importBars(files, options, context));
}

function importBars(files: readonly string[], options: ImportArguments, { output }: CommandContext): void {
  const parts = readFiles(files, options, output);
  const reports = parts.map(({ report }) => report);
  if (parts.every(({ columns }) => columns.length === 0)) {
    const notices = reports.map((report) => reportNotice(report) ?? `'${report.source}' has no rows`);
    throw new ImportError('empty', `no row is kept: ${notices.join('. ')}`);
  }
  checkSides(parts);
  const columns = parts.map((part) => part.columns).reduce((merged, next) => mergeBars(merged, next).columns);
  const { manifest, added, changed, unchanged, warnings } = writeBars(options.store, columns, {
    symbol: options.instrument,
    sources: reports,
  });
  for (const warning of warnings) output.note(`warning: ${warning}`);
  if (options.json === true) {
    const { symbol: instrument, interval, rows, firstOpenAt, lastOpenAt, priceBasis, hasVolume, sha256 } = manifest;
    const files = reports.map(({ source, rowsRead, rowsKept, skipped, unordered, roundedPrices, crossedSpreads }) => {
      return { source, rowsRead, rowsKept, skipped, unordered, roundedPrices, crossedSpreads };
    });
    output.json({
      instrument,
      interval,
      rows,
      firstOpenAt,
      lastOpenAt,
      priceBasis,
      hasVolume,
      sha256,
      added,
      changed,
      unchanged,
      files,
    });
    return;
  }
  output.table(['file', 'rows read', 'kept', 'skipped', 'why'], reports.map(reportRow));
  output.line();
  output.line(`${countText(added)} added, ${countText(changed)} changed, ${countText(unchanged)} unchanged`);
  output.line(
    `'${manifest.symbol}' ${manifest.interval} now has ${countText(manifest.rows)} ${manifest.priceBasis} bars from ${timeText(manifest.firstOpenAt)} to ${timeText(manifest.lastOpenAt)} UTC`,
  );
}

function readFiles(files: readonly string[], options: ImportArguments, output: Output): readonly CsvBars[] {
  const progress = output.progress('reading');
  try {
    return files.map((file, place) => {
      progress.update(place, files.length);
      return readFile(file, options);
    });
  } finally {
    progress.end();
  }
}

/** A series is of one side of the book. */
function checkSides(parts: readonly CsvBars[]): void {
  const [first, ...others] = parts;
  const other = others.find(({ columns }) => columns.priceBasis !== first?.columns.priceBasis);
  if (first === undefined || other === undefined) return;
  const [expected, found] = [first, other].map(
    ({ columns, report }) => `${columns.priceBasis} prices of '${report.source}'`,
  );
  throw new UsageError(
    `one side is expected of all files, found ${expected} and ${found}: import them one after another with --basis`,
  );
}

function readFile(file: string, options: ImportArguments): CsvBars {
  const { id, priceDecimals } = fxInstrument(options.instrument);
  const stated = statedBasis(file, options.instrument).basis;
  const priceBasis = options.basis ?? stated;
  const bars = readBars(file, { instrument: id, priceDecimals, intervalMs: intervalMs(options.interval), priceBasis });
  if (options.basis !== undefined && bars.columns.priceBasis !== options.basis) {
    throw new UsageError(
      `'${file}' carries both sides of the book and gives its bid: '--basis ${options.basis}' does not fit`,
    );
  }
  return bars;
}

function reportRow(report: ImportReport): string[] {
  const reasons = skipReasons
    .filter((reason) => report.skipped[reason] > 0)
    .map((reason) => `${report.skipped[reason]} ${reason}`);
  const remarks = [
    ...reasons,
    ...(report.unordered > 0 ? [`${report.unordered} unordered sorted`] : []),
    ...(report.roundedPrices > 0 ? [`${report.roundedPrices} prices rounded`] : []),
    ...(report.crossedSpreads > 0 ? [`${report.crossedSpreads} crossed spreads counted as 0`] : []),
    ...(report.isLastLineOpen ? ['the last line has no end'] : []),
    ...(report.ignoredColumns.length > 0 ? [`columns ignored: ${report.ignoredColumns.join(' ')}`] : []),
  ];
  const { source, rowsRead, rowsKept } = report;
  return [
    basename(source),
    countText(rowsRead),
    countText(rowsKept),
    countText(skippedRows(report)),
    remarks.join(', '),
  ];
}
