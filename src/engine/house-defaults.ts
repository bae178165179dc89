import { calendarCovers, isMarketOpen } from '#domain/calendar.ts';
import { type InstrumentId, pipTicks } from '#domain/instrument.ts';
import type { ApprovedTarget, EntryPlan, OrderPlan, PlannedSignal, Signal, Target } from '#domain/pipeline.ts';
import type { DeskPolicy, LimitsPolicy, StrategyPolicy } from '#domain/policies.ts';
import { accountFigures, notionalPerUnit } from './account.ts';
import type { View } from './state.ts';

/** Share of equity at risk at the stop, of each signal, where no module allocates. */
const riskFraction = 0.0025;
/** Life of a limit order at the near touch before a decision crosses: long enough to see one whole bar after its arrival. */
const limitLifeMs = 120_000;

/** The first value of the gate slot: signals whose market is open and whose price is young. Everything else is dropped. */
export function gateDefault(view: View, signals: readonly Signal[], limits: LimitsPolicy): readonly Signal[] {
  const { calendar } = view;
  if (calendar === null || !calendarCovers(calendar, view.at) || !isMarketOpen(calendar, view.at)) return [];
  return signals.filter((signal) => {
    const market = view.markets[signal.instrument];
    return market !== undefined && market.bidPrice > 0 && view.at - market.arrivedAt <= limits.markAgeMsMax;
  });
}

/** The first value of the plan slot: a fixed stop and take-profit around the price an entry would get. */
export function planDefault(
  view: View,
  signals: readonly Signal[],
  strategyFor: (instrument: InstrumentId) => StrategyPolicy,
): readonly PlannedSignal[] {
  return signals.map((signal) => ({ ...signal, plan: fixedPlan(view, signal, strategyFor(signal.instrument)) }));
}

function fixedPlan(view: View, signal: Signal, strategy: StrategyPolicy): EntryPlan {
  const market = view.markets[signal.instrument];
  if (market === undefined) return { stopPrice: null, targetPrice: null, leverage: null };
  const sign = signal.direction === 'long' ? 1 : -1;
  const entry = sign > 0 ? market.askPrice : market.bidPrice;
  const distance = Math.max(1, Math.round(strategy.stopLossPips * pipTicks(market.instrument)));
  const reward = Math.max(1, Math.round(distance * strategy.bracketRewardRisk));
  const spread = market.askPrice - market.bidPrice;
  return {
    stopPrice: Math.max(1, entry - sign * (distance + spread)),
    targetPrice: Math.max(1, entry + sign * reward),
    leverage: null,
  };
}

/** The first value of the allocation slot: one target a signal, each with the same risk at its stop, in the order of the signals. */
export function allocationDefault(view: View, signals: readonly PlannedSignal[], desk: DeskPolicy): readonly Target[] {
  const { equity } = accountFigures(view, desk);
  const targets: Target[] = [];
  for (const signal of signals) {
    const market = view.markets[signal.instrument];
    const unit = notionalPerUnit(view, signal.instrument, desk);
    if (market === undefined || unit === undefined) continue;
    if (targets.some((target) => target.instrument === signal.instrument)) continue;
    const sign = signal.direction === 'long' ? 1 : -1;
    const entry = sign > 0 ? market.askPrice : market.bidPrice;
    const { stopPrice } = signal.plan;
    // Without a stop there is no risk to measure, so the smallest position stands for the wish.
    const lossShare = stopPrice === null ? Infinity : Math.abs(entry - stopPrice) / entry;
    const units = Math.max(
      market.instrument.minimumQuantity,
      Math.floor((Math.max(0, equity) * riskFraction) / (unit * lossShare)),
    );
    const { plan, strategy, reason, sizeFraction } = signal;
    targets.push({ instrument: signal.instrument, signedQuantity: sign * units, sizeFraction, plan, strategy, reason });
  }
  return targets;
}

/**
 * The first value of the execution slot: a limit at the near touch that lives two minutes; where one has just expired, a market
 * order. Reductions are always market orders.
 */
export function executionDefault(view: View, targets: readonly ApprovedTarget[]): readonly OrderPlan[] {
  const plans: OrderPlan[] = [];
  for (const target of targets) {
    const held = view.positions[target.instrument]?.signedQuantity ?? 0;
    const change = target.signedQuantity - held;
    const market = view.markets[target.instrument];
    if (change === 0 || market === undefined) continue;
    const isEntry = Math.abs(target.signedQuantity) > Math.abs(held);
    const crosses = !isEntry || hasJustExpired(view, target.instrument);
    plans.push({
      instrument: target.instrument,
      side: change > 0 ? 'buy' : 'sell',
      quantity: Math.abs(change),
      orderType: crosses ? 'market' : 'limit',
      limitPrice: crosses ? null : change > 0 ? market.bidPrice : market.askPrice,
      stopPrice: null,
      timeInForce: crosses ? 'fillOrKill' : 'goodTillTime',
      expiresAt: crosses ? null : view.at + limitLifeMs,
      isReduceOnly: !isEntry,
      purpose: isEntry ? 'entry' : 'exit',
      bracket:
        isEntry && target.plan !== null
          ? { stopPrice: target.plan.stopPrice, targetPrice: target.plan.targetPrice }
          : null,
      strategy: target.strategy,
      reason: target.reason,
    });
  }
  return plans;
}

function hasJustExpired(view: View, instrument: InstrumentId): boolean {
  for (const record of view.orders.values()) {
    if (
      record.request.instrument === instrument &&
      record.state === 'expired' &&
      view.at - record.changedAt <= 2 * limitLifeMs
    )
      return true;
  }
  return false;
}
