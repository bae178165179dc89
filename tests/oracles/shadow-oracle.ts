import { instrumentSession, isMarketOpen, sessionsOf } from '#domain/calendar.ts';
import { hourOfWeek, instrumentCost } from '#domain/costs.ts';
import type { StrategyPolicy } from '#domain/policies.ts';
import { averageTrueRange, createAverageTrueRange, pushTrueRange } from '#metrics/average-true-range.ts';
import { createBarResample, pushBar } from '#metrics/bar-resample.ts';
import type { WindowMetrics } from '#metrics/manifold-track.ts';
import type { MarketInputs } from '#metrics/shadow-run/market-moment.ts';
import type { ShadowMinute } from '../support/shadow-market.ts';

const minuteMs = 60_000;
const windowsMin = 360;

/** A round trip as the slow simulation tells it; `levels` are the marks of its equity in order, its result last. */
export interface OracleTrip {
  readonly entryAt: number;
  exitAt: number;
  profit: number;
  readonly levels: number[];
}

interface Position {
  readonly sign: 1 | -1;
  readonly entry: number;
  readonly stop: number;
  readonly target: number;
  readonly trip: OracleTrip;
}

/** What the simulation is of: everything ahead of time, in arrays. */
export interface OracleMarket {
  readonly minutes: readonly ShadowMinute[];
  readonly strategy: StrategyPolicy;
  readonly inputs: MarketInputs;
  readonly rankCapacity: number;
}

/** The slow true shadow run: every figure is worked out anew from all bars up to the one at hand. The last trip may be open. */
export function oracleTrips(market: OracleMarket): {
  readonly closed: OracleTrip[];
  readonly open: OracleTrip | undefined;
} {
  const closed: OracleTrip[] = [];
  let position: Position | undefined;
  let plan: { sign: 1 | -1; stop: number; target: number } | 'exit' | undefined;
  let plannedAt = 0;
  for (let index = 0; index < market.minutes.length; index += 1) {
    const bar = barOf(market, index);
    const { bid, ask, slippage, fee } = quotesOf(market, index);
    const side = (sign: number, price: number): number => (sign > 0 ? ask(price) : bid(price));
    const leave = (held: Position, price: number, at: number): void => {
      held.trip.exitAt = at;
      held.trip.profit = (held.sign * (price - held.entry)) / held.entry - fee - (fee * price) / held.entry;
      held.trip.levels.push(held.trip.profit);
      closed.push(held.trip);
      position = undefined;
    };
    // The order leaves half a minute after the bar it was decided on, so the bar that opened meanwhile cannot fill it.
    const isDue = bar.openAt > plannedAt;
    if (isDue && plan === 'exit' && position !== undefined) {
      leave(position, side(-position.sign, bar.open) - position.sign * slippage, bar.openAt);
    } else if (isDue && plan !== undefined && plan !== 'exit') {
      const entry = side(plan.sign, bar.open) + plan.sign * slippage;
      const trip: OracleTrip = { entryAt: bar.openAt, exitAt: 0, profit: 0, levels: [-fee] };
      position = { sign: plan.sign, entry, stop: plan.stop, target: plan.target, trip };
    }
    if (isDue) plan = undefined;
    if (position !== undefined) {
      const { sign, stop, target } = position;
      const open = side(-sign, bar.open);
      const worst = side(-sign, sign > 0 ? bar.low : bar.high);
      const best = side(-sign, sign > 0 ? bar.high : bar.low);
      if (sign > 0 ? worst <= stop : worst >= stop) {
        leave(
          position,
          (sign > 0 ? Math.min(stop, open) : Math.max(stop, open)) - sign * slippage,
          bar.openAt + minuteMs,
        );
      } else if (sign > 0 ? best >= target + 1 : best <= target - 1) {
        const isAtOpen = sign > 0 ? open >= target + 1 : open <= target - 1;
        leave(position, isAtOpen ? open : target, bar.openAt + minuteMs);
      }
    }
    if (position === undefined && plan === 'exit') plan = undefined;
    const isWaiting = plan !== undefined;
    if (position === undefined && !isWaiting) {
      const sign = signalAt(market, index, closed, undefined);
      if (sign !== 0) plan = { sign, ...bracketAt(market, index, sign) };
    } else if (position !== undefined) {
      const { sign, entry, trip } = position;
      const level = (sign * (side(-sign, bar.close) - entry)) / entry;
      trip.levels.push(level - fee);
      if (!isWaiting && leavesAt(market, index, { position, closed, percent: level * 100 })) plan = 'exit';
    }
    if (!isWaiting && plan !== undefined) plannedAt = bar.openAt + minuteMs;
  }
  return { closed, open: position?.trip };
}

