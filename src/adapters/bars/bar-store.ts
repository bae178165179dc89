import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { assert } from '#base/assert.ts';
import type { BarColumns } from '#domain/bar.ts';
import { type Interval, intervalMs, intervalOfMs, parseInterval } from '#domain/interval.ts';
import { writeFileAtomically } from './atomic-file.ts';
import { type BarManifest, type ImportSource, readBarManifest, seriesFolder, sourcesMax } from './bar-manifest.ts';
import { allocateColumns, columnBytes, readColumnFile } from './column-file.ts';
import { ImportError } from './import-error.ts';
import type { ImportReport } from './import-report.ts';
import { mergeBars } from './merge-bars.ts';

export interface WriteBarsMeta {
  /** The spelling that names the folder: `EUR_USD`. */
  readonly symbol: string;
  /** The imports the rows came from. */
  readonly sources: readonly ImportReport[];
}

export interface WriteBarsResult {
  readonly manifest: BarManifest;
  readonly added: number;
  readonly changed: number;
  readonly unchanged: number;
  readonly warnings: readonly string[];
}

export interface LoadBarsOptions {
  /** First instant wanted; all from the beginning unless told. */
  readonly fromAt?: number;
  /** First instant no longer wanted; all to the end unless told. */
  readonly untilAt?: number;
  /** Puts the columns into one `SharedArrayBuffer`, for worker threads. */
  readonly shared?: boolean;
  /** False leaves the hash of the column file unchecked; its size is always checked. */
  readonly verify?: boolean;
}

/**
 * Writes rows into `<root>/<SYMBOL>_<INTERVAL>/`, merged with those already there: new rows win. The manifest is the last file
 * replaced and names the column file of its revision, so a crash leaves the old series or the new. One process writes a store at
 * a time. Refuses with an `ImportError`: no rows, an odd symbol, or rows of another instrument, price scale or side than stored.
 */
export function writeBars(root: string, columns: BarColumns, meta: WriteBarsMeta): WriteBarsResult {
  const interval = intervalOfMs(columns.intervalMs);
  assert(interval !== undefined, `no interval has ${columns.intervalMs} ms`);
  if (columns.length === 0) throw new ImportError('empty', `a series of '${meta.symbol}' has no rows to store`);
  const folder = seriesFolder(root, meta.symbol, interval);
  const stored = readBarManifest(folder);
  if (stored !== undefined) checkSameSeries(stored, columns, folder);
  const before = stored === undefined ? allocateColumns(columns, 0, false) : loadBars(root, meta.symbol, interval);
  const { columns: rows, ...counts } = mergeBars(before, columns);
  const manifest = manifestOf(rows, interval, meta, stored);
  mkdirSync(folder, { recursive: true });
  writeFileAtomically(join(folder, manifest.columnFile), columnBytes(rows));
  writeFileAtomically(join(folder, 'manifest.json'), [
    new TextEncoder().encode(`${JSON.stringify(manifest, undefined, 2)}\n`),
  ]);
  dropOldColumns(folder, manifest.revision);
  return { manifest, ...counts, warnings: volumeWarnings(stored, columns) };
}

/**
 * The stored rows with `fromAt ≤ openAt < untilAt`. Refuses with an `ImportError`: no such series (naming those there are), a
 * damaged manifest, a column file of another size or, unless `verify` is false, another hash.
 */
export function loadBars(root: string, symbol: string, interval: Interval, options: LoadBarsOptions = {}): BarColumns {
  const folder = seriesFolder(root, symbol, interval);
  const manifest = readBarManifest(folder);
  if (manifest === undefined)
    throw new ImportError('notFound', `no series '${symbol}' of ${interval} in '${root}'; it has ${storedNames(root)}`);
  if (manifest.symbol !== symbol || manifest.interval !== interval) {
    throw new ImportError(
      'manifest',
      `'${folder}' must hold '${symbol}' of ${interval}, found '${manifest.symbol}' of ${manifest.interval}`,
    );
  }
  const {
    fromAt = Number.NEGATIVE_INFINITY,
    untilAt = Number.POSITIVE_INFINITY,
    shared = false,
    verify = true,
  } = options;
  const head = {
    instrument: manifest.instrumentId,
    intervalMs: intervalMs(interval),
    priceDecimals: manifest.priceDecimals,
    priceBasis: manifest.priceBasis,
    hasVolume: manifest.hasVolume,
  };
  const range = { rows: manifest.rows, fromAt, untilAt, sha256: verify ? manifest.sha256 : undefined };
  return readColumnFile(join(folder, manifest.columnFile), range, (rows) => allocateColumns(head, rows, shared));
}

