import { isMarketOpen } from '#domain/calendar.ts';
import { isTerminal } from '#domain/order.ts';
import { scaleOf } from '#domain/scale.ts';
import { type AccountFigures, accountFigures } from '#engine/account.ts';
import { decisionsHash } from '#engine/decision-hash.ts';
import type { Engine } from '#engine/engine.ts';
import { isUnresolved } from '#engine/order-life.ts';
import { marginUtilization } from '#metrics/margin-utilization.ts';
import { type BudgetBase, marginOfBase, riskBudget } from '#metrics/risk-budget.ts';
import { type InstrumentStatus, instrumentStatus } from './instrument-status.ts';

/** What a desk shows of itself: figures in whole account units, prices as decimals, shares as fractions. */
export interface DeskStatus {
  readonly desk: string;
  readonly kind: string;
  readonly runId: string;
  readonly at: number;
  readonly isWarm: boolean;
  readonly market: string;
  readonly isDemonstration: boolean;
  readonly speed: number;
  /** Whether the trading week is open and no daily break runs. */
  readonly isMarketOpen: boolean;
  readonly kill: { readonly isEngaged: boolean; readonly actor: string; readonly reason: string; readonly at: number };
  /** Where the desk trades for real, and whether it may add exposure there; null for a simulated run. */
  readonly venue: VenueStatus | null;
  readonly accountCurrency: string;
  readonly account: {
    readonly balance: number;
    readonly equity: number;
    readonly unrealizedPnl: number;
    readonly marginUsed: number;
    readonly marginAvailable: number;
    /** Share of the margin in use, 0 to 1. */
    readonly marginUtilization: number;
    /** Change of equity since the first tick of the UTC day. */
    readonly dayPnl: number;
    readonly realizedPnl: number;
    readonly fees: number;
    readonly financing: number;
    readonly spreadCosts: number;
  };
  /** What the desk may use as margin, and the most of it that one position may take. */
  readonly budget: { readonly budget: number; readonly perPositionCap: number } | null;
  readonly counts: Readonly<Record<string, number>>;
  readonly gates: { readonly at: number; readonly ageSeconds: number } | null;
  readonly weights: {
    readonly at: number;
    readonly isHeld: boolean;
    readonly isFallback: boolean;
    readonly reason: string;
    readonly weights: Readonly<Record<string, number>>;
  } | null;
  readonly instruments: readonly InstrumentStatus[];
  readonly orders: readonly OrderStatus[];
  readonly modules: readonly ModuleStatus[];
  readonly alerts: readonly { readonly name: string; readonly raisedAt: number; readonly reason: string }[];
  readonly decisionsHash: string;
}

export interface VenueStatus {
  readonly venue: string;
  readonly account: string;
  readonly environment: string;
  readonly isArmed: boolean;
  /** What of the venue cannot be trusted at present: nothing is added there meanwhile. */
  readonly impairments: readonly {
    readonly part: string;
    readonly instrument: string | null;
    readonly reason: string;
    readonly at: number;
  }[];
  /** Orders of which nobody knows what came of them. */
  readonly unresolved: number;
}

export interface ModuleStatus {
  readonly name: string;
  readonly displayName: string;
  readonly slot: string;
  readonly mode: string;
  readonly calls: number;
  readonly changed: number;
  readonly refused: number;
  readonly failed: number;
}

export interface OrderStatus {
  readonly clientOrderId: string;
  readonly instrument: string;
  readonly side: string;
  readonly quantity: number;
  readonly purpose: string;
  readonly state: string;
  readonly stopPrice: number | null;
  readonly limitPrice: number | null;
}

/** How a run is presented beside what its engine knows. */
export interface StatusFrame {
  readonly market: string;
  readonly isDemonstration: boolean;
  readonly speed: number;
}

export function deskStatus(engine: Engine, frame: StatusFrame): DeskStatus {
  const { state, policies } = engine;
  const figures = policies === undefined ? undefined : accountFigures(state, policies.desk);
  return {
    desk: state.desk,
    kind: state.kind,
    runId: state.runId,
    at: state.at,
    isWarm: state.isWarm,
    ...frame,
    isMarketOpen: state.calendar !== null && isMarketOpen(state.calendar, state.at),
    kill: { ...state.kill },
    venue: venueOf(engine),
    accountCurrency: policies?.desk.accountCurrency ?? '',
    account: accountOf(engine, figures),
    budget: figures === undefined ? null : budgetOf(engine, figures),
    counts: { ...state.counts },
    gates: state.gates === null ? null : { at: state.gates.ts, ageSeconds: (state.at - state.gates.ts) / 1000 },
    weights: weightsOf(engine),
    instruments: state.instrumentIds.map((id) => instrumentStatus(engine, id)),
    orders: workingOrders(engine),
    modules: Object.keys(state.calls)
      .sort()
      .map((key) => moduleStatus(engine, key)),
    alerts: Object.keys(state.alerts)
      .sort()
      .flatMap((name) => {
        const alert = state.alerts[name];
        return alert === undefined ? [] : [{ name, ...alert }];
      }),
    decisionsHash: decisionsHash(state.hash),
  };
}