/** The deepest fall of a path of levels that starts at 0, by looking at every pair. */
export function oracleDrawdown(levels: readonly number[]): number {
  const path = [0, ...levels];
  let deepest = 0;
  for (let later = 0; later < path.length; later += 1) {
    for (let earlier = 0; earlier < later; earlier += 1) {
      deepest = Math.max(deepest, (path[earlier] ?? 0) - (path[later] ?? 0));
    }
  }
  return deepest;
}

interface Held {
  readonly position: Position;
  readonly closed: readonly OracleTrip[];
  readonly percent: number;
}

function leavesAt(market: OracleMarket, index: number, { position, closed, percent }: Held): boolean {
  const { strategy, inputs } = market;
  const at = barOf(market, index).openAt + minuteMs;
  const { sign } = position;
  const { minutesToClose } = sessionAt(inputs, at);
  const canTrade = inputs.calendar !== null && isMarketOpen(inputs.calendar, at);
  if (minutesToClose <= strategy.sessionExitMinutes && (canTrade || minutesToClose === 0)) return true;
  if (strategy.exitPnlEnabled && percent >= strategy.exitPnlTakeProfit) return true;
  if (strategy.exitPnlEnabled && percent <= strategy.exitPnlStopLoss) return true;
  if (index < strategy.directionLookback) return false;
  const slope = slopeAt(market, index);
  const threshold = strategy.exitSlopeBps ?? strategy.directionThresholdBps;
  if (strategy.exitSlopeEnabled && (sign > 0 ? slope <= -threshold : slope >= threshold)) return true;
  return signalAt(market, index, closed, position.trip.entryAt) === -sign;
}

function signalAt(
  market: OracleMarket,
  index: number,
  closed: readonly OracleTrip[],
  openedAt: number | undefined,
): 1 | -1 | 0 {
  const { strategy, minutes, inputs } = market;
  const at = barOf(market, index).openAt + minuteMs;
  const windows = minutes.slice(0, index + 1).flatMap(({ window }) => (window === undefined ? [] : [window]));
  const window = windows.at(-1);
  if (window === undefined || index < strategy.directionLookback || index < 1) return 0;
  let sinceGap = 1;
  while (
    sinceGap <= index &&
    barOf(market, index - sinceGap + 1).openAt - barOf(market, index - sinceGap).openAt <= 60 * minuteMs
  ) {
    sinceGap += 1;
  }
  if (sinceGap <= strategy.gapHoldBars) return 0;
  const entries = [...closed.map((trip) => trip.entryAt), ...(openedAt === undefined ? [] : [openedAt])];
  if (entries.some((entryAt) => at - entryAt < strategy.entryCooldownSeconds * 1000)) return 0;
  if (closed.some((trip) => at - trip.exitAt < strategy.exitCooldownSeconds * 1000)) return 0;
  const { isOpen, minutesToClose } = sessionAt(inputs, at);
  if (!isOpen || minutesToClose <= strategy.sessionExitMinutes) return 0;
  const least = leastCoherence(market, windows);
  if (least === undefined || window.coherence < least) return 0;
  const before = windows.at(-2);
  const name = strategy.deltaCoherenceMode === 'coherence' ? 'coherence' : 'patternCoherence';
  const delta = before === undefined || strategy.deltaCoherenceMode === 'off' ? 0 : window[name] - before[name];
  return delta < strategy.deltaCoherenceMinimum ? 0 : priceSign(market, index);
}

/** The least coherence, or undefined where another guard holds. */
function leastCoherence(
  { strategy, rankCapacity }: OracleMarket,
  windows: readonly WindowMetrics[],
): number | undefined {
  const window = windows.at(-1);
  if (window === undefined) return undefined;
  if (strategy.guardProfile === 'seed') {
    const isCalm = window.rupture <= strategy.maximumRupture && window.entropy <= strategy.maximumEntropy;
    return isCalm && window.stability >= strategy.minimumStability ? strategy.minimumCoherence : undefined;
  }
  const recent = windows.slice(-rankCapacity);
  if (recent.length < windowsMin) return undefined;
  const at = (name: 'coherence' | 'rupture' | 'entropy', fraction: number): number =>
    sortedAt(
      recent.map((item) => item[name]),
      fraction,
    );
  if (window.rupture > at('rupture', strategy.rupturePercentile)) return undefined;
  if (window.entropy > at('entropy', strategy.entropyPercentile)) return undefined;
  return at('coherence', strategy.coherencePercentile);
}

