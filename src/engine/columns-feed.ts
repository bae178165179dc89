import type { BarColumns } from '#domain/bar.ts';
import type { FeedPort, MarketEvent } from './ports.ts';

/** A feed over recorded bars that can be moved forward without telling what it passes. */
export interface ColumnsFeed extends FeedPort {
  /** Drops every bar that closed at or before a time. */
  skipTo(at: number): void;
}

/**
 * Recorded bars as a feed: each bar is told at its close, bars of one instant in ascending order of instrument id, whatever
 * order the series are given in.
 */
export function columnsFeed(series: readonly BarColumns[]): ColumnsFeed {
  const ordered = series.slice().sort((left, right) => (left.instrument < right.instrument ? -1 : 1));
  const positions = new Int32Array(ordered.length);
  const nextCloses = new Float64Array(ordered.length);
  for (let index = 0; index < ordered.length; index += 1) nextCloses[index] = closeAt(ordered[index], 0);
  const earliest = (): number => {
    let best = 0;
    for (let index = 1; index < nextCloses.length; index += 1) {
      if ((nextCloses[index] ?? Infinity) < (nextCloses[best] ?? Infinity)) best = index;
    }
    return best;
  };
  const advance = (index: number): void => {
    const position = (positions[index] ?? 0) + 1;
    positions[index] = position;
    nextCloses[index] = closeAt(ordered[index], position);
  };
  return {
    peekAt: () => nextCloses[earliest()] ?? Infinity,
    next: () => {
      const index = earliest();
      const columns = ordered[index];
      const position = positions[index] ?? 0;
      if (columns === undefined || position >= columns.length) return undefined;
      advance(index);
      return barEvent(columns, position);
    },
    skipTo: (at) => {
      for (let index = 0; index < ordered.length; index += 1) {
        while ((nextCloses[index] ?? Infinity) <= at) advance(index);
      }
    },
  };
}

function closeAt(columns: BarColumns | undefined, position: number): number {
  if (columns === undefined || position >= columns.length) return Infinity;
  return (columns.openAt[position] ?? Infinity) + columns.intervalMs;
}

function barEvent(columns: BarColumns, position: number): MarketEvent {
  const openAt = columns.openAt[position] ?? 0;
  return {
    type: 'bar.closed',
    at: openAt + columns.intervalMs,
    instrument: columns.instrument,
    openAt,
    open: columns.open[position] ?? 0,
    high: columns.high[position] ?? 0,
    low: columns.low[position] ?? 0,
    close: columns.close[position] ?? 0,
    volume: columns.volume[position] ?? 0,
    spread: columns.spread[position] ?? 0,
  };
}
