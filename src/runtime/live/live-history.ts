import type { Instrument, InstrumentId } from '#domain/instrument.ts';
import type { HistoryBar, LiveVenuePort } from '#engine/live-port.ts';
import { handle, type Loop } from '#engine/loop.ts';
import type { LiveTurns } from './live-turns.ts';

const minuteMs = 60_000;
/** History is asked for and taken in by spans of this length, so that little of it is held at once. */
const spanMs = 86_400_000;
/** Bars taken between two looks at the outside. */
const sliceBars = 2_000;

export interface HistoryParts {
  readonly venue: Pick<LiveVenuePort, 'bars'>;
  readonly loop: Loop;
  readonly turns: LiveTurns;
  readonly instruments: readonly Instrument[];
  /** Where the history of an instrument begins of which nothing is known, or only what is older. */
  readonly fromAt: number;
  /** Called between slices: makes durable, lets others have their turn, throws where the run must end. */
  rest(): Promise<void>;
  onProgress?(done: number, total: number): void;
}

/**
 * Takes in the bars since the last ones known, in the order of their closes and then of instruments, up to a time or until told to stop.
 * A desk that is cold sees them at their own times with the clock's grid between them, as if it had been there; one that traded before
 * hears of them now, since a decision about the past helps nobody.
 */
export async function takeHistory(parts: HistoryParts, untilAt: number, stop?: AbortSignal): Promise<void> {
  const closedUntil = Math.floor(untilAt / minuteMs) * minuteMs;
  const begunAt = Math.min(closedUntil, ...parts.instruments.map(({ id }) => nextOpenAt(parts, id)));
  for (let fromAt = begunAt; fromAt < closedUntil && stop?.aborted !== true; fromAt += spanMs) {
    const toAt = Math.min(closedUntil, fromAt + spanMs);
    await takeSpan(parts, fromAt, toAt);
    parts.onProgress?.(toAt - begunAt, closedUntil - begunAt);
  }
  if (!parts.loop.engine.state.isWarm && stop?.aborted !== true) tickUntil(parts.loop, closedUntil);
}

async function takeSpan(parts: HistoryParts, fromAt: number, toAt: number): Promise<void> {
  const lists = await Promise.all(
    parts.instruments.map(async (instrument) => {
      const openAt = Math.max(fromAt, nextOpenAt(parts, instrument.id));
      return openAt < toAt ? parts.venue.bars(instrument, openAt, toAt) : [];
    }),
  );
  const bars = lists.flat().sort(byTimeThenInstrument);
  for (let from = 0; from < bars.length; from += sliceBars) {
    for (const bar of bars.slice(from, from + sliceBars)) takeBar(parts, bar);
    await parts.rest();
  }
}

function byTimeThenInstrument(left: HistoryBar, right: HistoryBar): number {
  if (left.openAt !== right.openAt) return left.openAt - right.openAt;
  return left.instrument < right.instrument ? -1 : 1;
}

function takeBar({ loop, turns }: HistoryParts, bar: HistoryBar): void {
  const closedAt = bar.openAt + minuteMs;
  if (loop.engine.state.isWarm) {
    turns.take({ type: 'bar.closed', ...bar });
    return;
  }
  tickUntil(loop, closedAt);
  turns.takeAt({ type: 'bar.closed', ...bar }, closedAt);
}

/** At one instant the tick comes before the bar that closes then. */
function tickUntil(loop: Loop, untilAt: number): void {
  while (loop.nextTickAt <= untilAt) {
    const at = Math.max(loop.nextTickAt, loop.engine.state.at);
    loop.nextTickAt += loop.gridMs;
    handle(loop, { type: 'time.ticked', at });
  }
}

/** The open of the first bar that is not known yet. */
function nextOpenAt({ loop, fromAt }: HistoryParts, id: InstrumentId): number {
  const market = loop.engine.state.markets[id];
  if (market === undefined || market.barCount === 0) return fromAt;
  return Math.max(fromAt, market.lastOpenAt + minuteMs);
}
