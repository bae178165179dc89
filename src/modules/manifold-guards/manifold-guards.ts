import { z } from 'zod';
import type { InstrumentId } from '#domain/instrument.ts';
import { filterSignals, passVerdict, type SignalVerdict } from '#domain/signal-verdicts.ts';
import { defineModule, type ModuleContext } from '#engine/module.ts';
import { calibratedLevels, type GuardCode, type GuardedMeasures, guardCode } from '#metrics/guard-levels.ts';

const parameters = z.strictObject({
  /** Highest chance of a rupture within a minute, 0 to 1; null switches the bound off. */
  hazardMaximum: z.number().min(0).max(1).nullable().default(null),
});
type Context = ModuleContext<z.infer<typeof parameters>>;

/** Lets a signal pass only where its newest window keeps to every bound (FX desk specification g; calibrated by default). */
export const manifoldGuards = defineModule<Record<string, never>, z.infer<typeof parameters>>({
  name: 'manifold-guards',
  displayName: 'Guard evaluator',
  purpose: 'Blocks entries whose newest window breaks a bound on coherence, stability, rupture, entropy or hazard.',
  parameters,
  initialState: () => ({}),
  propose: {
    gate: (value, _, context) => filterSignals(value, ({ instrument }) => verdictOf(instrument, context)),
  },
});

function verdictOf(instrument: InstrumentId, context: Context): SignalVerdict {
  const manifold = context.view.markets[instrument]?.manifold;
  if (manifold === undefined || manifold.windowCount === 0) return { code: 'no-window', value: null };
  const strategy = context.strategy(instrument);
  const levels = strategy.guardProfile === 'seed' ? strategy : calibratedLevels(manifold.history, strategy);
  if (levels === undefined) return { code: 'uncalibrated', value: manifold.history.coherence.count };
  const code = guardCode(manifold.window, levels);
  if (code !== 'pass') return { code, value: measureOf(code, manifold.window) };
  const { hazardMaximum } = context.parameters(instrument);
  if (hazardMaximum === null) return passVerdict;
  const hazard = context.view.manifolds[instrument]?.hazardLambda;
  if (hazard === undefined) return { code: 'no-window', value: null };
  return hazard <= hazardMaximum ? passVerdict : { code: 'hazard-above-max', value: hazard };
}

function measureOf(code: Exclude<GuardCode, 'pass'>, measures: GuardedMeasures): number {
  switch (code) {
    case 'coherence-below-min':
      return measures.coherence;
    case 'stability-below-min':
      return measures.stability;
    case 'rupture-above-max':
      return measures.rupture;
    case 'entropy-above-max':
      return measures.entropy;
  }
}
