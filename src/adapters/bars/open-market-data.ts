import { createHash } from 'node:crypto';
import { existsSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { assert } from '#base/assert.ts';
import type { BarColumns, PriceBasis } from '#domain/bar.ts';
import type { Instrument } from '#domain/instrument.ts';
import { type Interval, intervalMs } from '#domain/interval.ts';
import { seriesFolder } from './bar-manifest.ts';
import { loadBars } from './bar-store.ts';
import { clipBars } from './clip-bars.ts';
import { columnBytes } from './column-file.ts';
import { readCsvBars } from './csv-reader.ts';
import { ImportError } from './import-error.ts';
import { reportNotice } from './import-report.ts';
import { type StatedBasis, statedBasis } from './price-basis.ts';

export interface MarketDataOptions {
  /** First instant wanted, ms UTC. */
  readonly fromAt: number;
  /** First instant no longer wanted. */
  readonly untilAt: number;
  readonly interval: Interval;
  /** The side of CSV prices by symbol, above what the folder states. */
  readonly priceBasis?: Readonly<Record<string, PriceBasis>>;
  /** Puts the columns into shared memory, for worker threads. */
  readonly shared?: boolean;
  /** False leaves the hashes of stored series unchecked. */
  readonly verify?: boolean;
}

export interface MarketData {
  /** Sorted by instrument id; only series with at least one row. */
  readonly series: readonly BarColumns[];
  readonly missing: readonly Instrument[];
  readonly warnings: readonly string[];
  /** SHA-256 over the series in order: identity, kind, length and the bytes of every column. */
  readonly dataHash: string;
}

/**
 * The series of the wanted instruments in a folder: for each a stored series `SYMBOL_M1/`, else `SYMBOL_M1.csv.gz` or `.csv`, in the
 * folder itself or in its folder `fx`. An instrument without rows in the time wanted is missing, with a warning.
 * Refuses with an `ImportError`: no such folder, no instrument with rows, or a file or series that is damaged.
 */
export function openMarketData(
  directory: string,
  instruments: readonly Instrument[],
  options: MarketDataOptions,
): MarketData {
  checkFolder(directory);
  const sorted = instruments.toSorted((a, b) => (a.id < b.id ? -1 : 1));
  assert(new Set(sorted.map(({ id }) => id)).size === sorted.length, 'each instrument is wanted once');
  const series: BarColumns[] = [];
  const missing: Instrument[] = [];
  const warnings: string[] = [];
  for (const instrument of sorted) {
    const bars = openSeries(directory, instrument, options, warnings);
    if (bars === undefined) missing.push(instrument);
    else series.push(bars);
  }
  if (series.length === 0) {
    const wanted = sorted.map(({ symbol }) => symbol).join(', ');
    throw new ImportError(
      'noInstrument',
      `no ${options.interval} data in '${directory}' for any instrument wanted ('${wanted}'). ${warnings.join('. ')}`.trim(),
    );
  }
  return { series, missing, warnings, dataHash: hashSeries(series) };
}

/** SHA-256 over series in the given order: identity, kind, length and the bytes of every column. */
function hashSeries(series: readonly BarColumns[]): string {
  const hash = createHash('sha256');
  for (const bars of series) {
    const { instrument, intervalMs: spacingMs, priceDecimals, priceBasis, hasVolume, length } = bars;
    hash.update(`${JSON.stringify([instrument, spacingMs, priceDecimals, priceBasis, hasVolume, length])}\n`);
    for (const bytes of columnBytes(bars)) hash.update(bytes);
  }
  return hash.digest('hex');
}

function checkFolder(directory: string): void {
  const found = statSync(directory, { throwIfNoEntry: false });
  if (found === undefined)
    throw new ImportError('notFound', `a folder of market data is expected at '${directory}', found none`);
  if (!found.isDirectory())
    throw new ImportError('notFound', `a folder of market data is expected at '${directory}', found a file`);
}

function openSeries(
  directory: string,
  instrument: Instrument,
  options: MarketDataOptions,
  warnings: string[],
): BarColumns | undefined {
  const folders = [directory, join(directory, 'fx')];
  const root = folders.find((folder) =>
    existsSync(join(seriesFolder(folder, instrument.symbol, options.interval), 'manifest.json')),
  );
  if (root !== undefined) return openStored(root, instrument, options, warnings);
  const names = ['.csv.gz', '.csv'].map((ending) => `${instrument.symbol}_${options.interval}${ending}`);
  const path = folders
    .flatMap((folder) => names.map((name) => join(folder, name)))
    .find((candidate) => existsSync(candidate));
  if (path !== undefined) return openCsv(path, instrument, options, warnings);
  warnings.push(
    `'${instrument.symbol}' has no ${options.interval} data in '${directory}' (neither a stored series nor '${names.join("' or '")}')`,
  );
  return undefined;
}

function openStored(
  root: string,
  instrument: Instrument,
  options: MarketDataOptions,
  warnings: string[],
): BarColumns | undefined {
  const { fromAt, untilAt, shared = false, verify = true } = options;
  const bars = loadBars(root, instrument.symbol, options.interval, { fromAt, untilAt, shared, verify });
  if (bars.instrument !== instrument.id || bars.priceDecimals !== instrument.priceDecimals) {
    const expected = `${instrument.id} with ${instrument.priceDecimals} price decimals`;
    throw new ImportError(
      'conflict',
      `the stored '${instrument.symbol}' in '${root}' must be '${expected}', found '${bars.instrument} with ${bars.priceDecimals}'`,
    );
  }
  return withRows(bars, instrument, options, warnings);
}

function openCsv(
  path: string,
  instrument: Instrument,
  options: MarketDataOptions,
  warnings: string[],
): BarColumns | undefined {
  const override = options.priceBasis?.[instrument.symbol];
  const stated: StatedBasis = override === undefined ? statedBasis(path, instrument.symbol) : { basis: override };
  const { columns, report } = readCsvBars(path, {
    instrument: instrument.id,
    priceDecimals: instrument.priceDecimals,
    intervalMs: intervalMs(options.interval),
    priceBasis: stated.basis,
  });
  if (stated.notice !== undefined && columns.priceBasis === stated.basis) warnings.push(stated.notice);
  const notice = reportNotice({ ...report, source: basename(path) });
  if (notice !== undefined) warnings.push(notice);
  return withRows(clipBars(columns, options.fromAt, options.untilAt, options.shared), instrument, options, warnings);
}

function withRows(
  bars: BarColumns,
  instrument: Instrument,
  options: MarketDataOptions,
  warnings: string[],
): BarColumns | undefined {
  if (bars.length > 0) return bars;
  warnings.push(
    `'${instrument.symbol}' has no ${options.interval} bar from ${instantText(options.fromAt)} until ${instantText(options.untilAt)}`,
  );
  return undefined;
}

function instantText(at: number): string {
  return Math.abs(at) <= 8_640_000_000_000_000 ? new Date(at).toISOString() : at < 0 ? 'the beginning' : 'the end';
}
