import type { Event, EventByType } from '#domain/events.ts';
import { slotNames } from '#domain/pipeline.ts';
import { scaleOf } from '#domain/scale.ts';
import { accountFigures } from '#engine/account.ts';
import { decisionsHash } from '#engine/decision-hash.ts';
import type { Engine } from '#engine/engine.ts';
import { strategyOf } from '#engine/policy-view.ts';
import type { CallCounts } from '#engine/state.ts';
import { calibratedLevels, guardCode } from '#metrics/guard-levels.ts';
import {
  calmarRatio,
  createDrawdownGauge,
  type DrawdownGauge,
  gaugeEquity,
  profitFactor,
  sharpeRatio,
} from '#metrics/performance.ts';

const dayMs = 86_400_000;

export type RoundTrip = EventByType['roundTrip.closed'];

/** How many windows of one instrument were read, and how many would pass the guards of each profile. */
export interface GuardRates {
  windows: number;
  seed: number;
  calibrated: number;
}

/** What a run is measured by while it goes: its round trips, its equity by day, how long it held anything. */
export interface RunRecorder {
  readonly guards: Record<string, GuardRates>;
  readonly roundTrips: RoundTrip[];
  readonly dailyEquity: { at: number; equity: number }[];
  readonly drawdown: DrawdownGauge;
  decisions: number;
  exposedDecisions: number;
  wasExposed: boolean;
  pessimisticFills: number;
  firstAt: number;
  lastAt: number;
}

export function createRunRecorder(): RunRecorder {
  return {
    guards: {},
    roundTrips: [],
    dailyEquity: [],
    drawdown: createDrawdownGauge(),
    decisions: 0,
    exposedDecisions: 0,
    wasExposed: false,
    pessimisticFills: 0,
    firstAt: 0,
    lastAt: 0,
  };
}

/** Takes note of an event after it was folded. Equity is read at every decision while something is held, and at each day's first tick. */
export function recordEvent(recorder: RunRecorder, engine: Engine, event: Event): void {
  if (event.type === 'roundTrip.closed') recorder.roundTrips.push(event);
  else if (event.type === 'order.filled' && event.isPessimistic) recorder.pessimisticFills += 1;
  else if (event.type === 'time.ticked') recordTick(recorder, engine, event.at);
  else if (event.type === 'manifold.published') recordWindow(recorder, engine, event);
}

function recordWindow(recorder: RunRecorder, engine: Engine, window: EventByType['manifold.published']): void {
  const market = engine.state.markets[window.instrument];
  if (market === undefined || engine.policies === undefined) return;
  const strategy = strategyOf(engine.policies, window.instrument);
  const { symbol } = market.instrument;
  const rates = recorder.guards[symbol] ?? { windows: 0, seed: 0, calibrated: 0 };
  recorder.guards[symbol] = rates;
  rates.windows += 1;
  if (guardCode(window, strategy) === 'pass') rates.seed += 1;
  const levels = calibratedLevels(market.manifold.history, strategy);
  if (levels !== undefined && guardCode(window, levels) === 'pass') rates.calibrated += 1;
}

function recordTick(recorder: RunRecorder, engine: Engine, at: number): void {
  const { state, policies } = engine;
  if (policies === undefined) return;
  if (recorder.firstAt === 0) recorder.firstAt = at;
  recorder.lastAt = at;
  const isDecision = state.counts.decisions !== recorder.decisions;
  recorder.decisions = state.counts.decisions;
  const isExposed = isDecision && state.instrumentIds.some((id) => (state.positions[id]?.signedQuantity ?? 0) !== 0);
  if (isExposed) recorder.exposedDecisions += 1;
  const last = recorder.dailyEquity.at(-1);
  const isNewDay = last === undefined || Math.floor(at / dayMs) !== Math.floor(last.at / dayMs);
  // The decision after a position has gone flat is read too: what the exit earned may be the peak.
  const isRead = isExposed || (isDecision && recorder.wasExposed) || isNewDay;
  if (isDecision) recorder.wasExposed = isExposed;
  if (!isRead) return;
  const { equity } = accountFigures(state, policies.desk);
  gaugeEquity(recorder.drawdown, equity);
  if (isNewDay) recorder.dailyEquity.push({ at, equity });
}

/** How often each module's call ended how, by slot. */
export interface ModuleActivity {
  readonly module: string;
  readonly slot: string;
  readonly calls: number;
  readonly changed: number;
  readonly refused: number;
  readonly failed: number;
  readonly decided: number;
  readonly offered: number;
  readonly passed: number;
}

