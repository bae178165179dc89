import type { DeepReadonly } from '#base/deep-readonly.ts';
import type { DecisionEntry, EventByType } from '#domain/events.ts';
import type { InstrumentId } from '#domain/instrument.ts';
import type { SupervisionRequest } from '#domain/pipeline.ts';
import { defineModule, type EvolveContext, type ModuleContext, type Proposal } from '#engine/module.ts';
import { marketInputs, type ReadMarket } from '#metrics/shadow-run/market-inputs.ts';
import { createRunSet, type RunSet, resizeHistory, retuneRuns, stepRuns } from '#metrics/shadow-run/run-set.ts';
import { shadowSettings } from '#metrics/shadow-run/shadow-settings.ts';
import { chooseParameters, type ParameterChoice } from './parameter-choice.ts';
import { type SelectionParameters, selectionParameters } from './selection-parameters.ts';

const dayMs = 86_400_000;

/** What the selection keeps of one instrument: plain data. */
interface InstrumentSelection {
  /** The run of the strategy in force first, then one a candidate. */
  set: RunSet;
  /** When the next choice is due. */
  dueAt: number;
  /** What came of the last choice, null before the first. */
  choice: ParameterChoice | null;
  /** Whether the choice still waits to be taken over. */
  isPending: boolean;
}

interface SelectionState {
  byInstrument: Record<InstrumentId, InstrumentSelection>;
}

type Context = ModuleContext<SelectionParameters>;

/**
 * Chooses the parameters of each instrument anew every week: candidates run in the shadow beside the strategy in force, are ranked on days
 * that end a week ago, and must prove themselves on the week that was held out. A choice is a proposal to change policy, which the
 * house checks like any other.
 */
export const parameterSelection = defineModule<SelectionState, SelectionParameters>({
  name: 'parameter-selection',
  displayName: 'Trials and promotion',
  purpose: 'Proposes the parameters of the shadow run that was best, and held on days it was not chosen on.',
  parameters: selectionParameters,
  initialState: () => ({ byInstrument: {} }),
  evolve: {
    'bar.closed': takeBar,
    'policy.changed': (state, event, context) => {
      settle(state, event.key, context);
      const isOurs = event.key.startsWith('strategy/') || event.key.startsWith('parameter-selection/');
      if (isOurs) retuneAll(state, context);
    },
    'time.ticked': chooseWhereDue,
  },
  propose: { supervision: (value, state, context) => proposeChoices(value, state, context) },
});

function takeBar(
  state: SelectionState,
  bar: EventByType['bar.closed'],
  context: EvolveContext<SelectionParameters>,
): void {
  const market = context.view.markets[bar.instrument];
  const parameters = context.parameters(bar.instrument);
  if (market === undefined || !parameters.isEnabled) return;
  let selection = state.byInstrument[bar.instrument];
  if (selection === undefined) {
    const set = createRunSet(spanDays(parameters), context.desk.barIntervalMs);
    selection = { set, dueAt: 0, choice: null, isPending: false };
    state.byInstrument[bar.instrument] = selection;
    retune(selection, market, bar.instrument, context);
  }
  stepRuns(selection.set, bar, marketInputs(market, context));
}

function spanDays({ selectionDays, holdOutDays }: SelectionParameters): number {
  return selectionDays + holdOutDays;
}

/** Brings the runs to the strategy in force and its candidates; runs that would do the same as before keep their round trips. */
function retune(selection: InstrumentSelection, market: ReadMarket, instrument: InstrumentId, context: Context): void {
  const parameters = context.parameters(instrument);
  const strategy = context.strategy(instrument);
  resizeHistory(selection.set, spanDays(parameters), context.desk.barIntervalMs);
  const candidates = parameters.candidates.map((candidate) => shadowSettings(strategy, candidate));
  retuneRuns(selection.set, [shadowSettings(strategy), ...candidates], marketInputs(market, context));
}

function retuneAll(state: SelectionState, context: Context): void {
  for (const instrument of context.universe) {
    const selection = state.byInstrument[instrument];
    const market = context.view.markets[instrument];
    if (selection === undefined || market === undefined) continue;
    // While the selection is off it sees no bars; what it remembers would have a hole when it is on again.
    if (context.parameters(instrument).isEnabled) retune(selection, market, instrument, context);
    else delete state.byInstrument[instrument];
  }
}

/**
 * A change of a strategy ends the wait of the choices for it, taken over or refused: it was ours, or the choice was made against a strategy
 * that is no longer in force.
 */
function settle(state: SelectionState, key: string, context: Context): void {
  const isEverywhere = key === `strategy/${context.view.desk}`;
  for (const instrument of context.universe) {
    const selection = state.byInstrument[instrument];
    if (selection === undefined) continue;
    if (isEverywhere || policyKey(instrument, context) === key) selection.isPending = false;
  }
}

function policyKey(instrument: InstrumentId, { view }: Context): string | undefined {
  const symbol = view.markets[instrument]?.instrument.symbol;
  return symbol === undefined ? undefined : `strategy/${view.desk}/${symbol}`;
}

/** Chooses for each instrument whose interval is over. With too short a history nothing is due: it asks again at the next tick. */
function chooseWhereDue(state: SelectionState, event: EventByType['time.ticked'], context: Context): void {
  if (!context.view.isWarm) return;
  for (const instrument of context.universe) {
    const selection = state.byInstrument[instrument];
    const parameters = context.parameters(instrument);
    if (selection === undefined || !parameters.isEnabled || event.at < selection.dueAt) continue;
    const startedAt = selection.set.runs[0]?.startedAt ?? Number.POSITIVE_INFINITY;
    if (event.at - startedAt < spanDays(parameters) * dayMs) continue;
    const choice = chooseParameters(selection.set.runs, parameters, event.at);
    selection.choice = choice;
    selection.isPending = choice.code === 'chosen';
    selection.dueAt = event.at + parameters.intervalDays * dayMs;
  }
}

function proposeChoices(
  value: readonly SupervisionRequest[],
  state: DeepReadonly<SelectionState>,
  context: Context,
): Proposal<'supervision'> {
  const entries: DecisionEntry[] = [];
  const requests: SupervisionRequest[] = [];
  for (const instrument of context.universe) {
    const selection = state.byInstrument[instrument];
    if (selection === undefined || selection.choice === null) continue;
    const { code, changes, reason } = selection.choice;
    entries.push({ subject: instrument, code, value: null });
    const key = policyKey(instrument, context);
    if (!selection.isPending || key === undefined) continue;
    requests.push({ type: 'changePolicy', instrument, key, changes, reason });
  }
  return { value: requests.length === 0 ? value : [...value, ...requests], entries };
}
