import { z } from 'zod';
import { defineModule } from '#engine/module.ts';

const parameters = z.strictObject({
  /** What is to be held, by symbol, in the instrument's steps; what is not named is left alone. */
  targets: z.record(z.string(), z.int()).default({}),
  /** How far from the mid the stop of an entry lies, as a fraction; 0 for no stop. */
  stopFraction: z.number().min(0).max(0.5).default(0.01),
  /** The same of its target. */
  targetFraction: z.number().min(0).max(0.5).default(0),
  /** Where the stops of positions are to be moved to, by symbol, in price steps; for a desk that has the module in that slot. */
  stops: z.record(z.string(), z.int()).default({}),
});

/** Wants to hold what its policy says: so a test decides, and the journal knows why. */
export const wantingModule = defineModule<Record<string, never>, z.infer<typeof parameters>>({
  name: 'wanting',
  displayName: 'Wanting',
  purpose: 'Holds what its parameters say.',
  parameters,
  initialState: () => ({}),
  propose: {
    position: (_value, _state, context) => {
      const { stops } = context.parameters();
      const value = context.universe.flatMap((instrument) => {
        const stopPrice = stops[context.view.markets[instrument]?.instrument.symbol ?? ''];
        return stopPrice === undefined ? [] : [{ type: 'moveStop' as const, instrument, stopPrice, reason: 'wanted' }];
      });
      return { value, entries: [] };
    },
    allocation: (_value, _state, context) => {
      const { targets, stopFraction, targetFraction } = context.parameters();
      const value = context.universe.flatMap((instrument) => {
        const listed = context.view.markets[instrument]?.instrument;
        const mid = context.midPrice(instrument);
        const signedQuantity = targets[listed?.symbol ?? ''];
        if (listed === undefined || mid === undefined || signedQuantity === undefined) return [];
        const sign = signedQuantity < 0 ? -1 : 1;
        const at = (fraction: number): number | null =>
          fraction === 0 ? null : Math.round((mid * (1 + fraction)) / listed.tickSize) * listed.tickSize;
        const plan = {
          stopPrice: at(-sign * stopFraction),
          targetPrice: at(sign * targetFraction),
          leverage: null,
        };
        return [{ instrument, signedQuantity, sizeFraction: 1, plan, strategy: 'wanting', reason: 'wanted' }];
      });
      return { value, entries: [] };
    },
  },
});
