import { z } from 'zod';
import { defineModule } from '#engine/module.ts';
import { exposureBook, fitIncreases } from '#metrics/fit-increases.ts';

const parameters = z.strictObject({
  /** Share of the account that may be in use as margin. */
  targetFraction: z.number().gt(0).max(1).default(0.3),
});
type Parameters = z.infer<typeof parameters>;

/**
 * Holds the margin of all positions under `targetFraction × min(balance, equity)`. Free margin is no part of the bound, so that
 * positions already in hand do not shrink it: what they use counts against it instead.
 */
export const budgetLimit = defineModule<Record<string, never>, Parameters>({
  name: 'budget-limit',
  displayName: 'Budget',
  purpose: 'Shrinks increases until the margin of all positions fits the budget.',
  parameters,
  initialState: () => ({}),
  propose: {
    risk: (value, _, context) => {
      const { balance, equity } = context.account();
      const total = context.parameters().targetFraction * Math.max(0, Math.min(balance, equity));
      const book = exposureBook(context, (instrument) => context.marginPerUnit(instrument));
      const { targets, entries } = fitIncreases(value, book, { total, position: Infinity });
      return { value: targets, entries };
    },
  },
});
