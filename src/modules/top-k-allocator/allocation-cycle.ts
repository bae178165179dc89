import type { EventByType, GatesDocument, WeightsDocument } from '#domain/events.ts';
import { type GatesProblem, gatesProblem } from '#domain/gates-validity.ts';
import type { InstrumentId } from '#domain/instrument.ts';
import { isInSession } from '#domain/trading-session.ts';
import type { ModuleContext } from '#engine/module.ts';
import type { AllocatorParameters } from './allocator-parameters.ts';
import { type ScoredSymbol, topKWeights } from './top-k-weights.ts';

type Context = ModuleContext<AllocatorParameters>;
type Manifold = EventByType['manifold.published'];

/** A hazard of this much counts as the whole of its term, so that its weight compares with the others. */
const hazardScale = 0.1;
const minuteMs = 60_000;

/** What one cycle came to. */
export interface AllocationCycle {
  readonly document: WeightsDocument;
  /** Symbols whose data is too old to be judged: leaving the weights says nothing about them. */
  readonly unjudged: readonly string[];
  readonly problem: GatesProblem['code'] | undefined;
}

/** One listed instrument as a cycle sees it. */
interface Surveyed {
  readonly id: InstrumentId;
  readonly symbol: string;
  /** Undefined while no window of the instrument has been read. */
  readonly score: number | undefined;
  readonly isFresh: boolean;
}

/**
 * One cycle of the allocator (FX desk specification e): the eligible instruments with the best scores share the weights. With no
 * usable gates, or nothing eligible, the vector before is held; before the first vector the best open instruments stand in.
 */
export function allocationCycle(context: Context): AllocationCycle {
  const { gates, weights: previous } = context.view;
  const parameters = context.parameters();
  const surveyed = survey(context, parameters);
  const symbols = surveyed.map(({ symbol }) => symbol);
  const maxAgeMs = parameters.gatesMaxAgeSeconds * 1000;
  const problem = gatesProblem(gates, { at: context.at, symbols, maxAgeMs })?.code;
  const eligible =
    problem === undefined && gates !== null ? surveyed.filter((item) => isEligible(item, gates, context)) : [];
  const weights = topKWeights(candidatesOf(eligible), parameters.topK);
  const found: Findings = {
    scores: Object.fromEntries(candidatesOf(surveyed).map(({ symbol, score }) => [symbol, score])),
    eligibleCount: eligible.length,
    gatesAgeSeconds: gates === null ? null : (context.at - gates.ts) / 1000,
    reason: problem ?? (Object.keys(weights).length > 0 ? 'allocated' : 'none-eligible'),
  };
  const unjudged = surveyed.filter(({ isFresh }) => !isFresh).map(({ symbol }) => symbol);
  if (found.reason === 'allocated') return { document: vectorOf(weights, found, context), unjudged, problem };
  const isFirstBoot = previous === null || previous.isFallback;
  const document = isFirstBoot ? fallbackOf(surveyed, found, context) : heldOf(previous, found, context);
  return { document, unjudged, problem };
}

type Findings = Pick<WeightsDocument, 'scores' | 'eligibleCount' | 'gatesAgeSeconds' | 'reason'>;

function vectorOf(weights: Record<string, number>, found: Findings, context: Context): WeightsDocument {
  const { topK, targetFraction } = context.parameters();
  return {
    publishedAt: context.at,
    topK,
    weights,
    exposureFractions: Object.fromEntries(
      Object.entries(weights).map(([symbol, weight]) => [symbol, weight * targetFraction]),
    ),
    isHeld: false,
    heldSinceAt: null,
    isFallback: false,
    ...found,
  };
}

/** The vector before with its time of making, marked as held since the first cycle that could make none. */
function heldOf(previous: WeightsDocument, found: Findings, context: Context): WeightsDocument {
  return { ...previous, ...found, isHeld: true, heldSinceAt: previous.heldSinceAt ?? context.at };
}

/** The best open instruments whatever the evaluator says of them, for show until the first vector is made. */
function fallbackOf(surveyed: readonly Surveyed[], found: Findings, context: Context): WeightsDocument {
  const open = surveyed.filter((item) => item.isFresh && isOpenByCalendar(item.id, context));
  const weights = topKWeights(candidatesOf(open), context.parameters().topK);
  return { ...vectorOf(weights, found, context), isFallback: true };
}

function survey(context: Context, parameters: AllocatorParameters): Surveyed[] {
  const surveyed: Surveyed[] = [];
  for (const id of context.universe) {
    const market = context.view.markets[id];
    if (market === undefined) continue;
    const manifold = context.view.manifolds[id];
    const isYoung = context.at - market.closedAt <= parameters.manifoldAgeSeconds * 1000;
    surveyed.push({
      id,
      symbol: market.instrument.symbol,
      score: manifold === undefined ? undefined : scoreOf(manifold, parameters),
      isFresh: manifold !== undefined && isYoung,
    });
  }
  return surveyed;
}

function scoreOf(manifold: Manifold, parameters: AllocatorParameters): number {
  const hazard = Math.max(0, Math.min(1, manifold.hazardLambda / hazardScale));
  return (
    parameters.weightCoherence * manifold.coherence +
    parameters.weightStability * manifold.stability +
    parameters.weightRupture * (1 - manifold.rupture) +
    parameters.weightEntropy * (1 - manifold.entropy) -
    parameters.weightHazard * hazard
  );
}

function candidatesOf(surveyed: readonly Surveyed[]): ScoredSymbol[] {
  const candidates: ScoredSymbol[] = [];
  for (const { symbol, score } of surveyed) if (score !== undefined) candidates.push({ symbol, score });
  return candidates;
}

function isEligible(item: Surveyed, gates: GatesDocument, context: Context): boolean {
  const isAdmitted = gates.gates[item.symbol] === 1 && gates.cooldowns[item.symbol] === 0;
  return isAdmitted && item.isFresh && isInGatesSession(item, gates, context);
}

/** The evaluator's word on the session, with the minutes counted on to now. */
function isInGatesSession(item: Surveyed, gates: GatesDocument, context: Context): boolean {
  const { sessionTradingEnabled, sessionExitMinutes } = context.strategy(item.id);
  if (!sessionTradingEnabled) return true;
  const session = gates.sessions[item.symbol];
  if (session === undefined) return false;
  const minutesToClose = session.minutesToClose - Math.floor(Math.max(0, context.at - gates.ts) / minuteMs);
  return session.open && minutesToClose > sessionExitMinutes;
}

function isOpenByCalendar(id: InstrumentId, context: Context): boolean {
  const instrument = context.view.markets[id]?.instrument;
  return instrument !== undefined && isInSession(context.view.calendar, instrument, context.strategy(id), context.at);
}
