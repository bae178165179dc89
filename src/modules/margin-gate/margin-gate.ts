import { z } from 'zod';
import type { DecisionEntry } from '#domain/events.ts';
import { defineModule, type ModuleContext } from '#engine/module.ts';
import { exposureBook, fitIncreases } from '#metrics/fit-increases.ts';
import { marginUtilization } from '#metrics/margin-utilization.ts';

const parameters = z.strictObject({
  /** Share of the margin in use below which entries are let through again. */
  low: z.number().min(0).max(1).default(0.27),
  /** Share of the margin in use at which entries are blocked; no increase may lead above it. */
  high: z.number().min(0).max(1).default(0.3),
});
type Parameters = z.infer<typeof parameters>;
type Context = ModuleContext<Parameters>;

interface MarginState {
  isBlocked: boolean;
}

/**
 * Blocks entries once the margin in use reaches the upper bound and until it is below the lower one (FX desk specification f.4).
 * In the risk slot it shrinks increases so that they never lead above the upper bound.
 */
export const marginGate = defineModule<MarginState, Parameters>({
  name: 'margin-gate',
  displayName: 'Margin hysteresis',
  purpose: 'Blocks entries while too much margin is in use, and keeps increases from using too much.',
  parameters,
  initialState: () => ({ isBlocked: false }),
  evolve: {
    'time.ticked': (state, _, context) => {
      const { low, high } = context.parameters();
      const utilization = marginUtilization(context.account());
      if (utilization >= high) state.isBlocked = true;
      else if (utilization < low) state.isBlocked = false;
    },
  },
  propose: {
    gate: (value, state, context) => {
      const figure = marginUtilization(context.account());
      const code = state.isBlocked ? 'margin-high' : 'pass';
      const entries = value.map(({ instrument }): DecisionEntry => ({ subject: instrument, code, value: figure }));
      return { value: state.isBlocked && value.length > 0 ? [] : value, entries };
    },
    risk: (value, state, context) => {
      const total = state.isBlocked ? 0 : ceilingOf(context);
      const book = exposureBook(context, (instrument) => context.marginPerUnit(instrument));
      const { targets, entries } = fitIncreases(value, book, { total, position: Infinity });
      if (!state.isBlocked) return { value: targets, entries };
      return { value: targets, entries: entries.map((entry) => ({ ...entry, code: 'margin-high' })) };
    },
  },
});

function ceilingOf(context: Context): number {
  const { marginUsed, marginAvailable } = context.account();
  return context.parameters().high * (marginUsed + marginAvailable);
}
