import { z } from 'zod';
import type { DecisionEntry } from '#domain/events.ts';
import type { InstrumentId } from '#domain/instrument.ts';
import { defineModule } from '#engine/module.ts';

const parameters = z.strictObject({
  excluded: z
    .array(z.string())
    .default(() => [])
    .describe('Symbols, as policies spell them, that are never traded.'),
});

/** Keeps the pairs for which there is data and which the policy does not leave out. */
export const pairList = defineModule<Record<string, never>, z.infer<typeof parameters>>({
  name: 'pair-list',
  displayName: 'Pair list',
  purpose: 'Keeps the pairs that have had bars and are not excluded.',
  parameters,
  initialState: () => ({}),
  propose: {
    universe: (value, _, context) => {
      const { excluded } = context.parameters();
      const entries: DecisionEntry[] = [];
      const kept: InstrumentId[] = [];
      for (const instrument of value) {
        const market = context.view.markets[instrument];
        if (market === undefined || market.barCount === 0) {
          entries.push({ subject: instrument, code: 'no-data', value: null });
        } else if (excluded.includes(market.instrument.symbol)) {
          entries.push({ subject: instrument, code: 'excluded', value: null });
        } else {
          kept.push(instrument);
        }
      }
      return { value: entries.length === 0 ? value : kept, entries };
    },
  },
});
