import { basename } from 'node:path';
import { toDecimal } from '#domain/scale.ts';
import { parseCandleJson } from './candle-json.ts';
import { parseCsvBars } from './csv-reader.ts';
import { readDataFile } from './data-file.ts';
import type { ParsedCandle, ParsedCandles } from './parsed-candle.ts';

export interface ReadCandlesOptions {
  /** Reads JSON as the original file reader did; anything else then gives no candle, as it gave none there. */
  readonly parity: boolean;
}

/** Decimals kept of prices in a CSV file, whose instrument is not known here. */
const csvPriceDecimals = 8;

/** The most candles given from one CSV file; longer series belong in columns. */
const candlesMax = 5_000_000;

/**
 * Candles of a JSON or CSV file, plain or gzip, told apart by content: JSON begins with a bracket or brace.
 * A file is read whole: at most 1 GiB, of JSON at most 256 MiB, of CSV at most five million
 * rows, beyond which it is refused. CSV keeps eight decimals of a price, and of a file with both sides gives the bid. Refuses with an `ImportError` where nothing can be read.
 */
export function readCandleFile(path: string, options: ReadCandlesOptions): ParsedCandles {
  const bytes = readDataFile(path);
  const source = basename(path);
  if (options.parity || looksLikeJson(bytes)) return parseCandleJson(bytes, source, options);
  return csvCandles(bytes, source);
}

/** True where the first sign that is no blank or byte order mark opens an array or object. */
function looksLikeJson(bytes: Uint8Array): boolean {
  const blanks = [0x20, 0x09, 0x0a, 0x0d, 0xef, 0xbb, 0xbf];
  const first = bytes.find((byte) => !blanks.includes(byte));
  return first === undefined ? false : first === 0x5b || first === 0x7b;
}

function csvCandles(bytes: Uint8Array, source: string): ParsedCandles {
  const { columns, report } = parseCsvBars(bytes, source, {
    instrument: source,
    priceDecimals: csvPriceDecimals,
    intervalMs: 1,
    rowsMax: candlesMax,
  });
  const price = (column: Float64Array, row: number): number => toDecimal(column[row] ?? Number.NaN, csvPriceDecimals);
  const candles = Array.from(
    { length: columns.length },
    (_, row): ParsedCandle => ({
      openAt: columns.openAt[row] ?? Number.NaN,
      open: price(columns.open, row),
      high: price(columns.high, row),
      low: price(columns.low, row),
      close: price(columns.close, row),
      volume: columns.volume[row] ?? Number.NaN,
    }),
  );
  return { candles, report };
}
