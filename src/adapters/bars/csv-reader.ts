import type { BarColumns, PriceBasis } from '#domain/bar.ts';
import { type BarBuilder, createBarBuilder, finishBars, nextRow } from './bar-builder.ts';
import { type CsvLayout, csvLayout } from './csv-layout.ts';
import { readDataFile } from './data-file.ts';
import { ImportError } from './import-error.ts';
import { emptyReport, type ImportReport, type SkipReason } from './import-report.ts';
import { parseIsoTime } from './iso-time.ts';
import { parseDouble, parseScaled, type Scaling } from './scaled-decimal.ts';

/** What the rows of a file belong to. `intervalMs` is also the grid that times must lie on; 1 accepts every time. */
export interface CsvOptions {
  readonly instrument: string;
  readonly priceDecimals: number;
  readonly intervalMs: number;
  /** The side of a file with one price a figure; 'bid' unless told. A file with both sides always gives its bid. */
  readonly priceBasis?: PriceBasis;
  /** The most rows taken from one file, beyond which it is refused; twenty million unless told. */
  readonly rowsMax?: number;
}

export interface CsvBars {
  readonly columns: BarColumns;
  readonly report: ImportReport;
}

const rowsMaxDefault = 20_000_000;

/** Epoch milliseconds below this (March 1973) are taken for seconds and refused. */
export const earliestEpochMs = 100_000_000_000;
const latestEpochMs = 253_402_300_799_999;
const headerBytesMax = 65_536;

/**
 * Bars of a CSV file, plain or gzip, with the header `time,open,high,low,close,volume` or
 * `time,bid_open..bid_close,ask_open..ask_close` in any order. Of a file with both sides the bid is the series, and its spread is
 * ask close minus bid close in ticks; a crossed close is counted and its spread taken as 0, which errs toward cheap trading.
 * Times are epoch milliseconds or ISO; bad rows are skipped and counted; a file that cannot be read as a whole is an `ImportError`.
 */
export function readCsvBars(path: string, options: CsvOptions): CsvBars {
  return parseCsvBars(readDataFile(path), path, options);
}

/** The same from bytes already decompressed; `source` names them in errors and in the report. */
export function parseCsvBars(bytes: Uint8Array, source: string, options: CsvOptions): CsvBars {
  const headerEnd = endOfLine(bytes, 0, headerBytesMax);
  const layout = readHeader(bytes, headerEnd, source);
  const report = emptyReport(source);
  report.ignoredColumns = layout.ignoredColumns;
  report.isLastLineOpen = bytes[bytes.length - 1] !== 0x0a;
  const builder = readRows(bytes, createRow(layout, options, headerEnd + 1), report);
  const columns = finishBars(builder, {
    instrument: options.instrument,
    intervalMs: options.intervalMs,
    priceDecimals: options.priceDecimals,
    priceBasis: layout.hasAsk ? 'bid' : (options.priceBasis ?? 'bid'),
  });
  report.skipped.duplicate = builder.duplicates;
  report.unordered = builder.unordered;
  report.rowsKept = columns.length;
  refuseSeconds(report);
  return { columns, report };
}

function readHeader(bytes: Uint8Array, end: number, source: string): CsvLayout {
  if (bytes.length === 0) throw new ImportError('empty', `'${source}' is empty; a header line is expected`);
  return csvLayout(new TextDecoder().decode(bytes.subarray(0, end)).trimEnd(), source);
}

function endOfLine(bytes: Uint8Array, start: number, bytesMax: number): number {
  const end = Math.min(bytes.length, start + bytesMax);
  for (let at = start; at < end; at += 1) if (bytes[at] === 0x0a) return at;
  return end;
}

/** A file of seconds keeps no row at all; naming the cause serves better than an empty series. */
function refuseSeconds(report: ImportReport): void {
  if (report.rowsKept > 0 || report.skipped.timeNotMilliseconds === 0) return;
  throw new ImportError(
    'timeUnit',
    `'${report.source}': times are expected in epoch milliseconds or ISO, found numbers below ${earliestEpochMs}, as seconds are`,
    report.rowsRead,
  );
}

/** How lines are read, the fields of the current one, and its figures; used again for every line. */
interface Row extends Scaling {
  readonly layout: CsvLayout;
  readonly gridMs: number;
  readonly rowsMax: number;
  start: number;
  next: number;
  fieldCount: number;
  readonly ends: Int32Array;
  time: number;
  volume: number;
  readonly series: Float64Array;
  readonly ask: Float64Array;
}

function createRow(layout: CsvLayout, options: CsvOptions, start: number): Row {
  return {
    layout,
    gridMs: options.intervalMs,
    rowsMax: options.rowsMax ?? rowsMaxDefault,
    decimals: options.priceDecimals,
    rounded: 0,
    start,
    next: start,
    fieldCount: 0,
    ends: new Int32Array(layout.columnCount),
    time: 0,
    volume: 0,
    series: new Float64Array(4),
    ask: new Float64Array(4),
  };
}

