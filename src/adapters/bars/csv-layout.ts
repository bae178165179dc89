import { ImportError } from './import-error.ts';

const plainColumns = ['time', 'open', 'high', 'low', 'close', 'volume'];
const quotedColumns = [
  'time',
  'bid_open',
  'bid_high',
  'bid_low',
  'bid_close',
  'ask_open',
  'ask_high',
  'ask_low',
  'ask_close',
];
const columnsMax = 64;

/** Which column of a file holds which figure. */
export interface CsvLayout {
  readonly columnCount: number;
  /** True where the file carries both sides of the book. */
  readonly hasAsk: boolean;
  /** Column of the time, then of open, high, low, close, then of volume; -1 where the file has no volume. */
  readonly time: number;
  readonly series: readonly number[];
  readonly volume: number;
  /** Columns of the ask's open, high, low, close; empty without an ask. */
  readonly ask: readonly number[];
  readonly ignoredColumns: readonly string[];
}

/**
 * Reads a header line. The order of columns is free, capitals and quotes do not matter, columns that no bar needs are ignored.
 * A missing or doubled column is refused with what was expected and found.
 */
export function csvLayout(header: string, source: string): CsvLayout {
  const found = header
    .replace(/^\uFEFF/, '')
    .split(',', columnsMax + 1)
    .map((name) =>
      name
        .trim()
        .replace(/^"(.*)"$/, '$1')
        .toLowerCase(),
    );
  if (found.length > columnsMax)
    throw new ImportError('header', `'${source}': at most ${columnsMax} columns are read, found more`);
  const hasAsk = found.some((name) => name.startsWith('bid_') || name.startsWith('ask_'));
  const expected = hasAsk ? quotedColumns : plainColumns;
  checkColumns(expected, found, source);
  const columns = expected.map((name) => found.indexOf(name));
  const known = new Set([...expected, 'volume']);
  return {
    columnCount: found.length,
    hasAsk,
    time: columns[0] ?? -1,
    series: columns.slice(1, 5),
    ask: hasAsk ? columns.slice(5) : [],
    volume: found.indexOf('volume'),
    ignoredColumns: found.filter((name) => !known.has(name)),
  };
}

function checkColumns(expected: readonly string[], found: readonly string[], source: string): void {
  const missing = expected.filter((name) => !found.includes(name));
  const shown = found.join(',').slice(0, 200);
  if (missing.length > 0) {
    throw new ImportError(
      'header',
      `'${source}': the header must have '${expected.join(',')}', found '${shown}', missing '${missing.join(',')}'`,
    );
  }
  const doubled = [...expected, 'volume'].find((name) => found.indexOf(name) !== found.lastIndexOf(name));
  if (doubled !== undefined)
    throw new ImportError(
      'header',
      `'${source}': each column is expected once, found '${doubled}' twice in '${shown}'`,
    );
}
