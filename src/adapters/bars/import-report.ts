/**
 * Why a row was left out:
 * - `malformed`: a field is absent, not a number, or a price beyond what an integer holds
 * - `truncatedLine`: fewer fields than the header has
 * - `timeNotMilliseconds`: a time below 100 000 000 000, which would be seconds
 * - `offGrid`: the time is no multiple of the interval
 * - `nonPositivePrice`, `negativeVolume`
 * - `ohlcViolation`: high below low, or open or close outside of them
 * - `duplicate`: a later complete row has the same time
 * - `incomplete`: the source marks the candle as still forming
 */
export type SkipReason =
  | 'malformed'
  | 'truncatedLine'
  | 'timeNotMilliseconds'
  | 'offGrid'
  | 'nonPositivePrice'
  | 'negativeVolume'
  | 'ohlcViolation'
  | 'duplicate'
  | 'incomplete';

export const skipReasons: readonly SkipReason[] = [
  'malformed',
  'truncatedLine',
  'timeNotMilliseconds',
  'offGrid',
  'nonPositivePrice',
  'negativeVolume',
  'ohlcViolation',
  'duplicate',
  'incomplete',
];

/** What an import took and left. Always: rows read = rows kept + the sum of rows skipped. */
export interface ImportReport {
  /** The file as the caller named it. */
  readonly source: string;
  rowsRead: number;
  rowsKept: number;
  readonly skipped: Record<SkipReason, number>;
  /** Complete rows earlier than one before them. They are kept, in their place. */
  unordered: number;
  /** Complete rows whose ask closed below their bid; their spread is counted as 0. */
  crossedSpreads: number;
  /** Prices of complete rows with more decimals than the instrument declares; rounded half away from zero. */
  roundedPrices: number;
  /** The last line has no line end. It is read as it stands, since a cut inside its last field cannot be told. */
  isLastLineOpen: boolean;
  /** Columns of the header that no bar needs. */
  ignoredColumns: readonly string[];
}

export function emptyReport(source: string): ImportReport {
  return {
    source,
    rowsRead: 0,
    rowsKept: 0,
    skipped: {
      malformed: 0,
      truncatedLine: 0,
      timeNotMilliseconds: 0,
      offGrid: 0,
      nonPositivePrice: 0,
      negativeVolume: 0,
      ohlcViolation: 0,
      duplicate: 0,
      incomplete: 0,
    },
    unordered: 0,
    crossedSpreads: 0,
    roundedPrices: 0,
    isLastLineOpen: false,
    ignoredColumns: [],
  };
}

/** The number of rows left out for any reason. */
export function skippedRows(report: ImportReport): number {
  return skipReasons.reduce((sum, reason) => sum + report.skipped[reason], 0);
}

/** One sentence on everything unusual in an import; undefined where every row was taken as it stood. */
export function reportNotice(report: ImportReport): string | undefined {
  const parts = skipReasons
    .filter((reason) => report.skipped[reason] > 0)
    .map((reason) => `${report.skipped[reason]} ${reason} skipped`);
  if (report.unordered > 0) parts.push(`${report.unordered} unordered sorted`);
  if (report.crossedSpreads > 0) parts.push(`${report.crossedSpreads} crossed spreads counted as 0`);
  if (report.roundedPrices > 0) parts.push(`${report.roundedPrices} prices rounded`);
  return parts.length === 0 ? undefined : `'${report.source}': of ${report.rowsRead} rows, ${parts.join(', ')}`;
}