function venueOf({ state }: Engine): VenueStatus | null {
  if (state.venue === null) return null;
  const { venue, account, environment } = state.venue;
  const impairments = Object.values(state.impairments).sort((left, right) => left.at - right.at);
  const unresolved = [...state.orders.values()].filter((record) => isUnresolved(record)).length;
  return { venue, account, environment, isArmed: state.isArmed, impairments, unresolved };
}

function accountOf({ state, policies }: Engine, figures: AccountFigures | undefined): DeskStatus['account'] {
  const scale = scaleOf(policies?.desk.moneyDecimals ?? 0);
  const { account } = state;
  const equity = figures?.equity ?? account.balance;
  return {
    balance: account.balance / scale,
    equity: equity / scale,
    unrealizedPnl: (figures?.unrealizedPnl ?? 0) / scale,
    marginUsed: (figures?.marginUsed ?? 0) / scale,
    marginAvailable: (figures?.marginAvailable ?? 0) / scale,
    marginUtilization: figures === undefined ? 0 : marginUtilization(figures),
    dayPnl: (equity - account.dayStartEquity) / scale,
    realizedPnl: account.realizedPnl / scale,
    fees: account.fees / scale,
    financing: account.financing / scale,
    spreadCosts: account.spreadCost / scale,
  };
}

/** The parameters of the module that caps positions; its schema has checked them. */
interface BudgetParameters {
  readonly targetFraction: number;
  readonly perPositionFraction: number;
  readonly perPositionBase: 'budget' | 'margin';
  readonly budgetBase: BudgetBase;
  readonly topK: number;
}

/** Budget and cap of one position (FX desk specification f.1); null where no module of the desk caps positions. */
function budgetOf({ state, policies }: Engine, figures: AccountFigures): DeskStatus['budget'] {
  if (policies === undefined || state.policies[`budget-ramp/${state.desk}`] === undefined) return null;
  const parameters = policies.of('budget-ramp') as BudgetParameters;
  const { targetFraction, perPositionFraction, perPositionBase, budgetBase, topK } = parameters;
  const { budget } = riskBudget(figures, targetFraction, budgetBase);
  const base = perPositionBase === 'budget' ? budget : marginOfBase(figures, budgetBase);
  const scale = scaleOf(policies.desk.moneyDecimals);
  return { budget: budget / scale, perPositionCap: Math.min(budget / topK, perPositionFraction * base) / scale };
}

function weightsOf({ state }: Engine): DeskStatus['weights'] {
  if (state.weights === null) return null;
  const { publishedAt, isHeld, isFallback, reason, weights } = state.weights;
  return { at: publishedAt, isHeld, isFallback, reason, weights };
}

function workingOrders({ state }: Engine): OrderStatus[] {
  const working: OrderStatus[] = [];
  for (const { request, state: orderState } of state.orders.values()) {
    if (isTerminal(orderState)) continue;
    const { clientOrderId, instrument, side, quantity, purpose } = request;
    const scale = scaleOf(state.markets[instrument]?.instrument.priceDecimals ?? 0);
    const priceOf = (ticks: number | null): number | null => (ticks === null ? null : ticks / scale);
    const stopPrice = priceOf(request.stopPrice);
    const limitPrice = priceOf(request.limitPrice);
    working.push({ clientOrderId, instrument, side, quantity, purpose, state: orderState, stopPrice, limitPrice });
  }
  return working;
}

function moduleStatus({ state, modules, policies }: Engine, key: string): ModuleStatus {
  const [name = '', slot = ''] = key.split('/');
  const counts = state.calls[key];
  return {
    name,
    displayName: modules.find((module) => module.name === name)?.displayName ?? name,
    slot,
    mode: policies?.desk.modes[name] ?? 'ACTIVE',
    calls: counts?.calls ?? 0,
    changed: counts?.changed ?? 0,
    refused: counts?.refused ?? 0,
    failed: counts?.failed ?? 0,
  };
}
