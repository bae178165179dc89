import { z } from 'zod';
import type { DecisionEntry } from '#domain/events.ts';
import type { OrderPlan } from '#domain/pipeline.ts';
import { defineModule } from '#engine/module.ts';

const parameters = z.strictObject({});

/**
 * Sends every order to the market, filled whole or not at all, an entry with the bracket of its plan (FX desk specification g).
 * Quantities stay as they are.
 */
export const marketBracket = defineModule<Record<string, never>, Record<string, never>>({
  name: 'market-bracket',
  displayName: 'Market with bracket',
  purpose: 'Turns order plans into market orders, entries with their stop and target attached.',
  parameters,
  initialState: () => ({}),
  propose: {
    execution: (value) => {
      const entries: DecisionEntry[] = [];
      const plans = value.map((plan) => {
        if (isReady(plan)) return plan;
        const replaced = atMarket(plan);
        entries.push({ subject: plan.instrument, code: codeOf(replaced), value: plan.quantity });
        return replaced;
      });
      return { value: entries.length === 0 ? value : plans, entries };
    },
  },
});

function isReady(plan: OrderPlan): boolean {
  const isMarket = plan.orderType === 'market' && plan.timeInForce === 'fillOrKill' && plan.expiresAt === null;
  return isMarket && (plan.purpose === 'entry' || (plan.isReduceOnly && plan.bracket === null));
}

function atMarket(plan: OrderPlan): OrderPlan {
  const isEntry = plan.purpose === 'entry';
  return {
    ...plan,
    orderType: 'market',
    limitPrice: null,
    stopPrice: null,
    timeInForce: 'fillOrKill',
    expiresAt: null,
    isReduceOnly: !isEntry,
    bracket: isEntry ? plan.bracket : null,
  };
}

function codeOf(plan: OrderPlan): string {
  if (plan.purpose !== 'entry') return 'market-reduction';
  return plan.bracket === null ? 'market-entry' : 'market-entry-with-bracket';
}
