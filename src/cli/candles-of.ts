import type { BarColumns } from '#domain/bar.ts';
import { toDecimal } from '#domain/scale.ts';
import type { Candle } from '#metrics/candle.ts';

/** The bars of a series as candles with decimal prices, as metrics read them. */
export function candlesOf(columns: BarColumns): Candle[] {
  const price = (column: Float64Array, row: number): number => toDecimal(column[row] ?? 0, columns.priceDecimals);
  return Array.from({ length: columns.length }, (_, row) => ({
    openAt: columns.openAt[row] ?? 0,
    open: price(columns.open, row),
    high: price(columns.high, row),
    low: price(columns.low, row),
    close: price(columns.close, row),
    volume: columns.volume[row] ?? 0,
  }));
}