function readRows(bytes: Uint8Array, row: Row, report: ImportReport): BarBuilder {
  const builder = createBarBuilder(Math.min(estimatedRows(bytes, row.next), row.rowsMax));
  while (row.next < bytes.length) {
    splitLine(bytes, row);
    if (row.fieldCount === 0) continue;
    report.rowsRead += 1;
    const reason = readRow(bytes, row);
    if (reason === undefined) keepRow(builder, row, report);
    else report.skipped[reason] += 1;
  }
  return builder;
}

/** A little more than the rows a file holds when all are as long as the first. */
function estimatedRows(bytes: Uint8Array, start: number): number {
  const lineBytes = Math.max(12, endOfLine(bytes, start, 4096) - start);
  return Math.ceil(((bytes.length - start) / lineBytes) * 1.02) + 1;
}

/** Finds the ends of the fields of the next line; a blank line has no fields. */
function splitLine(bytes: Uint8Array, row: Row): void {
  const { ends } = row;
  const start = row.next;
  let fields = 0;
  let at = start;
  for (; at < bytes.length; at += 1) {
    const byte = bytes[at];
    if (byte === 0x0a) break;
    if (byte !== 0x2c) continue;
    if (fields < ends.length) ends[fields] = at;
    fields += 1;
  }
  const end = at > start && bytes[at - 1] === 0x0d ? at - 1 : at;
  if (fields < ends.length) ends[fields] = end;
  row.fieldCount = fields === 0 && end === start ? 0 : fields + 1;
  row.start = start;
  row.next = at + 1;
}

/** Reads the figures of a line into the row; the reason where it is no bar. */
function readRow(bytes: Uint8Array, row: Row): SkipReason | undefined {
  const { layout } = row;
  if (row.fieldCount < layout.columnCount) return 'truncatedLine';
  if (row.fieldCount > layout.columnCount) return 'malformed';
  row.rounded = 0;
  row.time = readTime(bytes, fieldStart(row, layout.time), fieldEnd(row, layout.time));
  if (Number.isNaN(row.time)) return 'malformed';
  if (row.time < 0) return 'timeNotMilliseconds';
  row.volume = layout.volume < 0 ? 0 : parseDouble(bytes, fieldStart(row, layout.volume), fieldEnd(row, layout.volume));
  if (Number.isNaN(row.volume)) return 'malformed';
  readPrices(bytes, row, layout.series, row.series);
  if (layout.hasAsk) readPrices(bytes, row, layout.ask, row.ask);
  const isMalformed = !isComplete(row.series) || (layout.hasAsk && !isComplete(row.ask));
  if (isMalformed) return 'malformed';
  if (row.time % row.gridMs !== 0) return 'offGrid';
  if (row.volume < 0) return 'negativeVolume';
  return priceFault(row.series) ?? (layout.hasAsk ? priceFault(row.ask) : undefined);
}

function readPrices(bytes: Uint8Array, row: Row, columns: readonly number[], prices: Float64Array): void {
  for (let place = 0; place < 4; place += 1) {
    const column = columns[place] ?? 0;
    prices[place] = parseScaled(bytes, fieldStart(row, column), fieldEnd(row, column), row);
  }
}

function isComplete(prices: Float64Array): boolean {
  for (let place = 0; place < 4; place += 1) if (Number.isNaN(prices[place])) return false;
  return true;
}

function priceFault(prices: Float64Array): SkipReason | undefined {
  const open = prices[0] ?? 0;
  const high = prices[1] ?? 0;
  const low = prices[2] ?? 0;
  const close = prices[3] ?? 0;
  if (open <= 0 || high <= 0 || low <= 0 || close <= 0) return 'nonPositivePrice';
  return high < low || open > high || open < low || close > high || close < low ? 'ohlcViolation' : undefined;
}

/** A time in ms UTC: NaN where the field is none, -1 where its digits are too few for milliseconds. */
function readTime(bytes: Uint8Array, start: number, end: number): number {
  let value = 0;
  for (let at = start; at < end; at += 1) {
    const digit = (bytes[at] ?? 0) - 0x30;
    if (digit < 0 || digit > 9) return parseIsoTime(bytes, start, end);
    value = value * 10 + digit;
  }
  if (start === end || value > latestEpochMs) return Number.NaN;
  return value < earliestEpochMs ? -1 : value;
}

function keepRow(builder: BarBuilder, row: Row, report: ImportReport): void {
  if (builder.length >= row.rowsMax) {
    throw new ImportError(
      'tooLarge',
      `'${report.source}' has more than the ${row.rowsMax} rows that are read at most`,
      builder.length,
    );
  }
  const { series } = row;
  const at = nextRow(builder, row.time);
  const close = series[3] ?? 0;
  const spread = row.layout.hasAsk ? (row.ask[3] ?? 0) - close : 0;
  if (spread < 0) report.crossedSpreads += 1;
  report.roundedPrices += row.rounded;
  builder.open[at] = series[0] ?? 0;
  builder.high[at] = series[1] ?? 0;
  builder.low[at] = series[2] ?? 0;
  builder.close[at] = close;
  builder.volume[at] = row.volume;
  builder.spread[at] = Math.max(0, spread);
}

function fieldStart(row: Row, column: number): number {
  return column === 0 ? row.start : (row.ends[column - 1] ?? 0) + 1;
}

function fieldEnd(row: Row, column: number): number {
  return row.ends[column] ?? 0;
}
