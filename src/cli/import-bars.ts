import { createBarBuilder, finishBars, nextRow } from '#adapters/bars/bar-builder.ts';
import { parseCandleJson } from '#adapters/bars/candle-json.ts';
import { type CsvBars, type CsvOptions, parseCsvBars } from '#adapters/bars/csv-reader.ts';
import { readDataFile } from '#adapters/bars/data-file.ts';
import type { SkipReason } from '#adapters/bars/import-report.ts';
import type { ParsedCandles } from '#adapters/bars/parsed-candle.ts';
import { parseScaledText } from '#adapters/bars/scaled-decimal.ts';

const blanks = [0x20, 0x09, 0x0a, 0x0d, 0xef, 0xbb, 0xbf];
const prices = ['open', 'high', 'low', 'close'] as const;

/**
 * Bars of a CSV or JSON file, plain or gzip, told apart by content: JSON begins with a bracket or brace. Rows that are no
 * bars of the instrument are counted in the report. Refuses with an `ImportError` what cannot be read as a whole.
 */
export function readBars(path: string, options: CsvOptions): CsvBars {
  const bytes = readDataFile(path);
  const first = bytes.find((byte) => !blanks.includes(byte));
  if (first !== 0x5b && first !== 0x7b) return parseCsvBars(bytes, path, options);
  return barsOf(parseCandleJson(bytes, path, { parity: false }), options);
}

/** Candles with decimal prices as bars in ticks; a candle off the grid of the interval is left out. */
function barsOf({ candles, report }: ParsedCandles, options: CsvOptions): CsvBars {
  const { priceDecimals, intervalMs, instrument, priceBasis = 'bid' } = options;
  const builder = createBarBuilder(candles.length);
  const scaling = { decimals: priceDecimals, rounded: 0 };
  for (const candle of candles) {
    scaling.rounded = 0;
    // The text of a number is what the file says; the number itself is already a little beside it.
    const ticks = prices.map((name) => parseScaledText(String(candle[name]), scaling));
    const fault = faultOf(candle.openAt % intervalMs === 0, ticks);
    if (fault !== undefined) {
      report.skipped[fault] += 1;
      report.rowsKept -= 1;
      continue;
    }
    report.roundedPrices += scaling.rounded;
    const row = nextRow(builder, candle.openAt);
    for (const [place, name] of prices.entries()) builder[name][row] = ticks[place] ?? 0;
    builder.volume[row] = candle.volume;
  }
  return { columns: finishBars(builder, { instrument, intervalMs, priceDecimals, priceBasis }), report };
}

/** Why a candle is no bar of the instrument: a price may be too large for ticks, or round to none at all. */
function faultOf(isOnGrid: boolean, ticks: readonly number[]): SkipReason | undefined {
  if (!isOnGrid) return 'offGrid';
  if (ticks.some(Number.isNaN)) return 'malformed';
  return ticks.some((price) => price <= 0) ? 'nonPositivePrice' : undefined;
}
