import type { EventByType, GatesDocument } from '#domain/events.ts';
import { gatesProblem } from '#domain/gates-validity.ts';
import type { Signal } from '#domain/pipeline.ts';
import { filterSignals } from '#domain/signal-verdicts.ts';
import { defineModule, type Proposal } from '#engine/module.ts';
import { marketInputs } from '#metrics/shadow-run/market-inputs.ts';
import { followCalendar, stepRuns } from '#metrics/shadow-run/run-set.ts';
import { type EvaluatorParameters, evaluatorParameters } from './evaluator-parameters.ts';
import {
  createEvaluatorState,
  type EvaluatorContext,
  type EvaluatorEvolveContext,
  type EvaluatorState,
  retuneEvaluation,
  startEvaluation,
} from './evaluator-state.ts';
import { watchGates } from './gate-alerts.ts';
import { gatesDocument } from './gates-document.ts';
import { evaluateAll } from './strict-evaluation.ts';

/**
 * Keeps a shadow run of the strategy in force on every instrument, judges its strict span against adaptive floors with hysteresis, and
 * publishes who may be traded (FX desk specification d). As a gate it reads what is published, whoever published it, and drops
 * every signal while that is missing, stale or broken.
 */
export const rollingEvaluator = defineModule<EvaluatorState, EvaluatorParameters>({
  name: 'rolling-evaluator',
  displayName: 'Rolling Evaluator',
  purpose: 'Lets signals pass only on instruments whose strategy has lately earned it in a shadow run.',
  parameters: evaluatorParameters,
  initialState: createEvaluatorState,
  evolve: {
    'bar.closed': takeBar,
    'policy.changed': takePolicy,
    'time.ticked': takeTick,
  },
  propose: { gate: (value, _, context) => gateSignals(value, context) },
});

function takeBar(state: EvaluatorState, bar: EventByType['bar.closed'], context: EvaluatorEvolveContext): void {
  const market = context.view.markets[bar.instrument];
  if (market === undefined) return;
  const evaluation = state.byInstrument[bar.instrument] ?? startEvaluation(market, bar.instrument, context);
  state.byInstrument[bar.instrument] = evaluation;
  stepRuns(evaluation.set, bar, marketInputs(market, context));
}

/** A strategy that changes begins a new run; parameters of the evaluator itself may change how far back it looks. */
function takePolicy(
  state: EvaluatorState,
  event: EventByType['policy.changed'],
  context: EvaluatorEvolveContext,
): void {
  if (!event.key.startsWith('strategy/') && !event.key.startsWith('rolling-evaluator/')) return;
  for (const instrument of context.universe) {
    const evaluation = state.byInstrument[instrument];
    const market = context.view.markets[instrument];
    if (evaluation !== undefined && market !== undefined) retuneEvaluation(evaluation, market, instrument, context);
  }
}

/** Results come first, so that the gates published at the same tick know them. */
function takeTick(state: EvaluatorState, _: EventByType['time.ticked'], context: EvaluatorEvolveContext): void {
  if (!context.view.isWarm) return;
  const { at } = context;
  const parameters = context.parameters();
  const isBacktestDue = at >= state.backtestDueAt;
  const isPublishDue = at >= state.publishDueAt;
  if (!isBacktestDue && !isPublishDue) return;
  followCalendars(state, context);
  if (isBacktestDue) {
    state.backtestDueAt = nextDueAt(at, parameters.backtestIntervalSeconds);
    evaluateAll(state, context);
  }
  if (isPublishDue) {
    state.publishDueAt = nextDueAt(at, parameters.intervalSeconds);
    state.sequence += 1;
    const document = gatesDocument(state, state.sequence, context);
    context.publish({ type: 'gates.published', at, document });
    watchGates(state.alerts, document, parameters, (fact) => context.publish(fact));
  }
}

function followCalendars(state: EvaluatorState, context: EvaluatorContext): void {
  for (const instrument of context.universe) {
    const evaluation = state.byInstrument[instrument];
    const market = context.view.markets[instrument];
    if (evaluation !== undefined && market !== undefined) followCalendar(evaluation.set, marketInputs(market, context));
  }
}

/** The next multiple of an interval after an instant. */
function nextDueAt(at: number, intervalSeconds: number): number {
  const intervalMs = intervalSeconds * 1000;
  return (Math.floor(at / intervalMs) + 1) * intervalMs;
}

function gateSignals(value: readonly Signal[], context: EvaluatorContext): Proposal<'gate'> {
  if (value.length === 0) return { value, entries: [] };
  const { gates, markets } = context.view;
  const symbols = context.universe.map((id) => markets[id]?.instrument.symbol ?? id);
  const maxAgeMs = context.parameters().blobMaxAgeSeconds * 1000;
  const problem = gatesProblem(gates, { at: context.at, maxAgeMs, symbols });
  return filterSignals(value, ({ instrument }) => {
    const code = problem === undefined ? gateCode(gates, markets[instrument]?.instrument.symbol) : problem.code;
    return { code, value: null };
  });
}

/** The first reason of a closed gate. */
function gateCode(gates: GatesDocument | null, symbol: string | undefined): string {
  if (gates === null || symbol === undefined) return 'gates-missing';
  return gates.gates[symbol] === 1 ? 'pass' : (gates.reasons[symbol]?.[0] ?? 'gate-closed');
}
