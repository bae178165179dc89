import { z } from 'zod';
import { medianSpreadBps } from '#domain/costs.ts';
import type { InstrumentId } from '#domain/instrument.ts';
import { filterSignals, passVerdict, type SignalVerdict } from '#domain/signal-verdicts.ts';
import { defineModule, type ModuleContext } from '#engine/module.ts';

const parameters = z.strictObject({
  /** Widest spread in basis points of the mid; null stands for twice the median of the cost table. */
  maximumSpreadBps: z.number().min(0).nullable().default(null),
});
type Context = ModuleContext<z.infer<typeof parameters>>;

/** Blocks entries while the spread is wide or there is no quote (FX desk specification f.4). */
export const spreadGate = defineModule<Record<string, never>, z.infer<typeof parameters>>({
  name: 'spread-gate',
  displayName: 'Spread gate',
  purpose: 'Blocks entries while the spread is wider than the instrument allows.',
  parameters,
  initialState: () => ({}),
  propose: {
    gate: (value, _, context) => filterSignals(value, ({ instrument }) => verdictOf(instrument, context)),
  },
});

/** The verdict with the spread in basis points where it is too wide. */
function verdictOf(instrument: InstrumentId, context: Context): SignalVerdict {
  const market = context.view.markets[instrument];
  const mid = context.midPrice(instrument);
  if (market === undefined || mid === undefined) return { code: 'no-quote', value: null };
  const maximum =
    context.parameters(instrument).maximumSpreadBps ?? 2 * medianSpreadBps(context.costs, market.instrument, mid);
  const spreadBps = ((market.askPrice - market.bidPrice) / mid) * 10_000;
  if (spreadBps <= maximum) return passVerdict;
  return { code: 'spread-wide', value: spreadBps };
}
