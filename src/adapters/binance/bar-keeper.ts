import type { HistoryBar } from '#engine/live-port.ts';
import { minuteMs } from './market-mapper.ts';

/** Bars that are remembered to know a revision by, and bars that may wait for a gap before them to be filled. */
export const toldBarsMax = 240;
export const waitingBarsMax = 1_440;

/** What one instrument's bars have been told up to. */
export interface BarKeeper {
  /** Undefined until the first bar. */
  lastOpenAt: number | undefined;
  /** What was told of each minute. */
  readonly told: Map<number, string>;
  /** Bars beyond a gap, by their minute. */
  readonly waiting: Map<number, HistoryBar>;
}

export function barKeeper(): BarKeeper {
  return { lastOpenAt: undefined, told: new Map(), waiting: new Map() };
}

export type BarVerdict =
  | { readonly type: 'told'; readonly bars: readonly HistoryBar[] }
  | { readonly type: 'repeated' }
  | { readonly type: 'revised' }
  /** Minutes are missing from one open time up to another. */
  | { readonly type: 'gap'; readonly fromAt: number; readonly untilAt: number };

/** Takes a closed bar in: each minute is told once and in order, one beyond a gap waits until the gap has been asked for. */
export function takeBar(keeper: BarKeeper, bar: HistoryBar): BarVerdict {
  const before = keeper.told.get(bar.openAt);
  if (before !== undefined) return before === contentOf(bar) ? { type: 'repeated' } : { type: 'revised' };
  const { lastOpenAt } = keeper;
  if (lastOpenAt !== undefined && bar.openAt <= lastOpenAt) return { type: 'repeated' };
  if (lastOpenAt !== undefined && bar.openAt > lastOpenAt + minuteMs) {
    if (keeper.waiting.size < waitingBarsMax) keeper.waiting.set(bar.openAt, bar);
    return { type: 'gap', fromAt: lastOpenAt + minuteMs, untilAt: bar.openAt };
  }
  return { type: 'told', bars: [tellBar(keeper, bar), ...drain(keeper, false)] };
}

/** Takes in what the venue's history has of a gap, and lets go what waited; minutes that it does not have stay a gap. */
export function fillGap(keeper: BarKeeper, history: readonly HistoryBar[]): readonly HistoryBar[] {
  for (const bar of history) {
    if (!isPast(keeper, bar.openAt)) keeper.waiting.set(bar.openAt, bar);
  }
  return drain(keeper, true);
}

/** What was read before anything streamed counts as told. */
export function noteHistory(keeper: BarKeeper, history: readonly HistoryBar[]): void {
  for (const bar of history) {
    if (!isPast(keeper, bar.openAt)) tellBar(keeper, bar);
  }
}

function drain(keeper: BarKeeper, acrossGaps: boolean): HistoryBar[] {
  const bars: HistoryBar[] = [];
  for (const bar of [...keeper.waiting.values()].sort((a, b) => a.openAt - b.openAt)) {
    const isNext = keeper.lastOpenAt === undefined || bar.openAt === keeper.lastOpenAt + minuteMs;
    if (!acrossGaps && !isNext && !isPast(keeper, bar.openAt)) break;
    keeper.waiting.delete(bar.openAt);
    if (!isPast(keeper, bar.openAt)) bars.push(tellBar(keeper, bar));
  }
  return bars;
}

function isPast({ lastOpenAt }: BarKeeper, openAt: number): boolean {
  return lastOpenAt !== undefined && openAt <= lastOpenAt;
}

function tellBar(keeper: BarKeeper, bar: HistoryBar): HistoryBar {
  keeper.lastOpenAt = bar.openAt;
  keeper.told.set(bar.openAt, contentOf(bar));
  const oldest = keeper.told.size > toldBarsMax ? keeper.told.keys().next().value : undefined;
  if (oldest !== undefined) keeper.told.delete(oldest);
  return bar;
}

function contentOf({ open, high, low, close, volume }: HistoryBar): string {
  return `${open} ${high} ${low} ${close} ${volume}`;
}