/** The slope's direction, where the last bar does not move against it and closes beyond the middle of the one before. */
function priceSign(market: OracleMarket, index: number): 1 | -1 | 0 {
  const slope = slopeAt(market, index);
  if (Math.abs(slope) < market.strategy.directionThresholdBps || slope === 0) return 0;
  const [bar, previous] = [barOf(market, index), barOf(market, index - 1)];
  const middle = (previous.high / 1e5 + previous.low / 1e5) / 2;
  const close = bar.close / 1e5;
  if (slope > 0) return bar.close >= previous.close && close > middle ? 1 : 0;
  return bar.close <= previous.close && close < middle ? -1 : 0;
}

function slopeAt(market: OracleMarket, index: number): number {
  const before = barOf(market, index - market.strategy.directionLookback).close / 1e5;
  return ((barOf(market, index).close / 1e5 - before) / before) * 10_000;
}

function sessionAt({ calendar, instrument }: MarketInputs, at: number): { isOpen: boolean; minutesToClose: number } {
  if (calendar === null) return { isOpen: false, minutesToClose: 0 };
  return instrumentSession(calendar, sessionsOf([instrument.baseCurrency, instrument.quoteCurrency]), at);
}

function bracketAt(market: OracleMarket, index: number, sign: 1 | -1): { stop: number; target: number } {
  const { strategy, minutes } = market;
  const { bid, ask } = quotesOf(market, index);
  const { close } = barOf(market, index);
  const resample = createBarResample(minuteMs, strategy.bracketIntervalMinutes * minuteMs);
  const average = createAverageTrueRange(strategy.bracketLength);
  for (const { bar } of minutes.slice(0, index + 1)) {
    for (const longer of pushBar(resample, { ...bar })) pushTrueRange(average, longer);
  }
  const range = averageTrueRange(average);
  const isRanged = strategy.bracketMode === 'atr' && range > 0;
  const distance = isRanged ? strategy.bracketMultiple * range : strategy.stopLossPips * 10;
  const quote = sign > 0 ? ask(close) : bid(close);
  const stop = Math.max(Math.max(1, Math.round(distance)), ask(close) - bid(close) + 1);
  const target = Math.max(1, Math.round(strategy.bracketRewardRisk * distance));
  return { stop: quote - sign * stop, target: quote + sign * target };
}

interface Quotes {
  readonly bid: (price: number) => number;
  readonly ask: (price: number) => number;
  readonly slippage: number;
  readonly fee: number;
}

function quotesOf({ inputs, minutes }: OracleMarket, index: number): Quotes {
  const bar = minutes[index]?.bar;
  const cost = instrumentCost(inputs.costs, inputs.instrument);
  const pips = cost.spreadPips.length === 1 ? cost.spreadPips[0] : cost.spreadPips[hourOfWeek(bar?.openAt ?? 0)];
  const spread = bar !== undefined && bar.spread > 0 ? bar.spread : Math.ceil((pips ?? 0) * 10 - 1e-9);
  const isMid = inputs.priceBasis === 'mid';
  return {
    bid: (price) => (isMid ? Math.floor(price - spread / 2) : price),
    ask: (price) => (isMid ? Math.ceil(price + spread / 2) : price + spread),
    slippage: Math.ceil(cost.slippagePips * 10 - 1e-9),
    fee: cost.commissionPerMillion / 1e6,
  };
}

function barOf(market: OracleMarket, index: number): ShadowMinute['bar'] {
  const bar = market.minutes[index]?.bar;
  if (bar === undefined) throw new RangeError(`there is no bar ${index}`);
  return bar;
}

function sortedAt(values: readonly number[], fraction: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  const place = (sorted.length - 1) * fraction;
  const lower = sorted[Math.floor(place)] ?? 0;
  const upper = sorted[Math.min(Math.floor(place) + 1, sorted.length - 1)] ?? 0;
  return lower + (place - Math.floor(place)) * (upper - lower);
}