/** The manifests of all series of a store, sorted by symbol and interval; refuses a folder that is not there. */
export function listSeries(root: string): BarManifest[] {
  return seriesFolderNames(root)
    .map((name) => readBarManifest(join(root, name)))
    .filter((manifest) => manifest !== undefined);
}

function seriesFolderNames(root: string): string[] {
  try {
    return readdirSync(root, { withFileTypes: true })
      .filter(
        (entry) =>
          entry.isDirectory() && parseInterval(entry.name.slice(entry.name.lastIndexOf('_') + 1)) !== undefined,
      )
      .map((entry) => entry.name)
      .sort();
  } catch (error) {
    throw new ImportError(
      'notFound',
      `a bar store is expected at '${root}': ${error instanceof Error ? error.message : 'unknown error'}`,
    );
  }
}

function storedNames(root: string): string {
  const names = seriesFolderNames(root);
  return names.length === 0
    ? 'no series'
    : names
        .slice(0, 20)
        .map((name) => `'${name}'`)
        .join(', ');
}

function checkSameSeries(stored: BarManifest, columns: BarColumns, folder: string): void {
  const expected = `${stored.instrumentId}, ${stored.priceDecimals} price decimals, ${stored.priceBasis}`;
  const found = `${columns.instrument}, ${columns.priceDecimals} price decimals, ${columns.priceBasis}`;
  if (expected !== found)
    throw new ImportError('conflict', `'${folder}' holds '${expected}', found rows of '${found}'`);
}

function manifestOf(
  rows: BarColumns,
  interval: Interval,
  meta: WriteBarsMeta,
  stored: BarManifest | undefined,
): BarManifest {
  const revision = (stored?.revision ?? 0) + 1;
  const hash = createHash('sha256');
  for (const bytes of columnBytes(rows)) hash.update(bytes);
  return {
    formatVersion: 1,
    instrumentId: rows.instrument,
    symbol: meta.symbol,
    interval,
    revision,
    rows: rows.length,
    firstOpenAt: rows.openAt[0] ?? 0,
    lastOpenAt: rows.openAt[rows.length - 1] ?? 0,
    priceDecimals: rows.priceDecimals,
    priceBasis: rows.priceBasis,
    hasVolume: rows.hasVolume,
    columnFile: `columns-${revision}.f64`,
    sha256: hash.digest('hex'),
    sources: [...(stored?.sources ?? []), ...meta.sources.map(importSource)].slice(-sourcesMax),
  };
}

function importSource(report: ImportReport): ImportSource {
  const { source, rowsRead, rowsKept, skipped, unordered, crossedSpreads, roundedPrices } = report;
  return { file: source, rowsRead, rowsKept, skipped: { ...skipped }, unordered, crossedSpreads, roundedPrices };
}

function volumeWarnings(stored: BarManifest | undefined, columns: BarColumns): string[] {
  if (stored === undefined || stored.hasVolume === columns.hasVolume) return [];
  const [has, lacks] = stored.hasVolume ? ['stored', 'new'] : ['new', 'stored'];
  return [
    `'${stored.symbol}': the ${has} rows carry volume and the ${lacks} rows carry none; do not calibrate over both`,
  ];
}

/** The column file before the current one stays, for a reader that is just opening it. */
function dropOldColumns(folder: string, revision: number): void {
  for (const name of readdirSync(folder)) {
    const found = /^columns-(\d+)\.f64$/.exec(name);
    if (found !== null && Number(found[1]) < revision - 1) rmSync(join(folder, name), { force: true });
  }
}
