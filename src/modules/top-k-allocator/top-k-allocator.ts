import { isMarketOpen } from '#domain/calendar.ts';
import type { GatesProblem } from '#domain/gates-validity.ts';
import { defineModule, type EvolveContext } from '#engine/module.ts';
import { allocationCycle } from './allocation-cycle.ts';
import { allocationTargets } from './allocation-targets.ts';
import { type AllocatorParameters, allocatorParameters } from './allocator-parameters.ts';

/** Name of the alert that stands while the evaluator's document cannot be used. */
const alertName = 'allocation-held';

interface AllocatorState {
  /** Time of the last cycle, 0 before the first. */
  cycledAt: number;
  /** Cycles that found the evaluator's document unusable. */
  unusableGates: number;
  /** Symbols whose data was too old to be judged in the last cycle. */
  unjudged: string[];
}

/** Shares the budget among the best eligible instruments and closes what has left them (FX desk specification e). */
export const topKAllocator = defineModule<AllocatorState, AllocatorParameters>({
  name: 'top-k-allocator',
  displayName: 'Allocator-Lite',
  purpose: 'Gives the eligible instruments with the best scores their share of the budget.',
  parameters: allocatorParameters,
  initialState: () => ({ cycledAt: 0, unusableGates: 0, unjudged: [] }),
  evolve: {
    'time.ticked': (state, { at }, context) => {
      if (!context.view.isWarm || !isDue(state.cycledAt, at, context)) return;
      state.cycledAt = at;
      const { document, unjudged, problem } = allocationCycle(context);
      state.unjudged = unjudged.slice();
      if (problem !== undefined) state.unusableGates += 1;
      warn(problem, context);
      context.publish({ type: 'weights.published', at, document });
    },
  },
  propose: {
    allocation: (value, state, context) => allocationTargets(value, state.unjudged, context),
  },
});

/**
 * True at the first tick of each interval of the event-time grid. Bars arrive on the whole minute and the decision follows one
 * grid step later; the cycle has that phase, so that it reads the same bars as the decision.
 */
function isDue(cycledAt: number, at: number, context: EvolveContext<AllocatorParameters>): boolean {
  const intervalMs = context.parameters().intervalSeconds * 1000;
  const phaseMs = context.desk.decisionGridMs;
  return Math.floor((at - phaseMs) / intervalMs) > Math.floor((cycledAt - phaseMs) / intervalMs);
}

/** Raises the alert once while gates are unusable in an open market, except on the first boot; clears it when they are back. */
function warn(problem: GatesProblem['code'] | undefined, context: EvolveContext<AllocatorParameters>): void {
  const { alerts, calendar, weights } = context.view;
  const isRaised = alerts[alertName] !== undefined;
  if (problem === undefined) {
    if (isRaised) context.publish({ type: 'alert.cleared', at: context.at, name: alertName });
    return;
  }
  const isOpen = calendar !== null && isMarketOpen(calendar, context.at);
  if (isRaised || !isOpen || weights === null) return;
  context.publish({ type: 'alert.raised', at: context.at, name: alertName, reason: problem });
}
