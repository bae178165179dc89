import { instrumentSession, sessionsOf } from '#domain/calendar.ts';
import { averagePrice } from '#domain/position.ts';
import { scaleOf } from '#domain/scale.ts';
import { marginPerUnit, positionProfit } from '#engine/account.ts';
import type { Engine } from '#engine/engine.ts';
import { midPrice, spreadBps } from '#engine/market.ts';

/** What a desk shows of one instrument: money in whole account units, prices as decimals, shares as fractions. */
export interface InstrumentStatus {
  readonly id: string;
  readonly symbol: string;
  readonly priceDecimals: number;
  readonly midPrice: number | null;
  readonly spreadBps: number | null;
  readonly session: { readonly isOpen: boolean; readonly minutesToClose: number };
  readonly isEligible: boolean;
  readonly reasons: readonly string[];
  /** The evaluator's hysteresis buffer; null before the first gates. */
  readonly buffer: number | null;
  readonly isCoolingDown: boolean;
  readonly weight: number;
  readonly coherence: number | null;
  readonly stability: number | null;
  readonly entropy: number | null;
  readonly rupture: number | null;
  readonly hazard: number | null;
  readonly manifoldAgeSeconds: number | null;
  readonly signedQuantity: number;
  readonly averagePrice: number;
  readonly unrealizedPnl: number;
  readonly marginUsed: number;
  /** Margin of one quantity step; null while a price on the way to the account currency is missing. */
  readonly marginPerUnit: number | null;
  /** Code of the standing refusal of the hard limits. */
  readonly denial: string | null;
  readonly trades30d: number | null;
  readonly calmar30d: number | null;
}

export function instrumentStatus(engine: Engine, id: string): InstrumentStatus {
  const { state } = engine;
  const market = state.markets[id];
  const evaluation = state.evaluations[id];
  const symbol = market?.instrument.symbol ?? id;
  const priceDecimals = market?.instrument.priceDecimals ?? 0;
  const mid = midPrice(market);
  const { gates } = state;
  return {
    id,
    symbol,
    priceDecimals,
    midPrice: mid === undefined ? null : mid / scaleOf(priceDecimals),
    spreadBps: spreadBps(market) ?? null,
    session: sessionOf(engine, id),
    isEligible: gates?.gates[symbol] === 1,
    reasons: gates === null ? ['no-gates'] : (gates.reasons[symbol] ?? []),
    buffer: gates?.bufs[symbol] ?? null,
    isCoolingDown: gates?.cooldowns[symbol] === 1,
    weight: state.weights?.weights[symbol] ?? 0,
    ...manifoldPart(engine, id),
    ...positionPart(engine, id),
    denial: state.denials[id] ?? null,
    trades30d: evaluation?.summary.trades ?? null,
    calmar30d: evaluation?.summary.calmar ?? null,
  };
}

function sessionOf({ state }: Engine, id: string): InstrumentStatus['session'] {
  const instrument = state.markets[id]?.instrument;
  if (state.calendar === null || instrument === undefined) return { isOpen: false, minutesToClose: 0 };
  const names = sessionsOf([instrument.baseCurrency, instrument.quoteCurrency]);
  const { isOpen, minutesToClose } = instrumentSession(state.calendar, names, state.at);
  return { isOpen, minutesToClose };
}

type ManifoldPart = Pick<
  InstrumentStatus,
  'coherence' | 'stability' | 'entropy' | 'rupture' | 'hazard' | 'manifoldAgeSeconds'
>;

function manifoldPart({ state }: Engine, id: string): ManifoldPart {
  const manifold = state.manifolds[id];
  if (manifold === undefined) {
    const none = { coherence: null, stability: null, entropy: null, rupture: null };
    return { ...none, hazard: null, manifoldAgeSeconds: null };
  }
  const { coherence, stability, entropy, rupture, hazardLambda } = manifold;
  const manifoldAgeSeconds = (state.at - manifold.at) / 1000;
  return { coherence, stability, entropy, rupture, hazard: hazardLambda, manifoldAgeSeconds };
}

type PositionPart = Pick<
  InstrumentStatus,
  'signedQuantity' | 'averagePrice' | 'unrealizedPnl' | 'marginUsed' | 'marginPerUnit'
>;

function positionPart({ state, policies }: Engine, id: string): PositionPart {
  const position = state.positions[id];
  const priceScale = scaleOf(state.markets[id]?.instrument.priceDecimals ?? 0);
  const signedQuantity = position?.signedQuantity ?? 0;
  const average = position === undefined ? 0 : averagePrice(position) / priceScale;
  if (policies === undefined) {
    return { signedQuantity, averagePrice: average, unrealizedPnl: 0, marginUsed: 0, marginPerUnit: null };
  }
  const moneyScale = scaleOf(policies.desk.moneyDecimals);
  const perUnit = marginPerUnit(state, id, policies.desk);
  return {
    signedQuantity,
    averagePrice: average,
    unrealizedPnl: positionProfit(state, id, policies.desk) / moneyScale,
    marginUsed: (Math.abs(signedQuantity) * (perUnit ?? 0)) / moneyScale,
    marginPerUnit: perUnit === undefined ? null : perUnit / moneyScale,
  };
}
