import { present } from '#base/assert.ts';
import type { BarColumns } from '#domain/bar.ts';

/** What a series is, apart from its rows. */
export type BarSeriesHead = Pick<BarColumns, 'instrument' | 'intervalMs' | 'priceDecimals' | 'priceBasis'>;

type Column = Float64Array<ArrayBuffer>;

/** Rows being gathered, in the order they came. Columns are longer than the rows in them. */
export interface BarBuilder {
  length: number;
  capacity: number;
  /** Rows that came again later, replaced by the later one. */
  duplicates: number;
  /** Rows earlier than the latest one before them. */
  unordered: number;
  latestAt: number;
  openAt: Column;
  open: Column;
  high: Column;
  low: Column;
  close: Column;
  volume: Column;
  spread: Column;
}

const columnNames = ['openAt', 'open', 'high', 'low', 'close', 'volume', 'spread'] as const;

export function createBarBuilder(capacity: number): BarBuilder {
  const column = () => new Float64Array(capacity);
  return {
    length: 0,
    capacity,
    duplicates: 0,
    unordered: 0,
    latestAt: Number.NEGATIVE_INFINITY,
    openAt: column(),
    open: column(),
    high: column(),
    low: column(),
    close: column(),
    volume: column(),
    spread: column(),
  };
}

/**
 * The place of a new row with this time; the caller fills its other figures. A time equal to the last row's takes its place.
 * Call it before reaching for a column, since columns are replaced by wider ones.
 */
export function nextRow(builder: BarBuilder, openAt: number): number {
  const last = builder.length - 1;
  if (openAt > builder.latestAt) builder.latestAt = openAt;
  else if (last >= 0 && builder.openAt[last] === openAt) {
    builder.duplicates += 1;
    return last;
  } else if (openAt < builder.latestAt) builder.unordered += 1;
  if (builder.length === builder.capacity) grow(builder);
  const row = builder.length;
  builder.openAt[row] = openAt;
  builder.length += 1;
  return row;
}

/** The rows as a series: ascending and unique in time, of rows with the same time the one that came last. */
export function finishBars(builder: BarBuilder, head: BarSeriesHead): BarColumns {
  const rows = builder.unordered === 0 ? builder.length : sortRows(builder);
  const take = (column: Column): Column => (rows === column.length ? column : column.slice(0, rows));
  const volume = take(builder.volume);
  return {
    ...head,
    hasVolume: volume.some((value) => value > 0),
    length: rows,
    openAt: take(builder.openAt),
    open: take(builder.open),
    high: take(builder.high),
    low: take(builder.low),
    close: take(builder.close),
    volume,
    spread: take(builder.spread),
  };
}

function grow(builder: BarBuilder): void {
  builder.capacity = Math.max(16, builder.capacity * 2);
  for (const name of columnNames) {
    const wider = new Float64Array(builder.capacity);
    wider.set(builder[name]);
    builder[name] = wider;
  }
}

/** Sorts by time, then by the order rows came in, and keeps the last of each time. Returns the number of rows kept. */
function sortRows(builder: BarBuilder): number {
  const { openAt, length } = builder;
  const at = (row: number): number => present(openAt[row], 'row of a series');
  const order = Uint32Array.from({ length }, (_, row) => row).sort((a, b) => at(a) - at(b) || a - b);
  const kept = order.filter((row, place) => {
    const following = order[place + 1];
    return following === undefined || at(following) !== at(row);
  });
  builder.duplicates += length - kept.length;
  for (const name of columnNames) {
    const column = builder[name];
    builder[name] = Float64Array.from(kept, (row) => present(column[row], 'row of a series'));
  }
  return kept.length;
}
