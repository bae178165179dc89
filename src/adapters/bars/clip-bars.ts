import type { BarColumns } from '#domain/bar.ts';
import { allocateColumns, columnNames } from './column-file.ts';

/**
 * The rows with `fromAt ≤ openAt < untilAt`, copied, and into memory shared between threads where asked. The series itself where
 * that is all of it and no sharing is asked.
 */
export function clipBars(columns: BarColumns, fromAt: number, untilAt: number, shared = false): BarColumns {
  const first = firstRowFrom(columns.openAt, fromAt);
  const end = Math.max(first, firstRowFrom(columns.openAt, untilAt));
  if (!shared && first === 0 && end === columns.length) return columns;
  const clipped = allocateColumns(seriesHead(columns), end - first, shared);
  for (const name of columnNames) clipped[name].set(columns[name].subarray(first, end));
  return clipped;
}

/** What a series is, apart from its rows. */
export function seriesHead(columns: BarColumns) {
  const { instrument, intervalMs, priceDecimals, priceBasis, hasVolume } = columns;
  return { instrument, intervalMs, priceDecimals, priceBasis, hasVolume };
}

/** The first row at or after an instant; the number of rows where there is none. */
function firstRowFrom(openAt: Float64Array, at: number): number {
  let low = 0;
  let high = openAt.length;
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if ((openAt[middle] ?? 0) < at) low = middle + 1;
    else high = middle;
  }
  return low;
}
