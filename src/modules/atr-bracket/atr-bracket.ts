import { z } from 'zod';
import type { DecisionEntry, EventByType } from '#domain/events.ts';
import { type Instrument, type InstrumentId, pipTicks } from '#domain/instrument.ts';
import type { EntryPlan, PlannedSignal } from '#domain/pipeline.ts';
import type { StrategyPolicy } from '#domain/policies.ts';
import { defineModule, type ModuleContext, type View } from '#engine/module.ts';
import {
  type AverageTrueRange,
  averageTrueRange,
  createAverageTrueRange,
  pushTrueRange,
} from '#metrics/average-true-range.ts';
import { type BarResample, createBarResample, pushBar } from '#metrics/bar-resample.ts';
import { type BracketDistances, bracketDistances } from '#metrics/bracket-levels.ts';
import type { Candle } from '#metrics/candle.ts';

const minuteMs = 60_000;

const parameters = z.strictObject({});
type Context = ModuleContext<Record<string, never>>;

/** One instrument's longer bars and the average of their true ranges, in ticks. */
interface Ranges {
  resample: BarResample;
  average: AverageTrueRange;
}

/** Filled anew for every bar, which is copied where it is kept: bars come by the million. */
const scratch: Candle = { openAt: 0, open: 0, high: 0, low: 0, close: 0, volume: 0 };

interface State {
  byInstrument: Record<InstrumentId, Ranges>;
}

/** Lays stop and target around the entry price at multiples of the average true range (FX desk specification g). */
export const atrBracket = defineModule<State, Record<string, never>>({
  name: 'atr-bracket',
  displayName: 'ATR bracket',
  purpose: 'Plans the stop and the target of an entry from the average true range.',
  parameters,
  initialState: () => ({ byInstrument: {} }),
  evolve: {
    'bar.closed': takeBar,
    'policy.changed': (state, event, context) => {
      if (event.key.startsWith('strategy/')) restart(state, context);
    },
  },
  propose: {
    plan: (value, state, context) => {
      const entries: DecisionEntry[] = [];
      const planned = value.map((signal) => {
        const ranges = state.byInstrument[signal.instrument];
        const average = ranges === undefined ? 0 : averageTrueRange(ranges.average);
        const { plan, code, figure } = planOf(signal, average, context);
        entries.push({ subject: signal.instrument, code, value: figure });
        return plan === signal.plan ? signal : { ...signal, plan };
      });
      const isKept = planned.every((signal, index) => signal === value[index]);
      return { value: isKept ? value : planned, entries };
    },
  },
});

function takeBar(state: State, bar: EventByType['bar.closed'], context: Context): void {
  if (context.view.markets[bar.instrument] === undefined) return;
  let ranges = state.byInstrument[bar.instrument];
  if (ranges === undefined) {
    ranges = createRanges(bar.instrument, context);
    state.byInstrument[bar.instrument] = ranges;
  }
  // The engine ignores a bar that is not newer than the last one, and so does the bracket.
  if (bar.openAt <= ranges.resample.lastOpenAt) return;
  scratch.openAt = bar.openAt;
  scratch.open = bar.open;
  scratch.high = bar.high;
  scratch.low = bar.low;
  scratch.close = bar.close;
  scratch.volume = bar.volume;
  for (const closed of pushBar(ranges.resample, scratch)) pushTrueRange(ranges.average, closed);
}

function createRanges(instrument: InstrumentId, context: Context): Ranges {
  return {
    resample: createBarResample(context.desk.barIntervalMs, intervalMsOf(instrument, context)),
    average: createAverageTrueRange(context.strategy(instrument).bracketLength),
  };
}

/** The policy's interval, rounded up to a whole number of the desk's bars. */
function intervalMsOf(instrument: InstrumentId, { desk, strategy }: Context): number {
  return Math.ceil((strategy(instrument).bracketIntervalMinutes * minuteMs) / desk.barIntervalMs) * desk.barIntervalMs;
}

/** Begins anew for instruments whose interval or length has changed. The average then grows from its first bar. */
function restart(state: State, context: Context): void {
  for (const id of context.universe) {
    const ranges = state.byInstrument[id];
    if (ranges === undefined) continue;
    const isSame =
      ranges.resample.intervalMs === intervalMsOf(id, context) &&
      ranges.average.trueRanges.length === context.strategy(id).bracketLength;
    if (!isSame) state.byInstrument[id] = createRanges(id, context);
  }
}

interface Planned {
  readonly plan: EntryPlan;
  readonly code: 'off' | 'no-quote' | 'fixed' | 'atr' | 'atr-missing';
  /** Distance of the stop in pips. */
  readonly figure: number | null;
}

function planOf(signal: PlannedSignal, average: number, context: Context): Planned {
  const strategy = context.strategy(signal.instrument);
  const market = context.view.markets[signal.instrument];
  if (!strategy.bracketEnabled) {
    return { plan: { ...signal.plan, stopPrice: null, targetPrice: null }, code: 'off', figure: null };
  }
  if (market === undefined || market.bidPrice <= 0) return { plan: signal.plan, code: 'no-quote', figure: null };
  const sign = signal.direction === 'long' ? 1 : -1;
  const entryPrice = sign > 0 ? market.askPrice : market.bidPrice;
  const { stop, target } = distancesInTicks(market, entryPrice, average, strategy);
  const plan = {
    stopPrice: Math.max(1, entryPrice - sign * stop),
    targetPrice: Math.max(1, entryPrice + sign * target),
    leverage: signal.plan.leverage,
  };
  return { plan, code: codeOf(strategy, average), figure: stop / pipTicks(market.instrument) };
}

function codeOf({ bracketMode }: StrategyPolicy, average: number): Planned['code'] {
  if (bracketMode === 'fixed') return 'fixed';
  return average > 0 ? 'atr' : 'atr-missing';
}

/** Distances from the entry price. The stop clears the spread, or the other side of the quote would set it off at once. */
function distancesInTicks(
  market: NonNullable<View['markets'][string]>,
  entryPrice: number,
  average: number,
  strategy: StrategyPolicy,
): BracketDistances {
  const { instrument, askPrice, bidPrice } = market;
  const { stop, target } = bracketDistances(strategy, average, pipTicks(instrument), entryPrice);
  return {
    stop: Math.max(wholeTicks(stop, instrument), upToTick(askPrice - bidPrice + 1, instrument)),
    target: wholeTicks(target, instrument),
  };
}

/** The nearest multiple of the venue's tick, at least one. */
function wholeTicks(distance: number, { tickSize }: Instrument): number {
  return Math.max(1, Math.round(distance / tickSize)) * tickSize;
}

function upToTick(distance: number, { tickSize }: Instrument): number {
  return Math.ceil(distance / tickSize) * tickSize;
}
