import { z } from 'zod';
import type { InstrumentId } from '#domain/instrument.ts';
import { defineModule, type ModuleContext } from '#engine/module.ts';
import { exposureBook, fitIncreases } from '#metrics/fit-increases.ts';

const parameters = z.strictObject({
  /** Most that one position may have at risk, as a share of equity. */
  perPositionMaximum: z.number().min(0).max(1).default(0.005),
  /** Most that all positions may have at risk, as a share of equity; correlation is not counted, so it errs high. */
  totalMaximum: z.number().min(0).max(1).default(0.02),
  horizonMinutes: z.number().positive().default(60),
  quantile: z
    .number()
    .positive()
    .default(1.645)
    .describe('Standard deviations that count as the bad case: 1.645 leaves one in twenty beyond it.'),
});
type Parameters = z.infer<typeof parameters>;
type Context = ModuleContext<Parameters>;

const minuteMs = 60_000;

/**
 * Shrinks increases until each position and all of them together fit their share of equity at risk:
 * `quantile × sigma × √horizon × notional ÷ equity`, with sigma of one bar (FX desk specification f.4).
 * An unknown sigma lets nothing grow.
 */
export const valueAtRisk = defineModule<Record<string, never>, Parameters>({
  name: 'value-at-risk',
  displayName: 'VaR',
  purpose: 'Shrinks increases until what may be lost within the horizon fits its share of equity.',
  parameters,
  initialState: () => ({}),
  propose: {
    risk: (value, _, context) => {
      const { perPositionMaximum, totalMaximum } = context.parameters();
      const book = exposureBook(context, (instrument) => riskPerUnit(instrument, context));
      const { targets, entries } = fitIncreases(value, book, { total: totalMaximum, position: perPositionMaximum });
      return { value: targets, entries };
    },
  },
});

/** Share of equity that one unit has at risk; undefined while sigma, price or equity is missing. A sigma of zero is one not yet known. */
function riskPerUnit(instrument: InstrumentId, context: Context): number | undefined {
  const { quantile, horizonMinutes } = context.parameters();
  const sigma = context.view.manifolds[instrument]?.sigmaEffective ?? 0;
  const notional = context.notionalPerUnit(instrument);
  const { equity } = context.account();
  if (notional === undefined || !(sigma > 0) || equity <= 0) return undefined;
  const bars = (horizonMinutes * minuteMs) / context.desk.barIntervalMs;
  return (quantile * sigma * Math.sqrt(bars) * notional) / equity;
}
