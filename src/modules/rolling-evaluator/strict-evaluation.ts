import type { InstrumentId } from '#domain/instrument.ts';
import { parameterKey } from '#domain/parameter-key.ts';
import { strictSummary } from '#metrics/shadow-run/strict-window.ts';
import { adaptiveFloors, bufferOf, shortfalls } from './adaptive-floors.ts';
import { countResult } from './eligibility-counters.ts';
import {
  type EvaluatorEvolveContext,
  type EvaluatorState,
  historyOf,
  type InstrumentEvaluation,
  runOf,
} from './evaluator-state.ts';
import { addSample, forgetSamples } from './floor-history.ts';
import { gateReasons, missingForResult } from './gate-reasons.ts';

/**
 * Makes a new result for every instrument that has one: summary, floors, counters (FX desk specification d.1 to d.4), and publishes it.
 * Where no bar has come since the last result, or data is missing, there is none and the counters stay as they are.
 */
export function evaluateAll(state: EvaluatorState, context: EvaluatorEvolveContext): void {
  for (const instrument of context.universe) {
    const evaluation = state.byInstrument[instrument];
    if (evaluation === undefined || evaluation.set.history.end === evaluation.evaluatedBars) continue;
    if (missingForResult(evaluation, instrument, context) !== undefined) continue;
    evaluateOne(evaluation, instrument, context);
  }
}

function evaluateOne(
  evaluation: InstrumentEvaluation,
  instrument: InstrumentId,
  context: EvaluatorEvolveContext,
): void {
  const run = runOf(evaluation);
  const market = context.view.markets[instrument];
  if (run === undefined || market === undefined) return;
  const { at } = context;
  const parameters = context.parameters(instrument);
  const key = parameterKey(run.settings);
  const history = historyOf(evaluation, key);
  const summary = strictSummary(evaluation.strict, run, at);
  // Read literally, the result at hand is part of the past it is measured by.
  if (parameters.floorMode === 'literal') addSample(history, summary, at);
  else forgetSamples(history, at);
  const buffer = bufferOf(parameters, market.instrument.symbol);
  const { floors, passAt, failBelow } = adaptiveFloors(parameters, history, buffer);
  if (parameters.floorMode === 'repaired') addSample(history, summary, at);
  evaluation.evaluatedBars = evaluation.set.history.end;
  evaluation.hasResult = true;
  evaluation.shortfalls = shortfalls(summary, passAt);
  const verdict = { isPass: evaluation.shortfalls.length === 0, isFail: shortfalls(summary, failBelow).length > 0 };
  countResult(evaluation.counters, verdict, parameters, at);
  const { passes, fails, misses } = evaluation.counters;
  context.publish({
    type: 'evaluation.completed',
    at,
    instrument,
    parameterKey: key,
    days: parameters.windowDays,
    summary,
    floors,
    isEligible: gateReasons(evaluation, instrument, context).length === 0,
    counters: { passes, fails, misses },
  });
}
