import type { InstrumentId } from '#domain/instrument.ts';
import type { EvolveContext, ModuleContext } from '#engine/module.ts';
import { marketInputs, type ReadMarket } from '#metrics/shadow-run/market-inputs.ts';
import { createRunSet, type RunSet, resizeHistory, retuneRuns } from '#metrics/shadow-run/run-set.ts';
import type { ShadowRun } from '#metrics/shadow-run/shadow-run.ts';
import { shadowSettings } from '#metrics/shadow-run/shadow-settings.ts';
import { createStrictWindow, type StrictWindow } from '#metrics/shadow-run/strict-window.ts';
import type { ShortfallCode } from './adaptive-floors.ts';
import { createCounters, type EligibilityCounters } from './eligibility-counters.ts';
import type { EvaluatorParameters } from './evaluator-parameters.ts';
import { createFloorHistory, type FloorHistory } from './floor-history.ts';
import { type AlertTimes, createAlertTimes } from './gate-alerts.ts';

export type EvaluatorContext = ModuleContext<EvaluatorParameters>;
export type EvaluatorEvolveContext = EvolveContext<EvaluatorParameters>;

/** Parameter keys whose results are remembered for each instrument; the one longest out of use goes first. */
const keysMax = 4;

/** The results under one parameter key. */
export interface KeyedHistory {
  readonly parameterKey: string;
  readonly history: FloorHistory;
}

/** What the evaluator keeps of one instrument: plain data. */
export interface InstrumentEvaluation {
  set: RunSet;
  strict: StrictWindow;
  counters: EligibilityCounters;
  /** Bars there were at the last result; without a new one there is no new result. */
  evaluatedBars: number;
  /** Whether there has been a result, and which measures of the last one an entry would miss. */
  hasResult: boolean;
  shortfalls: ShortfallCode[];
  /** Newest use last. */
  histories: KeyedHistory[];
}

/** The evaluator's state: plain data. */
export interface EvaluatorState {
  byInstrument: Record<InstrumentId, InstrumentEvaluation>;
  backtestDueAt: number;
  publishDueAt: number;
  sequence: number;
  alerts: AlertTimes;
}

export function createEvaluatorState(): EvaluatorState {
  return { byInstrument: {}, backtestDueAt: 0, publishDueAt: 0, sequence: 0, alerts: createAlertTimes() };
}

/** Begins to keep an instrument, with one shadow run of the strategy in force. */
export function startEvaluation(
  market: ReadMarket,
  instrument: InstrumentId,
  context: EvaluatorContext,
): InstrumentEvaluation {
  const { windowDays } = context.parameters(instrument);
  const evaluation: InstrumentEvaluation = {
    set: createRunSet(windowDays, context.desk.barIntervalMs),
    strict: createStrictWindow(windowDays),
    counters: createCounters(),
    evaluatedBars: 0,
    hasResult: false,
    shortfalls: [],
    histories: [],
  };
  retuneEvaluation(evaluation, market, instrument, context);
  return evaluation;
}

/**
 * Brings the shadow run of an instrument to the strategy in force. A strategy that does something else begins a new run, back-filled at
 * once, and with it a new strict window. The flag stays with the instrument: the next results confirm it or turn it.
 */
export function retuneEvaluation(
  evaluation: InstrumentEvaluation,
  market: ReadMarket,
  instrument: InstrumentId,
  context: EvaluatorContext,
): void {
  const { windowDays } = context.parameters(instrument);
  const { set } = evaluation;
  const before = set.runs[0];
  if (windowDays !== evaluation.strict.days) resizeHistory(set, windowDays, context.desk.barIntervalMs);
  retuneRuns(set, [shadowSettings(context.strategy(instrument))], marketInputs(market, context));
  if (set.runs[0] !== before || windowDays !== evaluation.strict.days)
    evaluation.strict = createStrictWindow(windowDays);
}

/** The one run of an instrument. */
export function runOf(evaluation: InstrumentEvaluation): ShadowRun | undefined {
  return evaluation.set.runs[0];
}

/** The results under a parameter key, begun where there are none. */
export function historyOf(evaluation: InstrumentEvaluation, parameterKey: string): FloorHistory {
  const { histories } = evaluation;
  const index = histories.findIndex((keyed) => keyed.parameterKey === parameterKey);
  const [found] = index === -1 ? [] : histories.splice(index, 1);
  const keyed = found ?? { parameterKey, history: createFloorHistory() };
  histories.push(keyed);
  if (histories.length > keysMax) histories.shift();
  return keyed.history;
}
