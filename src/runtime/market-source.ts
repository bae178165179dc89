import { createHash } from 'node:crypto';
import { basename, resolve } from 'node:path';
import { openMarketData } from '#adapters/bars/open-market-data.ts';
import type { Costs } from '#domain/costs.ts';
import type { Instrument } from '#domain/instrument.ts';
import { type ColumnsFeed, columnsFeed } from '#engine/columns-feed.ts';
import { createSyntheticFeedState, syntheticFeed } from '#sim/synthetic-feed.ts';
import { calendarAround, listedSeries } from './desk-setup.ts';
import type { MarketSource } from './paper-run.ts';
import { RunError } from './run-folder.ts';

const dayMs = 86_400_000;
/** History a desk takes in before it trades: the evaluator's thirty days and a lead. */
export const historyDays = 35;
/** Tuesday 2026-01-13 07:30 UTC, half an hour before London opens: where a synthetic market goes live. */
export const syntheticLiveAt = Date.UTC(2026, 0, 13, 7, 30);
/** Event time that a synthetic market lasts beyond that moment; at three hundred times the clock it is five days. */
const syntheticDays = 1_500;

export interface SyntheticRequest {
  readonly seed: number;
  readonly instruments: readonly Instrument[];
  readonly costs: Costs;
}

/** A source with what its opening had to say. */
export interface DataSource {
  readonly source: MarketSource;
  /** The instruments that have data, in the order asked for. */
  readonly instruments: readonly Instrument[];
  readonly warnings: readonly string[];
}

/**
 * The demonstration market: bars made from a seed, so that a restart sees the same ones. Its edge is planted; it proves plumbing,
 * never profit.
 */
export function syntheticSource({ seed, instruments, costs }: SyntheticRequest): MarketSource {
  const startAt = syntheticLiveAt - historyDays * dayMs;
  const untilAt = syntheticLiveAt + syntheticDays * dayMs;
  const calendar = calendarAround(startAt, untilAt);
  const state = createSyntheticFeedState({ seed, instruments, startAt, calendar, costs }, { quotes: false, untilAt });
  const listed = instruments.map((instrument) => ({ instrument, hasVolume: true, priceBasis: 'bid' as const }));
  const identity = [seed, startAt, syntheticLiveAt, untilAt, calendar.version, costs, instruments];
  const dataHash = createHash('sha256').update(JSON.stringify(identity)).digest('hex');
  return { name: 'synthetic', feed: feedAfter(state), listed, startAt, liveAt: syntheticLiveAt, untilAt, dataHash };
}

/** The loop says which time it has taken in; the market wants the first one it has not. Times are whole milliseconds. */
function feedAfter(state: Parameters<typeof syntheticFeed>[0]): ColumnsFeed {
  const feed = syntheticFeed(state);
  return { peekAt: feed.peekAt, next: feed.next, skipTo: (at) => feed.skipTo(at + 1) };
}

/**
 * Recorded bars of one minute from a folder, the first 35 days as history. Refuses a folder without data for any instrument, or with
 * no more data than the history takes.
 */
export function dataSource(directory: string, instruments: readonly Instrument[]): DataSource {
  const span = { fromAt: 0, untilAt: Number.MAX_SAFE_INTEGER, interval: 'M1' } as const;
  const { series, warnings, dataHash } = openMarketData(directory, instruments, span);
  const startAt = Math.min(...series.map(({ openAt }) => openAt[0] ?? Infinity));
  const untilAt = Math.max(...series.map(({ openAt, length, intervalMs }) => (openAt[length - 1] ?? 0) + intervalMs));
  const liveAt = startAt + historyDays * dayMs;
  if (liveAt >= untilAt) {
    const days = ((untilAt - startAt) / dayMs).toFixed(1);
    throw new RunError(
      `'${directory}' holds ${days} days of bars: expected more than the ${historyDays} of the history`,
    );
  }
  const listed = listedSeries(series, instruments);
  const found = new Set(series.map(({ instrument }) => instrument));
  return {
    source: {
      name: `data:${basename(resolve(directory))}`,
      feed: columnsFeed(series),
      listed,
      startAt,
      liveAt,
      untilAt,
      dataHash,
    },
    instruments: instruments.filter(({ id }) => found.has(id)),
    warnings,
  };
}
