import type { PriceBasis } from '#domain/bar.ts';
import { type CalendarDocument, closedSession, type InstrumentSession } from '#domain/calendar.ts';
import { type Costs, instrumentCost, slippageTicks, spreadTicksAt } from '#domain/costs.ts';
import type { Instrument } from '#domain/instrument.ts';
import { type InstrumentSchedule, scheduledSession } from '#domain/instrument-schedule.ts';
import type { GuardHistory } from '#metrics/guard-levels.ts';
import type { WindowMetrics } from '#metrics/manifold-track.ts';
import type { BarHistory } from './bar-history.ts';

/** What shadow runs read of their market beside its bars. */
export interface MarketInputs {
  readonly instrument: Instrument;
  readonly priceBasis: PriceBasis;
  readonly barIntervalMs: number;
  readonly costs: Costs;
  /** Null where no calendar is known: closed. */
  readonly calendar: CalendarDocument | null;
  /** The desk's history of the guards, the newest window included. */
  readonly ranks: GuardHistory;
  /** The desk's newest window; it was read on the bar at hand where it ends with it. */
  readonly window: Readonly<WindowMetrics>;
}

/** What a bar costs to trade at, in ticks: a bid lies `lower` below its price, an ask `upper` above it. */
export interface BarCosts {
  readonly lower: number;
  readonly upper: number;
  readonly slippage: number;
  /** Commission of one side as a fraction of the notional. */
  readonly commission: number;
}

/**
 * One market at the close of one bar, as every run on it sees it. What only a few bars need, costs and session, is worked out when it is
 * first asked for.
 */
export interface MarketMoment {
  readonly inputs: MarketInputs;
  readonly history: BarHistory;
  readonly schedule: InstrumentSchedule | null;
  readonly ranks: GuardHistory;
  /** Number of the bar. */
  index: number;
  /** Windows read up to this bar. */
  windowEnd: number;
  /** Bars since the last gap of more than an hour, this one included. */
  barsSinceGap: number;
  openAt: number;
  closedAt: number;
  open: number;
  high: number;
  low: number;
  close: number;
  costs: BarCosts | undefined;
  session: InstrumentSession | undefined;
}

/** A moment of a market before its first bar. */
export function createMoment(
  inputs: MarketInputs,
  history: BarHistory,
  schedule: InstrumentSchedule | null,
  ranks: GuardHistory,
): MarketMoment {
  return {
    inputs,
    history,
    schedule,
    ranks,
    index: 0,
    windowEnd: 0,
    barsSinceGap: 0,
    openAt: 0,
    closedAt: 0,
    open: 0,
    high: 0,
    low: 0,
    close: 0,
    costs: undefined,
    session: undefined,
  };
}

/** Fills the moment with bar number `index` of its history. */
export function fillMoment(moment: MarketMoment, index: number): void {
  const { history } = moment;
  const slot = index % history.openAt.length;
  moment.index = index;
  moment.openAt = history.openAt[slot] ?? 0;
  moment.closedAt = moment.openAt + moment.inputs.barIntervalMs;
  moment.open = history.open[slot] ?? 0;
  moment.high = history.high[slot] ?? 0;
  moment.low = history.low[slot] ?? 0;
  moment.close = history.close[slot] ?? 0;
  moment.costs = undefined;
  moment.session = undefined;
}

/**
 * Costs come from the desk's cost table alone: half of the spread and the slippage a fill, a spread recorded with the bar before the
 * table's. The flat 1.5 basis points a side of older studies stood for just these, so adding them would count them twice.
 * Financing is left out: positions leave before their sessions end, and few sessions span the turn of the trading day.
 */
export function costsOf(moment: MarketMoment): BarCosts {
  moment.costs ??= barCosts(moment);
  return moment.costs;
}

function barCosts({ inputs, history, index, openAt }: MarketMoment): BarCosts {
  const { instrument, priceBasis, costs } = inputs;
  const recorded = history.spread[index % history.spread.length] ?? 0;
  const spread = recorded > 0 ? recorded : spreadTicksAt(costs, instrument, openAt);
  // Around a mid both sides are rounded to ticks against the trader.
  const half = Math.ceil(spread / 2);
  return {
    lower: priceBasis === 'bid' ? 0 : half,
    upper: priceBasis === 'bid' ? spread : half,
    slippage: slippageTicks(costs, instrument),
    commission: instrumentCost(costs, instrument).commissionPerMillion / 1e6,
  };
}

/** The instrument's session when the bar closes. */
export function sessionOf(moment: MarketMoment): InstrumentSession {
  const { schedule } = moment;
  moment.session ??= schedule === null ? closedSession : scheduledSession(schedule, moment.closedAt);
  return moment.session;
}
