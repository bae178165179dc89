import { z } from 'zod';
import type { InstrumentId } from '#domain/instrument.ts';
import { filterSignals, passVerdict, type SignalVerdict } from '#domain/signal-verdicts.ts';
import { defineModule, type ModuleContext } from '#engine/module.ts';

const parameters = z.strictObject({
  /** Oldest that the newest bar may be, counted from its arrival. */
  manifoldAgeSeconds: z.int().min(0).default(60),
  /** Oldest that the newest window may be, counted from the close of its last bar. */
  signalAgeSeconds: z.int().min(0).default(300),
});
type Context = ModuleContext<z.infer<typeof parameters>>;

/** Blocks entries on data that has grown old (FX desk specification f.4). What is missing counts as old. */
export const freshness = defineModule<Record<string, never>, z.infer<typeof parameters>>({
  name: 'freshness',
  displayName: 'Freshness gate',
  purpose: 'Blocks entries whose newest bar or newest window is too old.',
  parameters,
  initialState: () => ({}),
  propose: {
    gate: (value, _, context) => filterSignals(value, ({ instrument }) => verdictOf(instrument, context)),
  },
});

/** The verdict with the age in seconds that broke its bound. */
function verdictOf(instrument: InstrumentId, context: Context): SignalVerdict {
  const { manifoldAgeSeconds, signalAgeSeconds } = context.parameters(instrument);
  const market = context.view.markets[instrument];
  if (market === undefined || market.manifold.windowCount === 0) {
    return { code: 'no-window', value: null };
  }
  const barAge = (context.at - market.arrivedAt) / 1000;
  if (barAge > manifoldAgeSeconds) return { code: 'bar-stale', value: barAge };
  // A window bears the opening of its last bar and is known when that bar closes.
  const windowAge = (context.at - market.manifold.window.windowEndAt - context.desk.barIntervalMs) / 1000;
  if (windowAge > signalAgeSeconds) return { code: 'window-stale', value: windowAge };
  return passVerdict;
}