/** The figures of a run, money in whole account units, shares as fractions. */
export interface RunSummary {
  readonly runId: string;
  readonly fromAt: number;
  readonly untilAt: number;
  readonly bars: number;
  readonly decisions: number;
  readonly orders: number;
  readonly fills: number;
  readonly denials: number;
  readonly roundTrips: number;
  readonly winRate: number;
  readonly startBalance: number;
  readonly endEquity: number;
  readonly pnl: number;
  readonly pnlFraction: number;
  readonly maxDrawdown: number;
  readonly calmar: number;
  readonly sharpe: number;
  readonly profitFactor: number;
  readonly fees: number;
  readonly financing: number;
  /** Half spreads and slippage paid, contained in the profit. */
  readonly spreadCosts: number;
  /** Costs over the profit before costs of all round trips, as a fraction of its magnitude; 0 without any. */
  readonly costShare: number;
  /** Share of decisions at which something was held. */
  readonly exposure: number;
  readonly pessimisticFills: number;
  readonly decisionsHash: string;
  readonly dataHash: string;
  readonly guards: Readonly<Record<string, GuardRates>>;
  readonly slotsChanged: Readonly<Record<string, number>>;
  readonly modules: readonly ModuleActivity[];
  readonly warnings: readonly string[];
}

export interface SummaryContext {
  readonly startBalance: number;
  readonly dataHash: string;
  readonly warnings: readonly string[];
}

export function summarize(recorder: RunRecorder, engine: Engine, context: SummaryContext): RunSummary {
  const { state, policies } = engine;
  const scale = scaleOf(policies?.desk.moneyDecimals ?? 0);
  const equity = policies === undefined ? state.account.balance : accountFigures(state, policies.desk).equity;
  gaugeEquity(recorder.drawdown, equity);
  const results = recorder.roundTrips.map((trip) => (trip.realizedPnl - trip.fees + trip.financing) / scale);
  const pnl = equity / scale - context.startBalance;
  const costs = (state.account.fees - state.account.financing + state.account.spreadCost) / scale;
  const beforeCosts = pnl + costs;
  return {
    runId: state.runId,
    fromAt: recorder.firstAt,
    untilAt: recorder.lastAt,
    bars: state.counts.bars,
    decisions: state.counts.decisions,
    orders: state.counts.orders,
    fills: state.counts.fills,
    denials: state.counts.denials,
    roundTrips: recorder.roundTrips.length,
    winRate: results.length === 0 ? 0 : results.filter((result) => result > 0).length / results.length,
    startBalance: context.startBalance,
    endEquity: equity / scale,
    pnl,
    pnlFraction: pnl / context.startBalance,
    maxDrawdown: recorder.drawdown.maximum,
    calmar: calmarRatio(pnl / context.startBalance, recorder.drawdown.maximum, recorder.roundTrips.length),
    sharpe: sharpeRatio([...recorder.dailyEquity.map((day) => day.equity), equity]),
    profitFactor: profitFactor(results),
    fees: state.account.fees / scale,
    financing: state.account.financing / scale,
    spreadCosts: state.account.spreadCost / scale,
    costShare: beforeCosts === 0 ? 0 : costs / Math.abs(beforeCosts),
    exposure: state.counts.decisions === 0 ? 0 : recorder.exposedDecisions / state.counts.decisions,
    pessimisticFills: recorder.pessimisticFills,
    decisionsHash: decisionsHash(state.hash),
    dataHash: context.dataHash,
    guards: recorder.guards,
    slotsChanged: slotsChanged(state.calls),
    modules: activities(state.calls),
    warnings: [...context.warnings, ...truthWarnings(recorder, state.calls)],
  };
}

function slotsChanged(calls: Readonly<Record<string, CallCounts>>): Record<string, number> {
  const bySlot: Record<string, number> = {};
  for (const slot of slotNames) bySlot[slot] = 0;
  for (const [key, counts] of Object.entries(calls)) {
    const slot = key.split('/')[1] ?? '';
    bySlot[slot] = (bySlot[slot] ?? 0) + counts.changed;
  }
  return bySlot;
}

function activities(calls: Readonly<Record<string, CallCounts>>): ModuleActivity[] {
  return Object.keys(calls)
    .sort()
    .map((key) => {
      const [module = '', slot = ''] = key.split('/');
      return {
        module,
        slot,
        ...(calls[key] ?? { calls: 0, changed: 0, refused: 0, failed: 0, decided: 0, offered: 0, passed: 0 }),
      };
    });
}

/** What a reader must know before believing the figures. */
function truthWarnings(recorder: RunRecorder, calls: Readonly<Record<string, CallCounts>>): string[] {
  const warnings: string[] = [];
  if (recorder.roundTrips.length === 0)
    warnings.push('the run made no round trip: its figures say nothing about the strategy');
  if (recorder.pessimisticFills > 0) {
    warnings.push(`${recorder.pessimisticFills} fills took the worse reading where a bar hid the order of events`);
  }
  for (const [key, counts] of Object.entries(calls)) {
    if (counts.failed > 0) warnings.push(`'${key}' failed ${counts.failed} times`);
    if (counts.refused > 0) warnings.push(`'${key}' was refused ${counts.refused} times`);
  }
  return warnings;
}
